import type { Database } from '#src/database/change.ts'
import * as store from './store.ts'

export interface ListedResource extends store.Resource {
  readonly specifications: readonly store.Specification[]
}

/** Every resource, by code, also those without jobs; with `organization`, only those of that abbreviation. */
export async function listResources(
  { db }: { db: Database },
  ask: { organization?: string } = {},
): Promise<ListedResource[]> {
  const listed: ListedResource[] = []
  for (const resource of await store.resources(db)) {
    if (ask.organization !== undefined && resource.organizationAbbreviation !== ask.organization) continue
    listed.push({ ...resource, specifications: await store.specifications(db, resource.id) })
  }
  return listed
}
