import type { Database } from '#src/database/change.ts'
import { demandVisible, rightsOn } from '../rights.ts'
import type { Visitor } from '../visitor.ts'
import type { CollectionRef } from './collection-view.ts'
import { type CollectionRow, type ContentRow, findCollections, findContents } from './store.ts'

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

/** What lies directly in a collection, as far as the visitor sees it. */
export async function listContents(
  db: Database,
  who: Visitor,
  ref: CollectionRef,
  page: { readonly after: readonly [kind: number, title: string, id: number] | null; readonly limit: number },
): Promise<ContentRow[]> {
  return findContents(db, who, await seen(db, who, ref), page)
}

async function seen(db: Database, who: Visitor, ref: CollectionRef): Promise<number> {
  const rights = await rightsOn(db, who, { collection: ref })
  demandVisible(rights)
  return rights.collectionId
}
