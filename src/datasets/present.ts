import type { Differences, FileChange } from './compare-versions.ts'
import { differenceNumbers } from './compare-versions.ts'
import { type DatasetView, type Lock, numberOf, type VersionView } from './dataset-view.ts'
import type { DatasetSummaryRow } from './list-store.ts'
import { addressOf } from './pid.ts'
import type { ComparedFile } from './store.ts'

/** How `/v1` shows what acts return. */

const moment = (at: Date): string => at.toISOString()
const momentOr = (at: Date | null): string | null => at?.toISOString() ?? null

export const presentLock = ({ created_at, ...lock }: Lock) => ({ ...lock, created_at: moment(created_at) })

export const presentVersion = (version: VersionView) => ({
  ...version,
  created_at: moment(version.created_at),
  updated_at: moment(version.updated_at),
  released_at: momentOr(version.released_at),
  deaccession: version.deaccession && { ...version.deaccession, at: moment(version.deaccession.at) },
})

export const presentDataset = ({ dataset, path, version, locks, rights, citation }: DatasetView) => ({
  ...dataset,
  path,
  created_at: moment(dataset.created_at),
  updated_at: moment(dataset.updated_at),
  published_at: momentOr(dataset.published_at),
  has_draft: rights.may('ViewUnpublishedDataset') ? dataset.has_draft : null,
  version: presentVersion(version),
  locks: locks.map(presentLock),
  my_rights: rights.held,
  citation,
})

export const presentDatasetSummary = ({ changed_at: _, ...row }: DatasetSummaryRow, siteAddress: string) => ({
  ...row,
  url: addressOf(row, siteAddress),
  version: numberOf(row),
  created_at: moment(row.created_at),
  updated_at: moment(row.updated_at),
  published_at: momentOr(row.published_at),
})

const presentFile = ({ file_id, root_file_id: _, label, ...file }: ComparedFile) => ({
  id: file_id,
  name: label,
  ...file,
})
const presentFileChange = ({ before, after, members }: FileChange) => ({
  before: presentFile(before),
  after: presentFile(after),
  members: members.map((member) => (member === 'label' ? 'name' : member)),
})

export function presentDifferences(differences: Differences) {
  const { metadata, terms, files } = differences
  return {
    ...differenceNumbers(differences),
    metadata: metadata.map(({ displayName, ...change }) => ({ ...change, display_name: displayName })),
    terms,
    files: {
      added: files.added.map(presentFile),
      removed: files.removed.map(presentFile),
      replaced: files.replaced.map(presentFileChange),
      changed: files.changed.map(presentFileChange),
    },
  }
}
