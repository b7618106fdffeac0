import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { isRegistered } from './datacite/store.ts'
import { holdDataset, refuseLocked } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { adminsOnly, datasetNotFound, datasetPublished, draftNotFound } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { rightsOn } from './rights.ts'
import {
  countPublishedVersions,
  deleteDatasetRow,
  deleteDraftRow,
  deleteLocks,
  deletePreviewLink,
  findDataset,
  findVersion,
  lockDataset,
} from './store.ts'

/** Throws the draft of a published dataset away; one that was never published goes as a whole. */
export async function deleteDraft(
  needs: Pick<DatasetNeeds, 'clock'>,
  change: Change,
  ref: DatasetRef,
): Promise<{ datasetId: number; whole: boolean }> {
  const { tx } = change
  const rights = await holdDataset(change, ref, 'DeleteDatasetDraft')
  const { datasetId } = rights
  await refuseLocked(change, rights)
  const draft = await findVersion(tx, datasetId, { kind: 'draft' })
  if (!draft) throw draftNotFound({ detail: `Dataset ${datasetId} has no draft.` })
  if ((await countPublishedVersions(tx, datasetId)) === 0) {
    await deleteWhole(change, datasetId, 'dataset.deleted')
    return { datasetId, whole: true }
  }
  const { pid } = (await findDataset(tx, datasetId))!
  await deleteDraftRow(tx, { draftId: draft.id, datasetId })
  await deletePreviewLink(tx, datasetId)
  await deleteLocks(tx, datasetId, 'in_review')
  await datasetChanged(change, datasetId, needs.clock.now())
  change.note({ verb: 'dataset.draft_deleted', subjectType: 'dataset', subjectId: String(datasetId), detail: { pid } })
  return { datasetId, whole: false }
}

/** Deletes a dataset that was never published. Of one that was, only a draft is deleted (`deleteDraft`). */
export async function deleteDataset(change: Change, ref: DatasetRef): Promise<{ datasetId: number }> {
  const { tx } = change
  const rights = await holdDataset(change, ref, 'DeleteDatasetDraft')
  const { datasetId } = rights
  const versions = await countPublishedVersions(tx, datasetId)
  if (versions > 0) {
    const draft = await findVersion(tx, datasetId, { kind: 'draft' })
    throw datasetPublished({
      detail: `Dataset ${datasetId} has been published.`,
      extensions: { versions, has_draft: draft !== null },
    })
  }
  await refuseLocked(change, rights)
  await deleteWhole(change, datasetId, 'dataset.deleted')
  return { datasetId }
}

/** Deletes a dataset with all that was published of it: for administrators of the installation. */
export async function destroyDataset(
  { tellRegistry }: Pick<DatasetNeeds, 'tellRegistry'>,
  change: Change,
  ref: DatasetRef,
): Promise<{ datasetId: number; pid: string }> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, { dataset: ref })
  rights.demand('DeleteDatasetDraft')
  if (!rights.superuser) throw adminsOnly({ detail: 'Only administrators destroy datasets.' })
  const datasetId = rights.datasetId!
  if (!(await lockDataset(tx, datasetId)))
    throw datasetNotFound({ detail: `Dataset ${datasetId} has just been deleted.` })
  const registered = await isRegistered(tx, datasetId)
  const pid = await deleteWhole(change, datasetId, 'dataset.destroyed')
  if (registered) await tellRegistry?.(tx, { goneDoi: pid.replace(/^doi:/, '') })
  return { datasetId, pid }
}

async function deleteWhole(
  change: Change,
  datasetId: number,
  verb: 'dataset.deleted' | 'dataset.destroyed',
): Promise<string> {
  const { pid, latest_published } = (await findDataset(change.tx, datasetId))!
  const { title } = (await findVersion(change.tx, datasetId, { kind: 'latest' }))!
  await deleteDatasetRow(change.tx, datasetId)
  change.note({
    verb,
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { pid, title: title.slice(0, 200), ...(latest_published && { version: latest_published }) },
  })
  return pid
}
