import type { Change } from '#src/database/change.ts'
import { datasetChanged } from './changed.ts'
import { checkDraft, type Written } from './check-draft.ts'
import { draftOf, holdDataset, refuseLocked } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { datasetChanged as changedMeanwhile } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { findDataset, findVersion, setAccessRequests, updateDraft, type VersionRow } from './store.ts'

/** What a change was made on the ground of: null: whatever there is. */
export type Ground = { readonly versionId: number; readonly revision: number } | null

/**
 * Writes the draft's metadata, license and terms; a dataset that has none gets one, with the files of the latest version.
 * What is written as it stands already changes nothing.
 */
export async function changeDraft(
  needs: Pick<DatasetNeeds, 'clock'>,
  change: Change,
  ref: DatasetRef,
  written: Written,
  ground: Ground = null,
): Promise<{ datasetId: number; changed: boolean }> {
  const { tx, actor } = change
  const now = needs.clock.now()
  const rights = await holdDataset(change, ref, 'EditDataset')
  const { datasetId } = rights
  await refuseLocked(change, rights)
  const before = (await findVersion(tx, datasetId, { kind: 'latest' }))!
  if (ground && (ground.versionId !== before.id || ground.revision !== before.revision))
    throw changedMeanwhile({
      detail: `Dataset ${datasetId} was changed by ${before.updated_by?.user_name ?? 'somebody'}.`,
    })
  const checked = await checkDraft(tx, written, { path: rights.path, before })
  const note =
    written.note === undefined ? (before.state === 'draft' ? before.note : null) : written.note?.trim() || null
  const dataset = (await findDataset(tx, datasetId))!
  const requests = written.access_requests ?? dataset.access_requests
  if (requests === dataset.access_requests && isSame(before, { ...checked, note })) return { datasetId, changed: false }
  const { draft, created } = await draftOf(change, rights, now)
  await updateDraft(tx, draft.id, { ...checked, note, by: actor.caller.accountId, now })
  if (requests !== dataset.access_requests) await setAccessRequests(tx, datasetId, requests)
  await datasetChanged(change, datasetId, now)
  change.note({
    verb: 'dataset.draft_changed',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: { pid: dataset.pid, title: checked.title.slice(0, 200), new_draft: created },
  })
  return { datasetId, changed: true }
}

type Content = Pick<VersionRow, 'metadata' | 'terms' | 'note'> & { readonly licenseId: number | null }

const isSame = (before: VersionRow, after: Content): boolean =>
  before.note === after.note &&
  (before.license?.id ?? null) === after.licenseId &&
  textOf(before.terms) === textOf(after.terms) &&
  textOf(before.metadata) === textOf(after.metadata)

/** PostgreSQL keeps members of an object in an order of its own. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
