import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { keep } from './collections/change-collection.ts'
import type { CollectionRef } from './collections/collection-view.ts'
import { markTold } from './harvest/store.ts'
import { holdDataset, refuseLocked } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { moveImpossible } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { setCollection } from './store.ts'

/** Puts a dataset into another collection: for those who publish it where it is, and may add datasets where it goes. */
export async function moveDataset(
  needs: Pick<DatasetNeeds, 'clock'>,
  change: Change,
  ref: DatasetRef,
  to: CollectionRef,
): Promise<{ datasetId: number; changed: boolean }> {
  const { tx } = change
  const rights = await holdDataset(change, ref, 'EditDataset')
  rights.demand('PublishDataset')
  const target = await keep(change, to, 'AddDataset')
  const { datasetId } = rights
  if (target.collectionId === rights.collectionId) return { datasetId, changed: false }
  await refuseLocked(change, rights)
  const from = rights.path.at(-1)!
  const place = target.path.at(-1)!
  if (rights.published && !place.published)
    throw moveImpossible({ detail: `The dataset is published, and the collection ${place.alias} is not.` })
  const now = needs.clock.now()
  await setCollection(tx, datasetId, place.id)
  // Harvesters know it by the collections that it lies in; to the registry they are nothing.
  if (rights.published) await markTold(tx, [datasetId], now)
  await datasetChanged(change, datasetId, now)
  change.note({
    verb: 'dataset.moved',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { from: from.alias, to: place.alias },
  })
  return { datasetId, changed: true }
}
