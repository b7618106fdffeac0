import { createHash, randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Readable } from 'node:stream'
import type { Actor } from '#src/access/caller.ts'
import { isAliveBeside } from '#src/files/alive-beside.ts'
import { PartTooLong, WrongChecksum } from '#src/files/partial-content.ts'
import { storageFull } from '#src/files/problems.ts'
import { findOwnUpload } from './find-own-upload.ts'
import { finish } from './finish-upload.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadBusy, uploadChecksumWrong, uploadNotFound, uploadOffsetWrong, uploadTooLarge } from './problems.ts'
import { claimUpload, noteReceived } from './store.ts'
import type { Upload } from './upload.ts'

export interface Part {
  readonly offset: number
  /** As announced; null: not known before it ends. */
  readonly length: number | null
  readonly checksum: { readonly algorithm: string; readonly digest: Buffer } | null
  /** Whoever appends it uses it up. */
  readonly content: Readable
}

/** A process that has not been heard of for so long no longer writes. */
const leaseMs = 30_000
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const writer = `${machine}-${process.pid}-${randomBytes(6).toString('hex')}`

/** What this process is writing: a client that comes back knows better than the connection that it has lost. */
const inWork = new Map<string, { stop(): void; readonly done: Promise<unknown> }>()

/**
 * Writes the next part of an upload. Whatever came before a connection broke off stays, and the process may die at any
 * moment: what has been told to be there is there. The last part finishes it.
 */
export async function appendUpload(needs: UploadNeeds, actor: Actor, id: string, part: Part): Promise<Upload> {
  await findOwnUpload(needs, actor.caller, id)
  await stopWriting(id)
  const seen = await findOwnUpload(needs, actor.caller, id)
  const { received, bytes } = seen
  if (seen.finished && part.offset === bytes) return seen
  if (part.offset !== received || seen.finished) throw elsewhere(seen)
  if (part.length !== null && part.offset + part.length > bytes) throw tooLong(seen)
  if (isWritten(seen, needs.clock.now())) throw uploadBusy({ headers: { 'retry-after': '1' } })
  if (!(await claimUpload(needs.db, seen, writer, leaseFrom(needs))))
    throw uploadBusy({ headers: { 'retry-after': '1' } })
  const work = write(needs, actor, seen, part)
  const entry = {
    stop: () => part.content.destroy(new Error('another request goes on')),
    done: work.catch(() => undefined),
  }
  inWork.set(id, entry)
  try {
    return await work
  } finally {
    if (inWork.get(id) === entry) inWork.delete(id)
  }
}

/** Breaks off what this process writes of an upload, and waits until nothing of it is written any more. */
export async function stopWriting(id: string): Promise<void> {
  const older = inWork.get(id)
  older?.stop()
  await older?.done
}

async function write(needs: UploadNeeds, actor: Actor, upload: Upload, part: Part): Promise<Upload> {
  const { partials, db } = needs
  const { id, bytes } = upload
  let received = upload.received
  let noting: Promise<unknown> = Promise.resolve()
  const note = (writerUntil: Date | null): Promise<boolean> => {
    const expiresAt = needs.expiry(needs.clock.now())
    return noteReceived(db, id, writer, { received, writerUntil, expiresAt })
  }
  const noteSoon = (): void => {
    // What cannot be noted now is noted with the next, or at the end.
    noting = noting.then(() => note(leaseFrom(needs))).catch(() => undefined)
  }
  const renewing = setInterval(noteSoon, leaseMs / 3)
  let broken: unknown
  try {
    const appended = await partials.append(id, part.content, {
      offset: part.offset,
      maxBytes: bytes,
      checksum: part.checksum,
      spend: true,
      onDurable: (durable) => {
        received = durable
        noteSoon()
      },
    })
    received = appended.bytes
    broken = appended.broken
  } catch (error) {
    broken = error
  } finally {
    clearInterval(renewing)
  }
  await noting
  // The last bytes count only when it is finished: a process that dies before has not told anybody of them.
  if (received === bytes && broken === null) return finish(needs, actor, upload)
  if (received === bytes) received = upload.received
  if (!(await note(null))) throw uploadNotFound({ detail: `Upload ${id} was ended meanwhile.` })
  if (broken === null) return { ...upload, received, expiresAt: needs.expiry(needs.clock.now()) }
  throw inWords(broken, upload)
}

function inWords(broken: unknown, upload: Upload): unknown {
  if (broken instanceof PartTooLong) return tooLong(upload)
  if (broken instanceof WrongChecksum)
    return uploadChecksumWrong({ headers: { 'upload-offset': String(upload.received) } })
  return (broken as NodeJS.ErrnoException).code === 'ENOSPC' ? storageFull({ cause: broken }) : broken
}

const leaseFrom = ({ clock }: UploadNeeds): Date => new Date(clock.now().getTime() + leaseMs)

/** Whether another process writes. One that is dead doesn't, whatever it said last. */
function isWritten({ writer: other, writerUntil }: Upload, now: Date): boolean {
  if (other === null || other === writer || writerUntil === null || writerUntil <= now) return false
  const [where, pid] = other.split('-')
  return where !== machine || isAliveBeside(Number(pid))
}

const elsewhere = (upload: Upload) =>
  uploadOffsetWrong({
    detail: `It has ${upload.received} bytes.`,
    headers: { 'upload-offset': String(upload.received) },
  })

const tooLong = ({ bytes }: Upload) =>
  uploadTooLarge({ detail: `More came than the ${bytes} bytes that were announced.`, hint: 'Begin a new upload.' })
