import { buffer } from 'node:stream/consumers'
import type { Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import type { Attachment, Mail } from '#src/mail/mail.ts'
import { type MailBundle, readBundle } from './mail-bundle.ts'
import { type DeliveryFile, findFiles, findSlices, type Slice } from './slice-store.ts'

/** A slice as it goes out. */
export interface LoadedSlice {
  readonly slice: Slice
  /** Without the mail. */
  readonly files: readonly DeliveryFile[]
  readonly bundle: MailBundle
  readonly images: NonNullable<Mail['images']>
  /** In memory, once for all who get it. */
  attachments(): Promise<readonly Attachment[]>
}

/** What was made can't be read now. Nothing of the delivery has left. */
export class SliceUnreadable extends Error {}

/** How many slices stay in memory: deliveries come slice by slice, so few are in use at a time. */
const mostLoaded = 6

/** Reads slices of a run as they were made; the same object for everybody who gets the same. */
export function sliceLoader({ db, contents }: { db: Database; contents: ContentStore }, runId: string) {
  const loaded = new Map<number, Promise<LoadedSlice>>()
  let slices: Promise<Map<number, Slice>> | undefined

  async function load(number: number): Promise<LoadedSlice> {
    slices ??= findSlices(db, runId)
      .then((all) => new Map(all.map((one) => [one.slice, one])))
      .catch((error: unknown) => {
        slices = undefined
        throw error
      })
    const slice = (await slices).get(number)
    const all = await findFiles(db, runId, number)
    const view = all.find(({ format }) => format === 'view')
    const bundle = view && (await readBundle(contents, view.sha256))
    if (!slice || !bundle) throw new Error(`slice ${number} of run ${runId} is not there`)
    const files = all.filter(({ format }) => format !== 'view')
    let attachments: Promise<Attachment[]> | undefined
    return {
      slice,
      files,
      bundle,
      images: bundle.images.map(({ cid, filename, png }) => ({ cid, filename, png: Buffer.from(png, 'base64') })),
      attachments: () => {
        attachments ??= Promise.all(files.map((file) => attachmentOf(contents, file))).catch((error: unknown) => {
          attachments = undefined
          throw unreadable(error)
        })
        return attachments
      },
    }
  }

  return (number: number): Promise<LoadedSlice> => {
    const before = loaded.get(number)
    if (before) return before
    const now = load(number).catch((error: unknown) => {
      throw unreadable(error)
    })
    loaded.set(number, now)
    now.catch(() => loaded.delete(number))
    for (const old of loaded.keys()) {
      if (loaded.size <= mostLoaded) break
      loaded.delete(old)
    }
    return now
  }
}

function unreadable(cause: unknown): SliceUnreadable {
  const { code } = cause as { code?: unknown }
  const why = typeof code === 'string' ? ` (${code})` : ''
  return new SliceUnreadable(`What was made could not be read${why}.`, { cause })
}

export type LoadSlice = ReturnType<typeof sliceLoader>

async function attachmentOf(contents: ContentStore, { name, mediaType, sha256 }: DeliveryFile): Promise<Attachment> {
  const stream = await contents.read(sha256)
  if (!stream) throw new Error(`${name} is not in the content store`)
  return { filename: name, contentType: mediaType, content: await buffer(stream) }
}
