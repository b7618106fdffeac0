import type { Caller } from '#src/access/caller.ts'
import { mayRead } from '#src/warehouse/reading.ts'
import type { RealmNeeds } from './needs.ts'
import { allRealms, none, type Realm, sortedBy, usableDimensions } from './realms.ts'

type Described<T> = Record<string, T>

/** Everything that this caller may ask, in the order in which clients show it. */
export function describeRealms({ warehouse, organization }: RealmNeeds, caller: Caller) {
  const realms = allRealms(warehouse.shelf).filter(({ catalogue }) => mayRead(catalogue, caller, 'query'))
  const described = realms.map((realm) => [realm.id, describeRealm(realm, caller, organization)] as const)
  return { totalCount: 1 as const, data: [{ realms: Object.fromEntries(described) }] as const }
}

function describeRealm(realm: Realm, caller: Caller, organization: string) {
  const { catalogue } = realm
  const metrics: Described<{ text: string; info: string; std_err: boolean; hidden_groupbys: string[] }> = {}
  for (const metric of sortedBy(catalogue.metrics, ({ label }) => label)) {
    if (metric.hidden) continue
    const std_err = metric.standardError !== null
    metrics[metric.name] = { text: metric.label, info: metric.description, std_err, hidden_groupbys: [] }
  }
  const dimensions: Described<{ text: string; info: string }> = {
    [none.id]: { text: none.label, info: `Everything together, reported for ${organization}.` },
  }
  for (const dimension of sortedBy(usableDimensions(realm, caller), ({ label }) => label))
    if (!dimension.hidden) dimensions[dimension.name] = { text: dimension.label, info: dimension.description }
  // The client reads the label from `category`; `text` repeats the id.
  return { metrics, dimensions, text: realm.id, category: catalogue.label }
}
