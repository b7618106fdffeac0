import { Readable } from 'node:stream'
import { zipStream } from '#src/files/zip-stream.ts'
import { fileNotFound } from '../problems.ts'
import { readDataset } from '../read-dataset.ts'
import type { Visitor } from '../visitor.ts'
import { listVersionFiles } from './list-files.ts'
import { Manifest } from './manifest.ts'
import { freeName, joinPath } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { readContent } from './open-file.ts'
import { nothingToDownload } from './problems.ts'
import type { Access, VersionFile } from './version-file.ts'

export interface ZipFile {
  readonly name: string
  readonly stream: Readable
}

/** What goes into an archive: a file, and whether its reader may have it. */
export type ZipCandidate = VersionFile & { readonly access: Access; readonly mayDownload: boolean }

/** Files of a version, all or those with these numbers in this order, as a ZIP that is made while it is sent. */
export async function zipOf(
  needs: FileNeeds,
  who: Visitor,
  ref: number | string,
  version: string,
  ids?: readonly number[],
): Promise<ZipFile> {
  const view = await readDataset(needs, who, ref, version)
  const { files } = await listVersionFiles(needs, view, ids && { ids })
  const stem = zipStem(view.dataset.pid)
  if (ids === undefined)
    return { name: `${stem}_${view.version.number.toLowerCase()}.zip`, stream: zipFiles(needs, files) }
  const found = new Map(files.map((file) => [file.id, file]))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0)
    throw fileNotFound({ detail: `This version has no file ${missing.slice(0, 10).join(', ')} that you may see.` })
  return {
    name: `${stem}.zip`,
    stream: zipFiles(
      needs,
      [...new Set(ids)].map((id) => found.get(id)!),
    ),
  }
}

/** `doi-10.5072-fk2-j8sjzb` */
export const zipStem = (pid: string): string => pid.toLowerCase().replaceAll(/[^a-z0-9.]+/g, '-')

/** The archive of files that were looked up already. Nothing among them that the reader may have: 403. */
export function zipFiles(needs: FileNeeds, files: readonly ZipCandidate[]): Readable {
  if (files.length > 0 && files.every(({ mayDownload }) => !mayDownload))
    throw nothingToDownload({ detail: 'All of these files are restricted or under embargo.' })
  return zipStream(members(needs, files))
}

async function* members(needs: FileNeeds, files: readonly ZipCandidate[]) {
  const manifest = new Manifest()
  const taken = new Set<string>()
  let room = needs.limits.zip
  for (const file of files) {
    if (!file.mayDownload) manifest.closed(file, file.access.startsWith('embargoed') ? 'EMBARGOED' : 'RESTRICTED')
    else if (file.bytes > room) manifest.tooMuch(file, needs.limits.zip)
    else {
      room -= file.bytes
      const name = joinPath(
        file.directory,
        freeName(file.name, (one) => taken.has(joinPath(file.directory, one))),
      )
      taken.add(name)
      manifest.added(name, file)
      yield { name, bytes: file.bytes, modified: file.createdAt, open: () => openMember(needs, file) }
    }
  }
  const text = Buffer.from(manifest.text())
  const name = freeName('MANIFEST.TXT', (one) => taken.has(one))
  yield { name, bytes: text.byteLength, modified: needs.clock.now(), open: async () => Readable.from([text]) }
}

async function openMember(needs: FileNeeds, file: VersionFile): Promise<Readable> {
  const content = await readContent(needs, file, null, { uncounted: true })
  if (file.publishedAt !== null) needs.downloads.count(file.id)
  return content
}
