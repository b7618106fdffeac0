import type { Change } from '#src/database/change.ts'
import { markTold } from './harvest/store.ts'
import type { DatasetNeeds } from './needs.ts'

/** To call when what anybody may know of a dataset has changed: harvesters and the registry of its id are to hear of it. */
export async function tellOutside(
  { tellRegistry }: Pick<DatasetNeeds, 'tellRegistry'>,
  { tx }: Change,
  datasetId: number,
  now: Date,
): Promise<void> {
  await markTold(tx, [datasetId], now)
  await tellRegistry?.(tx, { dataset: datasetId })
}
