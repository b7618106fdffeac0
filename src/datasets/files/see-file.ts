import type { Database, Tx } from '#src/database/change.ts'
import { numberOf } from '../dataset-view.ts'
import { fileNotFound, versionNotFound } from '../problems.ts'
import { demandVisible, type Rights, rightsOn } from '../rights.ts'
import type { Visitor } from '../visitor.ts'
import { type VersionState, versionStates } from '../words.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { type FileInVersion, findFileVersions } from './store.ts'
import { type Access, accessOf } from './version-file.ts'

export interface SeenFile {
  /** As the version that was asked for has it. */
  readonly file: FileInVersion
  /** In all versions that the caller may see: the draft, then the newest first. */
  readonly versions: readonly FileInVersion[]
  readonly rights: Rights
  /** Who may have it now, whichever version is shown. */
  readonly access: Access
  readonly mayDownload: boolean
}

type SeeNeeds = Pick<FileNeeds, 'clock' | 'timeZone'> & { readonly db: Database | Tx }

/**
 * A file as the named version has it; unnamed: the newest that the caller may see. Everybody sees what a released version
 * has, those who may see what is unpublished also the rest, and who has a link to the draft also that. Unknown or hidden: 404.
 */
export async function seeFile(needs: SeeNeeds, who: Visitor, id: number | string, version?: string): Promise<SeenFile> {
  const rights = await rightsOn(needs.db, who, { file: id })
  demandVisible(rights)
  const all = await findFileVersions(needs.db, rights.fileId!)
  const shown = statesSeen(rights)
  const versions = all.filter(({ state }) => shown.includes(state))
  if (versions.length === 0) throw fileNotFound({ detail: `There is no file ${id} that you may see.` })
  const file = version === undefined ? versions[0]! : chosen(versions, version)
  if (!file) throw versionNotFound({ detail: `There is no version ${version} with the file ${id} that you may see.` })
  const governing = versions.find(({ state }) => state === 'released') ?? versions[0]!
  const access = accessOf(governing, todayOf(needs))
  const opens = rights.mayWithoutLink('DownloadFile') || (rights.may('DownloadFile') && isInDraft(versions))
  return { file, versions, rights, access, mayDownload: access === 'public' || opens }
}

/** In versions of which states somebody sees files. */
export function statesSeen(rights: Pick<Rights, 'may' | 'mayWithoutLink'>): readonly VersionState[] {
  if (rights.mayWithoutLink('ViewUnpublishedDataset')) return versionStates
  return rights.may('ViewUnpublishedDataset') ? ['draft', 'released'] : ['released']
}

const isInDraft = (versions: readonly FileInVersion[]): boolean => versions.some(({ state }) => state === 'draft')

function chosen(versions: readonly FileInVersion[], name: string): FileInVersion | undefined {
  if (name === 'latest') return versions[0]
  if (name === 'latest-published') return versions.find(({ state }) => state === 'released')
  if (name === 'draft' || name === 'DRAFT') return versions.find(({ state }) => state === 'draft')
  const number = name.includes('.') ? name : `${name}.0`
  return versions.find((one) => numberOf(one) === number)
}
