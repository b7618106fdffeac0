import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import type { Problem } from '#src/problem/problem.ts'
import { archiveBroken, archiveTooLarge, storageFull } from './problems.ts'

export interface UnzipLimits {
  readonly maxFiles: number
  /** Of all members together, unpacked. */
  readonly maxBytes: number
  /** How many times larger than the archive its members may be together; judged from some size on. Default 1000. */
  readonly maxRatio?: number
  /** Bytes that there is room for where they go. Default: any number. */
  readonly room?: number
}

export interface UnzippedMember {
  /** With slashes between directories; no step of it leads upwards or nowhere. */
  readonly name: string
  readonly bytes: number
  readonly modified: Date
  /** Fails where its bytes are not those that were packed. To be read before the next member is asked for. */
  open(): Promise<Readable>
}

/** Small archives may hold as many zeros as they like. */
const harmlessBytes = 64 * 1024 * 1024

/**
 * The files in an archive. What the whole of it would take is judged before anything is unpacked, by what it says of itself,
 * and no member gives more than was said: neither bombs nor names that lead elsewhere do harm. Links come as the short
 * texts that they are.
 */
export async function* readZip(file: string, limits: UnzipLimits): AsyncGenerator<UnzippedMember> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch(refuse)
  try {
    for (const entry of await judge(zip, limits)) {
      yield {
        name: nameOf(entry),
        bytes: entry.uncompressedSize,
        modified: entry.getLastModDate({ timezone: 'UTC' }),
        open: async () => Readable.from(contentOf(zip, entry), { objectMode: false, highWaterMark: 1 << 18 }),
      }
    }
  } finally {
    zip.close()
  }
}

async function judge(
  zip: ZipFile,
  { maxFiles, maxBytes, maxRatio = 1000, room = Number.POSITIVE_INFINITY }: UnzipLimits,
): Promise<Entry[]> {
  if (zip.entryCount > maxFiles) throw tooMany(zip.entryCount, maxFiles)
  const entries: Entry[] = []
  let bytes = 0
  for await (const entry of entriesOf(zip)) {
    if (nameOf(entry) === '' || isDirectory(entry)) continue
    if (entry.isEncrypted()) throw archiveBroken({ detail: `“${nameOf(entry)}” is encrypted.` })
    if (!entry.canDecodeFileData())
      throw archiveBroken({
        detail: `“${nameOf(entry)}” is packed in a way (${entry.compressionMethod}) that few programs know.`,
      })
    bytes += entry.uncompressedSize
    if (bytes > maxBytes) throw archiveTooLarge({ detail: `Unpacked it has more than ${maxBytes} bytes.` })
    if (bytes > harmlessBytes && bytes > zip.fileSize * maxRatio)
      throw archiveTooLarge({ detail: `Unpacked it is more than ${maxRatio} times as large as it is packed.` })
    if (bytes > room) throw storageFull({ detail: 'The disk has less room than the unpacked files would need.' })
    if (entries.push(entry) > maxFiles) throw tooMany(entries.length, maxFiles)
  }
  return entries
}

const tooMany = (count: number, most: number): Problem =>
  archiveTooLarge({ detail: `It holds ${count} files; at most ${most} are unpacked.` })

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    for await (const entry of zip.eachEntry()) yield entry
  } catch (error) {
    refuse(error)
  }
}

async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let crc = 0
  let bytes = 0
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      crc = crc32(chunk as Buffer, crc)
      bytes += (chunk as Buffer).byteLength
      yield chunk as Buffer
    }
  } catch (error) {
    refuse(error)
  }
  if (crc !== entry.crc32 || bytes !== entry.uncompressedSize)
    throw archiveBroken({ detail: `The checksum of “${nameOf(entry)}” is wrong.` })
}

/** What is said of the archive itself is the sender's to hear; a disk that fails is not. */
function refuse(cause: unknown): never {
  if ((cause as NodeJS.ErrnoException).code?.match(/^E[A-Z0-9]+$/)) throw cause
  throw archiveBroken({ detail: 'It is damaged, or no ZIP file at all.', cause })
}

const isDirectory = ({ fileNameRaw }: Entry): boolean => /[/\\]$/.test(fileNameRaw.toString('latin1'))

/** Many programs write UTF-8 without saying so. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const text = isUtf8(fileNameRaw)
    ? fileNameRaw.toString('utf8')
    : getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
  return text
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.' && step !== '..')
    .join('/')
}

const isUtf8 = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
