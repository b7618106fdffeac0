import type { CollectionView, CollectionWays } from './collection-view.ts'
import type { CollectionRow } from './store.ts'

/** How `/v1` shows a collection in lists. */
export const presentCollectionSummary = (row: CollectionRow) => ({
  ...row,
  published_at: row.published_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

/** How `/v1` shows a collection on its own. */
export const presentCollection = ({ collection, rights, counts }: CollectionView, ways: CollectionWays) => ({
  ...presentCollectionSummary(collection),
  path: rights.path,
  in_force: { metadata_blocks: ways.blocks, facets: ways.facets, input_levels: ways.inputLevels },
  counts,
  my_rights: rights.held,
})
