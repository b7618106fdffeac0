import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { holdDataset, refuseLocked } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { adminsOnly, draftNotFound, inReview, lockHeld, notInReview } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { deleteLocks, findLocks, findVersion, insertLock } from './store.ts'
import type { LockType } from './words.ts'

type Needs = Pick<DatasetNeeds, 'clock'>

/** Hands a draft to those who publish in its collection; until they have, or returned it, its author changes nothing. */
export async function submitForReview(needs: Needs, change: Change, ref: DatasetRef): Promise<{ datasetId: number }> {
  const { tx, actor } = change
  const rights = await holdDataset(change, ref, 'EditDataset')
  const { datasetId } = rights
  const locks = await findLocks(tx, datasetId)
  if (locks.some(({ type }) => type === 'in_review')) throw inReview({ detail: `Dataset ${datasetId} is in review.` })
  await refuseLocked(change, rights)
  if (!(await findVersion(tx, datasetId, { kind: 'draft' })))
    throw draftNotFound({ detail: `Dataset ${datasetId} has no draft to review.` })
  const now = needs.clock.now()
  await insertLock(tx, { datasetId, type: 'in_review', by: actor.caller.accountId, message: '', now })
  await datasetChanged(change, datasetId, now)
  change.note({ verb: 'dataset.submitted', subjectType: 'dataset', subjectId: String(datasetId) })
  return { datasetId }
}

/** Gives a draft back to its author, with the reason. */
export async function returnToAuthor(
  needs: Needs,
  change: Change,
  ref: DatasetRef,
  { reason }: { reason: string },
): Promise<{ datasetId: number }> {
  const rights = await holdDataset(change, ref, 'PublishDataset')
  const { datasetId } = rights
  if ((await deleteLocks(change.tx, datasetId, 'in_review')) === 0)
    throw notInReview({ detail: `Dataset ${datasetId} is not in review.` })
  await datasetChanged(change, datasetId, needs.clock.now())
  change.note({
    verb: 'dataset.returned',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { reason: reason.slice(0, 1000) },
  })
  return { datasetId }
}

/** Stops edits, whoever wants them: for administrators of the installation. */
export async function addLock(
  needs: Needs,
  change: Change,
  ref: DatasetRef,
  type: LockType,
): Promise<{ datasetId: number }> {
  const { tx, actor } = change
  const rights = await holdDataset(change, ref, 'EditDataset')
  if (!rights.superuser) throw adminsOnly({ detail: 'Only administrators lock datasets.' })
  const { datasetId } = rights
  const now = needs.clock.now()
  if (!(await insertLock(tx, { datasetId, type, by: actor.caller.accountId, message: '', now })))
    throw lockHeld({ detail: `Dataset ${datasetId} has a lock ${type} already.`, extensions: { lock: type } })
  change.note({ verb: 'dataset.locked', subjectType: 'dataset', subjectId: String(datasetId), detail: { lock: type } })
  return { datasetId }
}

/** Takes locks off again: one type, or all. */
export async function removeLocks(
  change: Change,
  ref: DatasetRef,
  type: LockType | null,
): Promise<{ datasetId: number; removed: number }> {
  const rights = await holdDataset(change, ref, 'EditDataset')
  if (!rights.superuser) throw adminsOnly({ detail: 'Only administrators unlock datasets.' })
  const { datasetId } = rights
  const removed = await deleteLocks(change.tx, datasetId, type)
  change.note({
    verb: 'dataset.unlocked',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { lock: type ?? 'all', removed },
  })
  return { datasetId, removed }
}
