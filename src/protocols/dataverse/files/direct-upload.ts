import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Actor, Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import type { NewFile } from '#src/datasets/files/add-files.ts'
import { rightsOn } from '#src/datasets/rights.ts'
import { appendUpload } from '#src/datasets/uploads/append-upload.ts'
import { endUpload } from '#src/datasets/uploads/end-upload.ts'
import { findOwnUpload } from '#src/datasets/uploads/find-own-upload.ts'
import { finishedUpload } from '#src/datasets/uploads/finished-upload.ts'
import type { UploadNeeds } from '#src/datasets/uploads/needs.ts'
import { uploadNotFound } from '#src/datasets/uploads/problems.ts'
import { startUpload } from '#src/datasets/uploads/start-upload.ts'
import { mimeOf, toldOrOwn, unknownMedia } from '#src/files/media-type.ts'
import { Problem } from '#src/problem/problem.ts'
import { signUrl } from '../access/signed-url.ts'
import { signingOf } from '../access/signing.ts'
import type { DataverseNeeds } from '../needs.ts'
import { refused } from '../problems.ts'
import type { About } from './read-about.ts'

/**
 * Where a file of so many bytes may be sent, for who may edit the dataset. Nothing is kept of it: the upload begins with
 * its bytes, so that clients that only ask whether this is offered leave nothing.
 */
export async function uploadDestination(needs: DataverseNeeds, caller: Caller, ref: string, bytes: number) {
  const rights = await rightsOn(needs.datasets.db, caller, { dataset: ref })
  rights.demand('EditDataset')
  const id = randomUUID()
  const address = `/api/uploads/${id}?dataset=${rights.datasetId}&size=${bytes}`
  return {
    datasetId: rights.datasetId,
    url: signUrl(signingOf(needs), caller, address, 'PUT'),
    // All of it at once, however large: it is written as it comes.
    partSize: Math.max(bytes, 1),
    storageIdentifier: `${scheme}${id}`,
  }
}

const scheme = 'tessera://'

/** Takes the bytes; sent again, those that came before make room. Gives their MD5. */
export async function takeDirectly(
  { uploads }: DataverseNeeds,
  actor: Actor,
  { id, dataset, bytes }: { readonly id: string; readonly dataset: string; readonly bytes: number },
  content: Readable,
): Promise<string> {
  if (await isThere(uploads, actor.caller, id)) await uploads.changer(actor, (change) => endUpload(uploads, change, id))
  const begun = await startUpload(uploads, actor, dataset, { id, name: 'upload', mediaType: null, bytes })
  const part = { offset: 0, length: null, checksum: null, content }
  const upload = begun.finished ? begun : await appendUpload(uploads, actor, id, part)
  if (!upload.finished) throw refused(400, `Only ${upload.received} of ${bytes} bytes came.`)
  return upload.finished.md5
}

const isThere = (uploads: UploadNeeds, caller: Caller, id: string): Promise<boolean> =>
  findOwnUpload(uploads, caller, id).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Problem && error.code === uploadNotFound.code) return false
      throw error
    },
  )

/** What was sent to its address, as a file with what is said of it now. Its checksum has to be the one that is said. */
export async function sentFile(
  { uploads }: DataverseNeeds,
  change: Change,
  datasetId: number,
  about: About,
): Promise<NewFile> {
  const { storageIdentifier = '', fileName, mimeType, checksum, label, directoryLabel } = about
  const id = storageIdentifier.startsWith(scheme) ? storageIdentifier.slice(scheme.length) : ''
  const name = label ?? fileName
  if (id === '' || name === undefined || mimeType === undefined)
    throw refused(400, 'You must upload a file or provide a valid storageidentifier, filename, and mimetype.')
  if (!/^[0-9a-f-]{36}$/.test(id)) throw unknown(storageIdentifier)
  const upload = await finishedUpload(uploads, change.tx, change.actor.caller, id).catch((error: unknown) => {
    throw error instanceof Problem && error.code === uploadNotFound.code ? unknown(storageIdentifier) : error
  })
  if (upload.datasetId !== datasetId) throw unknown(storageIdentifier)
  const { bytes, checksums } = upload
  compare(checksum, checksums, name)
  const own = mimeOf(name, new Uint8Array())
  const mediaType = toldOrOwn(bare(mimeType), own === unknownMedia ? upload.mediaType : own)
  return {
    content: { bytes, checksums, keep: (tx) => upload.keep(tx) },
    name,
    originalName: fileName ?? name,
    directory: directoryLabel,
    // What takes the place of a file has only the words that are sent with it.
    description: about.description ?? '',
    categories: about.categories ?? [],
    tags: about.tags ?? [],
    restricted: about.restrict,
    mediaType,
  }
}

const unknown = (storageIdentifier: string) =>
  refused(400, `There is no upload of yours for this dataset with the storage identifier ${storageIdentifier}.`)

function compare(
  said: About['checksum'],
  { md5, sha256 }: { readonly md5: string; readonly sha256: string },
  name: string,
): void {
  if (said === undefined) return
  const kind = said.type.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')
  const known = { MD5: md5, SHA256: sha256 }[kind]
  if (known === undefined)
    throw refused(
      400,
      `Checksums of type ${said.type} are not known of files that were sent directly: say MD5 or SHA-256.`,
    )
  if (known.toLowerCase() !== said.value.trim().toLowerCase())
    throw refused(400, `The ${said.type} of ${name} is ${known}, and not ${said.value}: send the file again.`)
}

const bare = (mediaType: string): string | null => mediaType.split(';', 1)[0]?.trim().toLowerCase() || null
