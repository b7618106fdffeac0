import type { Database } from '#src/database/change.ts'
import { listResources } from '#src/imports/list-resources.ts'

const midnight = (day: string): string => `${day} 00:00:00`
const lastSecond = (day: string): string => `${day} 23:59:59`

/** All resources by name, also those without jobs; or those of one organisation, by its abbreviation. */
export async function listResourcesByName(db: Database, provider: string | undefined) {
  const found = await listResources({ db }, provider === undefined ? {} : { organization: provider })
  const named = found.map((resource) => {
    const name = resource.code.replaceAll('-', ' ')
    const first = resource.specifications.at(0)
    const last = resource.specifications.at(-1)
    const listed = {
      resource_name: name,
      resource_id: String(resource.id),
      start_date: first ? midnight(first.validFrom) : '0000-00-00 00:00:00',
      end_date: last?.validTo ? lastSecond(last.validTo) : null,
      resource_type: resource.type,
      allocation_type: resource.allocationType,
    }
    return [name, listed] as const
  })
  // Clients know "none" by an empty list, not an empty object.
  return { success: true as const, results: named.length === 0 ? ([] as []) : Object.fromEntries(named) }
}
