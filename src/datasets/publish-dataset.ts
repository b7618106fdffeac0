import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { checkedMetadata } from './check-draft.ts'
import { holdDataset } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import {
  accessTermsMissing,
  datasetCollectionUnpublished,
  datasetLocked,
  firstVersionMinor,
  minorRefused,
  nothingToPublish,
  termsMissing,
  updateCurrentRefused,
} from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import type { Rights } from './rights.ts'
import {
  type DatasetRow,
  deleteLocks,
  deletePreviewLink,
  findDataset,
  findLocks,
  findVersion,
  findVersionBefore,
  haveSameFiles,
  releaseVersion,
  replaceReleased,
  type VersionRow,
} from './store.ts'
import { tellOutside } from './tell-outside.ts'

export type PublishType = 'major' | 'minor' | 'updatecurrent'

/**
 * Makes the draft the latest published version: 1.0 at first, then the next major or minor one; or, for administrators, puts it
 * in the place of the current one. Whatever is to happen with it happens in this change, or nothing does.
 */
export async function publishDataset(
  needs: Pick<DatasetNeeds, 'clock' | 'onPublished' | 'tellRegistry'>,
  change: Change,
  ref: DatasetRef,
  type: PublishType,
): Promise<{ datasetId: number; versionId: number; number: string }> {
  const { tx, actor } = change
  const rights = await holdDataset(change, ref, 'PublishDataset')
  const { datasetId } = rights
  const now = needs.clock.now()
  const dataset = (await findDataset(tx, datasetId))!
  if (type === 'updatecurrent' && !rights.superuser)
    throw updateCurrentRefused({ detail: 'Only administrators of the installation update the current version.' })
  const collection = rights.path.at(-1)!
  if (!collection.published)
    throw datasetCollectionUnpublished({
      detail: `The collection ${collection.alias}, in which the dataset lies, has not been published.`,
      extensions: { collection: collection.alias },
    })
  const draft = await findVersion(tx, datasetId, { kind: 'draft' })
  if (!draft)
    throw nothingToPublish({
      detail: `The latest version of ${dataset.pid} has been published already.`,
      extensions: { identifier: dataset.identifier },
    })
  await refuseLockedPublish(change, datasetId)
  await refuseUnfit(change, rights, dataset, draft)
  const latest = await findVersionBefore(tx, datasetId, draft)
  const published = await publishAs(change, { type, dataset, draft, latest, now })
  await deleteLocks(tx, datasetId, 'in_review')
  await deletePreviewLink(tx, datasetId)
  await datasetChanged(change, datasetId, now)
  await tellOutside(needs, change, datasetId, now)
  const version = { datasetId, pid: dataset.pid, versionId: published.id, number: published.number, path: rights.path }
  for (const step of needs.onPublished) await step(change, version)
  change.note({
    verb: 'dataset.published',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: {
      pid: dataset.pid,
      version: published.number,
      title: draft.title.slice(0, 200),
      by: actor.caller.accountName,
    },
  })
  return { datasetId, versionId: published.id, number: published.number }
}

async function publishAs(
  change: Change,
  {
    type,
    dataset,
    draft,
    latest,
    now,
  }: { type: PublishType; dataset: DatasetRow; draft: VersionRow; latest: VersionRow | null; now: Date },
): Promise<{ id: number; number: string }> {
  const { tx, actor } = change
  const by = actor.caller.accountId
  if (latest === null) {
    if (type !== 'major') throw firstVersionMinor({ detail: `${dataset.pid} has never been published.` })
    await releaseVersion(tx, { versionId: draft.id, datasetId: dataset.id, major: 1, minor: 0, by, now })
    return { id: draft.id, number: '1.0' }
  }
  if (type !== 'major' && !(await haveSameFiles(tx, draft.id, latest.id)))
    throw minorRefused({ detail: `The files of ${dataset.pid} are not those of ${latest.major}.${latest.minor}.` })
  if (type === 'updatecurrent') {
    if (latest.state !== 'released')
      throw updateCurrentRefused({
        detail: `Version ${latest.major}.${latest.minor} has been deaccessioned.`,
        hint: 'Publish a new version instead.',
      })
    await replaceReleased(tx, { draftId: draft.id, releasedId: latest.id, by, now })
    return { id: latest.id, number: `${latest.major}.${latest.minor}` }
  }
  const major = type === 'major' ? latest.major! + 1 : latest.major!
  const minor = type === 'major' ? 0 : latest.minor! + 1
  await releaseVersion(tx, { versionId: draft.id, datasetId: dataset.id, major, minor, by, now })
  return { id: draft.id, number: `${major}.${minor}` }
}

/** In review it waits for just this. */
async function refuseLockedPublish(change: Change, datasetId: number): Promise<void> {
  const locks = (await findLocks(change.tx, datasetId)).filter(({ type }) => type !== 'in_review')
  if (locks.length > 0)
    throw datasetLocked({
      detail: `Dataset ${datasetId} is locked: ${locks.map(({ type }) => type).join(', ')}.`,
      extensions: {
        locks: locks.map(({ type, user_name, message }) => ({ type, user_name, message })),
        publishing: true,
      },
    })
}

async function refuseUnfit(
  change: Change,
  rights: Rights,
  { access_requests }: DatasetRow,
  draft: VersionRow,
): Promise<void> {
  // What a collection asks for may have grown since it was written.
  await checkedMetadata(change.tx, draft.metadata, rights.path)
  if (draft.license === null && draft.terms.terms_of_use === undefined)
    throw termsMissing({ detail: 'The draft has neither a license nor terms of use.' })
  if (draft.restricted_count > 0 && !access_requests && draft.terms.terms_of_access === undefined)
    throw accessTermsMissing({
      detail: `${draft.restricted_count} of its files are restricted, and nothing says how they are had.`,
    })
}
