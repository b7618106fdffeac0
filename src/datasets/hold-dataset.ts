import type { Change } from '#src/database/change.ts'
import { datasetLocked, datasetNotFound } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { type Rights, rightsOn } from './rights.ts'
import { copyToDraft, findLocks, findVersion, lockDataset, type VersionRow } from './store.ts'
import type { LockType, RepositoryPermission } from './words.ts'

/** The dataset, held against other changes until the change ends, for a caller who has the right on it. */
export async function holdDataset(
  change: Change,
  ref: DatasetRef,
  right: RepositoryPermission,
): Promise<Rights & { datasetId: number }> {
  const { tx, actor } = change
  const before = await rightsOn(tx, actor.caller, { dataset: ref })
  before.demand(right)
  const datasetId = before.datasetId!
  if (!(await lockDataset(tx, datasetId)))
    throw datasetNotFound({ detail: `Dataset ${datasetId} has just been deleted.` })
  // While we waited it may have been moved to where they hold something else, or published.
  const rights = await rightsOn(tx, actor.caller, { dataset: datasetId })
  rights.demand(right)
  return { ...rights, datasetId }
}

/** What stops edits for everybody. In review it is those who publish there that may edit. */
const editLocks: ReadonlySet<LockType> = new Set(['ingest', 'workflow', 'publishing', 'editing'])

export async function refuseLocked(change: Change, rights: Rights & { datasetId: number }): Promise<void> {
  const locks = await findLocks(change.tx, rights.datasetId)
  const held = locks.filter(
    ({ type }) => editLocks.has(type) || (type === 'in_review' && !rights.may('PublishDataset')),
  )
  if (held.length > 0)
    throw datasetLocked({
      detail: `Dataset ${rights.datasetId} is locked: ${held.map(({ type }) => type).join(', ')}.`,
      extensions: { locks: held.map(({ type, user_name, message }) => ({ type, user_name, message })) },
    })
}

/** What is edited: the draft, made of the latest version where there is none. `created`: it was made just now. */
export interface OpenDraft {
  readonly rights: Rights & { datasetId: number }
  readonly draft: VersionRow
  readonly created: boolean
}

/**
 * The draft of a dataset, ready to be changed; the dataset is held, so that however many write at once, all write into the
 * same. For whoever holds EditDataset, while nothing locks it.
 */
export async function openDraft(change: Change, ref: DatasetRef, now: Date): Promise<OpenDraft> {
  const rights = await holdDataset(change, ref, 'EditDataset')
  await refuseLocked(change, rights)
  return draftOf(change, rights, now)
}

export async function draftOf(change: Change, rights: Rights & { datasetId: number }, now: Date): Promise<OpenDraft> {
  const { tx, actor } = change
  const { datasetId } = rights
  const latest = (await findVersion(tx, datasetId, { kind: 'latest' }))!
  if (latest.state === 'draft') return { rights, draft: latest, created: false }
  await copyToDraft(tx, latest.id, { by: actor.caller.accountId, now })
  return { rights, draft: (await findVersion(tx, datasetId, { kind: 'draft' }))!, created: true }
}
