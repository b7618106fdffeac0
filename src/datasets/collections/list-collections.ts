import type { Database } from '#src/database/change.ts'
import { demandVisible, rightsOn } from '../rights.ts'
import type { Visitor } from '../visitor.ts'
import type { CollectionRef } from './collection-view.ts'
import { type CollectionRow, type ContentRow, findCollections, findCollectionsIn, findDatasetsIn } from './store.ts'

/** Collections that the visitor sees, by name; of one `parent`, or of all; `takesDatasets`: into which they may put datasets. */
export async function listCollections(
  db: Database,
  who: Visitor,
  filter: {
    readonly parent?: CollectionRef | undefined
    readonly search?: string | undefined
    readonly takesDatasets?: boolean | undefined
  },
  page: { readonly after: readonly [name: string, id: number] | null; readonly limit: number },
): Promise<CollectionRow[]> {
  const { parent, ...rest } = filter
  const parentId = parent === undefined ? undefined : await seen(db, who, parent)
  return findCollections(db, who, { parentId, ...rest }, page)
}

/** Where a list of what lies in a collection goes on: collections come first, by name, then datasets by number. */
export type ContentPlace = readonly ['collection', name: string, id: number] | readonly ['dataset', id: number]

/** What lies directly in a collection, as far as the visitor sees it. */
export async function listContents(
  db: Database,
  who: Visitor,
  ref: CollectionRef,
  { after, limit }: { readonly after: ContentPlace | null; readonly limit: number },
): Promise<ContentRow[]> {
  const id = await seen(db, who, ref)
  if (after?.[0] === 'dataset') return findDatasetsIn(db, who, id, { after: after[1], limit })
  const collections = await findCollectionsIn(db, who, id, {
    after: after === null ? null : [after[1], after[2]],
    limit,
  })
  const left = limit - collections.length
  return left === 0 ? collections : [...collections, ...(await findDatasetsIn(db, who, id, { after: 0, limit: left }))]
}

async function seen(db: Database, who: Visitor, ref: CollectionRef): Promise<number> {
  const rights = await rightsOn(db, who, { collection: ref })
  demandVisible(rights)
  return rights.collectionId
}
