import { buffer } from 'node:stream/consumers'
import type { Change } from '#src/database/change.ts'
import { headBytes, mimeOf } from '#src/files/media-type.ts'
import { fileNotFound } from '../problems.ts'
import { rightsOn } from '../rights.ts'
import { indexDataset } from '../search/index-dataset.ts'
import { joinPath } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { findFileVersions, setMediaType } from './store.ts'

/**
 * Finds out again of what type a file is, from its name as it is now and its first bytes. It holds in all versions that have
 * the file. `dryRun`: only says what would become of it.
 */
export async function redetectType(
  { contents }: Pick<FileNeeds, 'contents'>,
  change: Change,
  id: number | string,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<{ before: string; after: string; changed: boolean }> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, { file: id })
  rights.demand('EditDataset')
  const [file] = await findFileVersions(tx, rights.fileId!)
  if (!file) throw fileNotFound({ detail: `There is no file ${id}.` })
  const { mediaType: before, bytes, checksums, name, directory } = file
  const head =
    bytes === 0 ? null : await contents.read(checksums.sha256, { start: 0, end: Math.min(bytes, headBytes) - 1 })
  const after = mimeOf(name, head ? await buffer(head) : new Uint8Array())
  if (dryRun || after === before) return { before, after, changed: false }
  await setMediaType(tx, file.id, after)
  await indexDataset(tx, rights.datasetId!, { files: [file.id] })
  change.note({
    verb: 'dataset.files_changed',
    subjectType: 'dataset',
    subjectId: String(rights.datasetId),
    detail: { files: [file.id], path: joinPath(directory, name), before, after },
  })
  return { before, after, changed: true }
}
