import type { Database, Tx } from '#src/database/change.ts'
import { usualBlocks, usualFacets } from '../blocks/blocks.ts'
import { collectionNotFound } from '../problems.ts'
import { demandVisible, type Rights, rightsOn } from '../rights.ts'
import type { Visitor } from '../visitor.ts'
import {
  type CollectionRow,
  countSeen,
  findCollection,
  findInherited,
  findInputLevels,
  type InputLevel,
} from './store.ts'

/** A collection by its number or alias. */
export type CollectionRef = number | string

export interface CollectionView {
  readonly collection: CollectionRow
  readonly rights: Rights
  readonly counts: { readonly collections: number; readonly datasets: number; readonly datasets_below: number }
}

/** A collection, as far as the visitor may see it. */
export async function readCollection(db: Database | Tx, visitor: Visitor, ref: CollectionRef): Promise<CollectionView> {
  const rights = await rightsOn(db, visitor, { collection: ref })
  demandVisible(rights)
  const id = rights.collectionId
  const [collection, counts] = await Promise.all([findCollection(db, id), countSeen(db, visitor, id)])
  if (!collection) throw collectionNotFound({ detail: `Collection ${id} has just been deleted.` })
  return { collection, rights, counts }
}

/** What holds in a collection, by itself or from above. */
export interface CollectionWays {
  readonly blocks: readonly string[]
  readonly facets: readonly string[]
  readonly inputLevels: readonly InputLevel[]
}

export async function waysOf(
  db: Database | Tx,
  { collectionId, path }: Pick<Rights, 'collectionId' | 'path'>,
): Promise<CollectionWays> {
  const [own, facets, inputLevels] = await Promise.all([
    findInherited(db, collectionId, 'metadata_blocks'),
    findInherited(db, collectionId, 'facets'),
    findInputLevels(
      db,
      path.map(({ id }) => id),
    ),
  ])
  return {
    blocks: own?.value ?? usualBlocks,
    facets: facets?.value ?? usualFacets,
    inputLevels,
  }
}
