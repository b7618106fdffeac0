import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { namedFor } from './may-see-subscription.ts'
import { countSubscriptions, findSubscriptions, type Subscription, type SubscriptionFilter } from './store.ts'

type Ask = Pick<SubscriptionFilter, 'state' | 'report' | 'search'> & { readonly own?: boolean | undefined }

/** By name; what the caller may not see is not there. */
export async function listSubscriptions(
  { db }: { db: Database },
  caller: Caller,
  { own, ...ask }: Ask,
  page: Parameters<typeof findSubscriptions>[2],
): Promise<{ subscriptions: Subscription[]; total: number }> {
  const filter = {
    ...ask,
    ids: namedFor(caller),
    orOwnedBy: caller.via === 'session' ? caller.accountId : null,
    ...(own && caller.accountId !== null && { ownedBy: caller.accountId }),
  }
  const [subscriptions, total] = await Promise.all([
    findSubscriptions(db, filter, page),
    countSubscriptions(db, filter),
  ])
  return { subscriptions, total }
}

/** For `reports/`, which deletes no report that one of these needs. */
export async function usesOfReport(db: Database, report: string) {
  const all = { ids: null, orOwnedBy: null, report }
  const found = await findSubscriptions(db, all, { after: null, limit: 20 })
  return found.map(({ id, definition }) => ({ kind: 'subscription', id, label: definition.name }))
}
