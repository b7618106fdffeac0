import type { Readable } from 'node:stream'
import type { ByteRange } from '#src/http/ranges.ts'
import type { Visitor } from '../visitor.ts'
import { takesRequests } from './access-store.ts'
import type { FileNeeds } from './needs.ts'
import { fileNotOpen } from './problems.ts'
import { type SeenFile, seeFile } from './see-file.ts'
import type { VersionFile } from './version-file.ts'

export interface OpenedFile {
  readonly file: VersionFile
  readonly seen: SeenFile
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  /** The SHA-256 of the content. */
  readonly etag: string
  /** All of it or a part. `uncounted`: it is no download (a preview, a program of ours). */
  read(range?: ByteRange | null, options?: { uncounted?: boolean }): Promise<Readable>
}

/** A file that the caller may have, and the way to its content. Who may know of it, but not have it: 403; others: 404. */
export async function openFile(
  needs: FileNeeds,
  who: Visitor,
  id: number | string,
  version?: string,
): Promise<OpenedFile> {
  const seen = await seeFile(needs, who, id, version)
  const { file } = seen
  if (!seen.mayDownload) throw await notOpen(needs, seen)
  return {
    file,
    seen,
    name: file.name,
    mediaType: file.mediaType,
    bytes: file.bytes,
    etag: file.checksums.sha256,
    read: (range, options) => readContent(needs, file, range, options),
  }
}

async function notOpen({ db }: Pick<FileNeeds, 'db'>, { access, file, rights }: SeenFile) {
  const mayRequest = rights.visitor.caller.accountId !== null && (await takesRequests(db, file.datasetId))
  return fileNotOpen({
    detail:
      access === 'restricted'
        ? `${file.name} is restricted.`
        : `${file.name} is under embargo${file.embargo ? ` until ${file.embargo.until}` : ''}.`,
    extensions: { access, may_request: mayRequest },
  })
}

/** Counted when its first byte leaves: not for questions about it, and once however many parts it is fetched in. */
export async function readContent(
  { contents, downloads }: Pick<FileNeeds, 'contents' | 'downloads'>,
  { id, name, checksums, publishedAt }: VersionFile,
  range?: ByteRange | null,
  { uncounted = false }: { uncounted?: boolean } = {},
): Promise<Readable> {
  const content = await contents.read(checksums.sha256, range ?? undefined)
  if (!content) throw new Error(`the content of file ${id} (${name}) is not in the store`)
  if (!uncounted && publishedAt !== null && (range?.start ?? 0) === 0) content.once('resume', () => downloads.count(id))
  return content
}
