import { anonymous } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Lock } from './dataset-view.ts'
import { datasetNotFound } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { rightsOn } from './rights.ts'
import { findDataset } from './store.ts'

/** What locks a dataset, for whoever waits for its end: tools that poll may not even hold a right on it. */
export async function listLocks(db: Database | Tx, ref: DatasetRef): Promise<{ pid: string; locks: readonly Lock[] }> {
  const { datasetId } = await rightsOn(db, anonymous, { dataset: ref })
  const dataset = await findDataset(db, datasetId!)
  if (!dataset) throw datasetNotFound({ detail: `Dataset ${datasetId} has just been deleted.` })
  return { pid: dataset.pid, locks: dataset.locks.map((lock) => ({ ...lock, created_at: new Date(lock.created_at) })) }
}
