import type { DatasetView } from './dataset.ts'

/** What one may do with a dataset: buttons beside its heading, for those who may. */
export function DatasetActions(_: { dataset: DatasetView }) {
  return null
}
