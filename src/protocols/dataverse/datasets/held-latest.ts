import type { Change } from '#src/database/change.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { holdDataset } from '#src/datasets/hold-dataset.ts'
import { readWithRights } from '#src/datasets/read-dataset.ts'
import type { RepositoryNeeds } from '../needs.ts'

/** The latest version, held so that nobody changes it beside us, as what this change builds on. */
export async function heldLatest(
  { datasets }: Pick<RepositoryNeeds, 'datasets'>,
  change: Change,
  ref: string,
): Promise<DatasetView> {
  const rights = await holdDataset(change, ref, 'EditDataset')
  // Who does not see the draft would write over it what was published before.
  rights.demand('ViewUnpublishedDataset')
  return readWithRights({ ...datasets, db: change.tx }, rights)
}
