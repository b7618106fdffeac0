import type { DatasetView } from '../dataset-view.ts'
import { readDataset } from '../read-dataset.ts'
import type { Visitor } from '../visitor.ts'
import { mayDownload } from './may-download.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { statesSeen } from './see-file.ts'
import {
  countVersionFiles,
  type FileCounts,
  type FileFilter,
  type FileOrder,
  findVersionFiles,
  type PlaceKey,
  sumVersionFiles,
} from './store.ts'
import { type Access, accessOf, type VersionFile } from './version-file.ts'

export type ListedFile = VersionFile & {
  readonly access: Access
  readonly mayDownload: boolean
  /** Where it stands in the list, for the page after it. */
  readonly place: PlaceKey
}

export interface FileListAsk extends FileFilter {
  readonly order?: FileOrder
  readonly limit?: number
  readonly after?: PlaceKey | null
  readonly offset?: number
}

type ListNeeds = Omit<FileNeeds, 'contents' | 'changer' | 'downloads' | 'limits'>

/** The files of a version of a dataset, for one caller; of one that was withdrawn only for those who may see drafts. */
export async function listFiles(
  needs: ListNeeds,
  who: Visitor,
  ref: number | string,
  version: string,
  ask: FileListAsk = {},
): Promise<{ view: DatasetView; files: ListedFile[]; total: number; bytes: number }> {
  const view = await readDataset(needs, who, ref, version)
  return { view, ...(await listVersionFiles(needs, view, ask)) }
}

/** The same of a dataset that was read already. */
export async function listVersionFiles(
  needs: ListNeeds,
  view: Pick<DatasetView, 'version' | 'rights'>,
  ask: FileListAsk = {},
): Promise<{ files: ListedFile[]; total: number; bytes: number }> {
  const { order = 'path', limit, after, offset, ...filter } = ask
  if (!areShown(view)) return { files: [], total: 0, bytes: 0 }
  const today = todayOf(needs)
  const [rows, sum] = await Promise.all([
    findVersionFiles(needs.db, view.version.id, { filter, order, today, limit, after, offset }),
    sumVersionFiles(needs.db, view.version.id, filter, today),
  ])
  const open = await mayDownload(needs.db, view.rights, rows, today)
  return {
    files: rows.map((file) => ({ ...file, access: accessOf(file, today), mayDownload: open.has(file.id) })),
    ...sum,
  }
}

export async function countFiles(
  needs: ListNeeds,
  who: Visitor,
  ref: number | string,
  version: string,
  filter: FileFilter,
): Promise<FileCounts> {
  const view = await readDataset(needs, who, ref, version)
  if (!areShown(view)) return { total: 0, bytes: 0, types: [], access: [], categories: [], tags: [], directories: [] }
  return countVersionFiles(needs.db, view.version.id, filter, todayOf(needs))
}

const areShown = ({ version, rights }: Pick<DatasetView, 'version' | 'rights'>): boolean =>
  statesSeen(rights).includes(version.state)
