import type { Change } from '#src/database/change.ts'
import { touchCollection } from './collections/store.ts'
import { touchDataset } from './store.ts'

/** To call at the end of every change to what can be read or found of a dataset. */
export async function datasetChanged(change: Change, datasetId: number, now: Date): Promise<void> {
  await touchDataset(change.tx, datasetId, now)
}

/** The same of a collection, with all below it where `below` says so: it lies elsewhere now, or is called otherwise. */
export async function collectionChanged(
  change: Change,
  collectionId: number,
  now: Date,
  _options: { below?: boolean } = {},
): Promise<void> {
  await touchCollection(change.tx, collectionId, now)
}
