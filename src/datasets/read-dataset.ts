import type { Database, Tx } from '#src/database/change.ts'
import { cite, citedOf } from './citation.ts'
import { type DatasetView, type Lock, numberOf, type VersionView } from './dataset-view.ts'
import type { DatasetNeeds } from './needs.ts'
import { addressOf } from './pid.ts'
import { versionNameInvalid, versionNotFound } from './problems.ts'
import { demandVisible, type Rights, rightsOn } from './rights.ts'
import { type DatasetRow, findDataset, findVersion, type VersionRow, type VersionWanted } from './store.ts'
import type { Visitor } from './visitor.ts'

/** A dataset by its number or persistent id; both may come as text. */
export type DatasetRef = number | string

export interface ReadOptions {
  /**
   * Whether versions that were deaccessioned are shown: as what is left of them, with the reason. Who may see drafts is shown
   * them in any case. `latest` and `latest-published` mean one only where no other is left.
   */
  readonly deaccessioned?: boolean
}

type ReadNeeds = Pick<DatasetNeeds, 'pids' | 'publisher'> & { readonly db: Database | Tx }

/**
 * A dataset in one of its versions, as far as the visitor may see it: `draft`, `latest` (the draft for those who may see it,
 * else the latest published), `latest-published`, `1.0`. Three questions to the database.
 */
export async function readDataset(
  needs: ReadNeeds,
  visitor: Visitor,
  ref: DatasetRef,
  version = 'latest',
  options: ReadOptions = {},
): Promise<DatasetView> {
  const rights = await rightsOn(needs.db, visitor, { dataset: ref })
  return readWithRights(needs, rights, version, options)
}

/** The same for whoever has asked for the rights already. */
export async function readWithRights(
  needs: ReadNeeds,
  rights: Rights,
  version = 'latest',
  { deaccessioned = false }: ReadOptions = {},
): Promise<DatasetView> {
  demandVisible(rights)
  const id = rights.datasetId!
  const tombstone = deaccessioned || rights.mayWithoutLink('ViewUnpublishedDataset')
  const wanted = wantedOf(version, rights, tombstone)
  const [dataset, found] = await Promise.all([findDataset(needs.db, id), findVersion(needs.db, id, wanted)])
  if (!dataset || !found || (found.state === 'deaccessioned' && !tombstone))
    throw versionNotFound({ detail: `Dataset ${id} has no version ${version} that you may see.` })
  return viewOf(needs, rights, dataset, found)
}

/** The version that a name means for who has these rights. */
export function wantedOf(version: string, rights: Rights, tombstone = false): VersionWanted {
  const drafts = rights.may('ViewUnpublishedDataset')
  // Replies call it DRAFT, and what they say may be asked again.
  if (version === 'draft' || version === 'DRAFT') {
    rights.demand('ViewUnpublishedDataset')
    return { kind: 'draft' }
  }
  if (version === 'latest' && drafts) return { kind: 'latest' }
  if (version === 'latest' || version === 'latest-published') return { kind: 'latest-published', tombstone }
  const [, major, minor = '0'] = /^(\d{1,6})(?:\.(\d{1,6}))?$/.exec(version) ?? []
  if (major === undefined)
    throw versionNameInvalid({ detail: `${JSON.stringify(version.slice(0, 40))} names no version.` })
  return { kind: 'number', major: Number(major), minor: Number(minor) }
}

export function viewOf(
  { pids, publisher }: Pick<ReadNeeds, 'pids' | 'publisher'>,
  rights: Rights,
  row: DatasetRow,
  found: VersionRow,
): DatasetView {
  const { locks, collection_id: _, told_at, ...facts } = row
  const url = addressOf(row, pids.siteAddress)
  // That there is a draft, and when somebody worked on it, is for those who may see it.
  const shown = rights.may('ViewUnpublishedDataset') ? facts : { ...facts, updated_at: told_at, has_draft: false }
  const dataset = { ...shown, url }
  const version = versionView(found)
  return {
    dataset,
    path: rights.path,
    version,
    locks: locksShown(rights, locks),
    rights,
    citation: cite(citedOf({ dataset, version }, publisher)),
  }
}

/** What is in review is a draft, of which not everybody knows. */
export function locksShown({ may }: Pick<Rights, 'may'>, locks: DatasetRow['locks']): Lock[] {
  const knows = may('ViewUnpublishedDataset') || may('EditDataset')
  return locks
    .filter(({ type }) => knows || type !== 'in_review')
    .map((lock) => ({ ...lock, created_at: new Date(lock.created_at) }))
}

export function versionView(row: VersionRow): VersionView {
  const { file_count, file_bytes, restricted_count, deaccessioned_at, deaccession_reason, deaccession_url, ...facts } =
    row
  return {
    ...facts,
    number: numberOf(row),
    deaccession:
      deaccessioned_at === null ? null : { at: deaccessioned_at, reason: deaccession_reason, url: deaccession_url },
    files: { count: file_count, bytes: file_bytes, restricted: restricted_count },
  }
}
