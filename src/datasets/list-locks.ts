import type { Database, Tx } from '#src/database/change.ts'
import type { Lock } from './dataset-view.ts'
import { datasetNotFound } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { locksShown } from './read-dataset.ts'
import { demandVisible, rightsOn } from './rights.ts'
import { findDataset } from './store.ts'
import type { Visitor } from './visitor.ts'

/** What locks a dataset, for whoever may know of it: tools wait for its end. */
export async function listLocks(
  db: Database | Tx,
  who: Visitor,
  ref: DatasetRef,
): Promise<{ pid: string; locks: readonly Lock[] }> {
  const rights = await rightsOn(db, who, { dataset: ref })
  demandVisible(rights)
  const { datasetId } = rights
  const dataset = await findDataset(db, datasetId!)
  if (!dataset) throw datasetNotFound({ detail: `Dataset ${datasetId} has just been deleted.` })
  return { pid: dataset.pid, locks: locksShown(rights, dataset.locks) }
}
