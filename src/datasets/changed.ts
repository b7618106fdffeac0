import type { Change } from '#src/database/change.ts'
import { touchCollection } from './collections/store.ts'
import { indexCollection } from './search/index-collection.ts'
import { indexDataset } from './search/index-dataset.ts'
import { touchDataset } from './store.ts'

/** To call at the end of every change to what can be read or found of a dataset. `files`: of its files, only these changed. */
export async function datasetChanged(
  change: Change,
  datasetId: number,
  now: Date,
  { files }: { files?: readonly number[] } = {},
): Promise<void> {
  await touchDataset(change.tx, datasetId, now)
  await indexDataset(change.tx, datasetId, { files })
}

/** The same of a collection; what lies below it follows by itself where it was moved. */
export async function collectionChanged(change: Change, collectionId: number, now: Date): Promise<void> {
  await touchCollection(change.tx, collectionId, now)
  await indexCollection(change.tx, collectionId)
}
