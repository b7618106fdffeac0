import { randomUUID } from 'node:crypto'
import type { Caller } from '#src/access/caller.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { holdDataset } from './hold-dataset.ts'
import type { DatasetNeeds } from './needs.ts'
import { previewExists, previewNotFound, previewWithoutDraft } from './problems.ts'
import type { DatasetRef } from './read-dataset.ts'
import { type Rights, rightsOn } from './rights.ts'
import { deletePreviewLink, findPreviewLink, findVersion, insertPreviewLink } from './store.ts'
import { hashOfPreview } from './visitor.ts'

export interface PreviewLink {
  readonly datasetId: number
  /** A UUID. Whoever shows it reads the draft and its files. */
  readonly secret: string
  readonly created_at: Date
}

const sealedFor = (datasetId: number): string => `preview_links:${datasetId}`

/** Makes the link to a draft: for those who edit it and may themselves see what it opens. */
export async function makePreviewLink(
  needs: Pick<DatasetNeeds, 'clock' | 'sealer'>,
  change: Change,
  ref: DatasetRef,
): Promise<PreviewLink> {
  const { tx, actor } = change
  const rights = await holdDataset(change, ref, 'EditDataset')
  demandOpened(rights)
  const { datasetId } = rights
  if (!(await findVersion(tx, datasetId, { kind: 'draft' })))
    throw previewWithoutDraft({ detail: `The latest version of dataset ${datasetId} is not a draft.` })
  if (await findPreviewLink(tx, datasetId))
    throw previewExists({ detail: `Dataset ${datasetId} has a preview link already.` })
  const secret = randomUUID()
  const now = needs.clock.now()
  const sealed = needs.sealer.seal(secret, sealedFor(datasetId))
  await insertPreviewLink(tx, { datasetId, hash: hashOfPreview(secret), sealed, by: actor.caller.accountId, now })
  change.note({ verb: 'dataset.preview_link_made', subjectType: 'dataset', subjectId: String(datasetId) })
  return { datasetId, secret, created_at: now }
}

/** The link, for those who could have made it. */
export async function readPreviewLink(
  { sealer }: Pick<DatasetNeeds, 'sealer'>,
  db: Database | Tx,
  caller: Caller,
  ref: DatasetRef,
): Promise<PreviewLink> {
  const rights = await rightsOn(db, caller, { dataset: ref })
  rights.demand('EditDataset')
  demandOpened(rights)
  const datasetId = rights.datasetId!
  const link = await findPreviewLink(db, datasetId)
  const secret = link && sealer.open(link.secret_sealed, sealedFor(datasetId))
  if (!link || secret === null) throw noLink(datasetId)
  return { datasetId, secret, created_at: link.created_at }
}

/** Ends the link. */
export async function endPreviewLink(change: Change, ref: DatasetRef): Promise<{ datasetId: number }> {
  const { datasetId } = await holdDataset(change, ref, 'EditDataset')
  if (!(await deletePreviewLink(change.tx, datasetId))) throw noLink(datasetId)
  change.note({ verb: 'dataset.preview_link_ended', subjectType: 'dataset', subjectId: String(datasetId) })
  return { datasetId }
}

/** A link goes on when the role or the token that it was made with has ended, so it opens nothing that they do not. */
function demandOpened(rights: Rights): void {
  rights.demand('ViewUnpublishedDataset')
  rights.demand('DownloadFile')
}

const noLink = (datasetId: number) => previewNotFound({ detail: `Dataset ${datasetId} has no preview link.` })
