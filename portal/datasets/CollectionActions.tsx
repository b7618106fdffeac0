import type { CollectionView } from './dataset.ts'

/** What one may do with a collection: buttons beside its heading, for those who may. */
export function CollectionActions(_: { collection: CollectionView }) {
  return null
}
