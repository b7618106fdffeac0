import { Readable } from 'node:stream'
import { bibtexOf, citedOf, endnoteOf, risOf } from '#src/datasets/citation.ts'
import type { DatasetView } from '#src/datasets/dataset-view.ts'
import { listVersionFiles } from '#src/datasets/files/list-files.ts'
import { splitName } from '#src/datasets/files/names.ts'
import type { FileNeeds } from '#src/datasets/files/needs.ts'
import type { OpenedFile } from '#src/datasets/files/open-file.ts'
import { nothingToDownload } from '#src/datasets/files/problems.ts'
import { seeFile } from '#src/datasets/files/see-file.ts'
import { type ZipCandidate, zipFiles, zipStem } from '#src/datasets/files/zip-of.ts'
import { readDataset } from '#src/datasets/read-dataset.ts'
import type { Visitor } from '#src/datasets/visitor.ts'
import { zipStream } from '#src/files/zip-stream.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import { respond } from '#src/http/respond.ts'
import { dataverseAccessDenied, dataverseNothingHere, refused } from '../problems.ts'
import { type Retell, retelling } from '../retelling.ts'
import { ofDownloads } from './send-file.ts'

const mostFiles = 1000

const ofZips: Retell = [...ofDownloads, [nothingToDownload, () => dataverseAccessDenied()]]

/** The numbers in a list such as `1,2`, in their order, each once. */
export function idsOf(text: string): number[] {
  const ids = text.split(',').filter((one) => one.trim() !== '')
  if (ids.length === 0) throw refused(400, 'No file IDs were supplied')
  if (ids.length > mostFiles) throw refused(400, `More than ${mostFiles} files were asked for at once.`)
  return [...new Set(ids.map((id) => (/^\s*\d{1,15}\s*$/.test(id) ? Number(id) : absent())))]
}

const absent = (): never => {
  throw dataverseNothingHere()
}

/** Files of one dataset, whichever of its versions have them, in the order asked for. */
export const zipOfMany = (files: FileNeeds, visitor: Visitor, ids: readonly number[]) =>
  retelling(ofZips, async () => {
    const first = await seeFile(files, visitor, ids[0] as number)
    const view = await readDataset(files, visitor, first.file.datasetId, 'latest', { deaccessioned: true })
    const listed = await listVersionFiles(files, view, { ids })
    const found = new Map<number, ZipCandidate>(listed.files.map((file) => [file.id, file]))
    for (const id of ids) if (!found.has(id)) found.set(id, await elsewhere(files, visitor, id, view.dataset.id))
    return send(
      `${zipStem(view.dataset.pid)}.zip`,
      zipFiles(
        files,
        ids.map((id) => found.get(id) as ZipCandidate),
      ),
    )
  })

/** A file that the latest version no longer has, or that is none of this dataset. */
async function elsewhere(files: FileNeeds, visitor: Visitor, id: number, datasetId: number): Promise<ZipCandidate> {
  const { file, access, mayDownload } = await seeFile(files, visitor, id)
  if (file.datasetId !== datasetId) throw refused(400, 'All files being downloaded must be from the same Dataset.')
  return { ...file, access, mayDownload }
}

/** All files of a version. */
export const zipOfVersion = (files: FileNeeds, view: DatasetView) =>
  retelling(ofZips, async () => {
    const { files: listed } = await listVersionFiles(files, view)
    const name = `${zipStem(view.dataset.pid)}_${view.version.number.toLowerCase()}.zip`
    return send(name, zipFiles(files, listed))
  })

/** A file beside its dataset's citation, in the forms that programs for references read. */
export async function bundleOf({ publisher, clock }: FileNeeds, opened: OpenedFile, view: DatasetView) {
  const { file, name } = opened
  const cited = citedOf(view, publisher)
  const { pid } = view.dataset
  const { stem } = splitName(name)
  const texts = [
    [`${stem}citation-endnote.xml`, endnoteOf(cited, pid)],
    [`${stem}citation-ris.ris`, risOf(cited, pid)],
    [`${stem}citation-bib.bib`, bibtexOf(cited, pid)],
  ] as const
  async function* members() {
    yield { name, bytes: file.bytes, modified: file.createdAt, open: () => opened.read() }
    for (const [name, text] of texts) {
      const bytes = Buffer.from(text)
      yield { name, bytes: bytes.byteLength, modified: clock.now(), open: async () => Readable.from([bytes]) }
    }
  }
  return send(`${stem}.zip`, zipStream(members()))
}

const send = (name: string, stream: Readable) =>
  respond<never>({ stream, type: 'application/zip', headers: { 'content-disposition': attachmentNamed(name) } })
