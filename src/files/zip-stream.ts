import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'

export interface ZipMember {
  /** With slashes between directories. */
  readonly name: string
  readonly bytes: number
}

export interface ZipEntry extends ZipMember {
  readonly modified: Date
  /** Asked for when its turn comes. */
  open(): Promise<Readable>
}

const most = 0xffff_ffff
const mostEntries = 0xffff
/** Names are UTF-8; checksums stand behind the data. */
const flags = 0x0808

/**
 * A ZIP file, written while it is read: nothing is built first, and one file is open at a time. Contents are stored as they
 * are, since most of what is large in a repository is packed already; so its size is known beforehand (`zipBytes`).
 */
export const zipStream = (entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): Readable =>
  Readable.from(write(entries), { objectMode: false, highWaterMark: 1 << 18 })

/** How many bytes the ZIP file of these members will have. */
export function zipBytes(members: Iterable<ZipMember>): number {
  let offset = 0
  let directory = 0
  let count = 0
  for (const { name, bytes } of members) {
    const path = Buffer.byteLength(tame(name))
    const large = bytes >= most
    directory += 46 + path + (large || offset >= most ? 28 : 0)
    offset += 30 + path + (large ? 20 : 0) + bytes + (large ? 24 : 16)
    count++
  }
  return offset + directory + (isLong(count, directory, offset) ? 76 : 0) + 22
}

const isLong = (count: number, directory: number, offset: number): boolean =>
  count >= mostEntries || directory >= most || offset >= most

async function* write(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  let count = 0
  for await (const entry of entries) {
    const path = Buffer.from(tame(entry.name))
    const facts = { path, bytes: entry.bytes, large: entry.bytes >= most, time: dosTime(entry.modified) }
    const head = localHead(facts)
    yield head
    let crc = 0
    let bytes = 0
    for await (const chunk of entry.bytes === 0 ? [] : await entry.open()) {
      crc = crc32(chunk as Buffer, crc)
      bytes += (chunk as Buffer).byteLength
      yield chunk as Buffer
    }
    if (bytes !== entry.bytes) throw new Error(`a file of a ZIP has ${bytes} bytes instead of ${entry.bytes}`)
    const tail = descriptor(facts, crc)
    yield tail
    directory.push(listed(facts, crc, offset))
    offset += head.length + bytes + tail.length
    count++
  }
  const list = Buffer.concat(directory)
  yield list
  yield end(count, list.length, offset)
}

/** Names that lead out of where they are unpacked are nobody's business. */
const tame = (name: string): string =>
  name
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.' && step !== '..')
    .join('/')

interface Facts {
  readonly path: Buffer
  readonly bytes: number
  readonly large: boolean
  readonly time: number
}

function localHead({ path, bytes, large, time }: Facts): Buffer {
  const head = Buffer.alloc(30 + path.length + (large ? 20 : 0))
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(large ? 45 : 20, 4)
  head.writeUInt16LE(flags, 6)
  head.writeUInt32LE(time, 10)
  if (large) head.fill(0xff, 18, 26)
  head.writeUInt16LE(path.length, 26)
  head.writeUInt16LE(large ? 20 : 0, 28)
  path.copy(head, 30)
  if (large) writeLong(head, 30 + path.length, [bytes, bytes])
  return head
}

function descriptor({ bytes, large }: Facts, crc: number): Buffer {
  const tail = Buffer.alloc(large ? 24 : 16)
  tail.writeUInt32LE(0x08074b50, 0)
  tail.writeUInt32LE(crc, 4)
  if (large) {
    tail.writeBigUInt64LE(BigInt(bytes), 8)
    tail.writeBigUInt64LE(BigInt(bytes), 16)
  } else {
    tail.writeUInt32LE(bytes, 8)
    tail.writeUInt32LE(bytes, 12)
  }
  return tail
}

function listed({ path, bytes, large, time }: Facts, crc: number, offset: number): Buffer {
  const long = large || offset >= most
  const entry = Buffer.alloc(46 + path.length + (long ? 28 : 0))
  entry.writeUInt32LE(0x02014b50, 0)
  // Made by Unix, so that the mode of the file is believed.
  entry.writeUInt16LE((3 << 8) | 45, 4)
  entry.writeUInt16LE(long ? 45 : 20, 6)
  entry.writeUInt16LE(flags, 8)
  entry.writeUInt32LE(time, 12)
  entry.writeUInt32LE(crc, 16)
  entry.writeUInt32LE(long ? most : bytes, 20)
  entry.writeUInt32LE(long ? most : bytes, 24)
  entry.writeUInt16LE(path.length, 28)
  entry.writeUInt16LE(long ? 28 : 0, 30)
  entry.writeUInt32LE((0o100644 << 16) >>> 0, 38)
  entry.writeUInt32LE(long ? most : offset, 42)
  path.copy(entry, 46)
  if (long) writeLong(entry, 46 + path.length, [bytes, bytes, offset])
  return entry
}

/** The extra field of ZIP64. */
function writeLong(into: Buffer, at: number, values: readonly number[]): void {
  into.writeUInt16LE(1, at)
  into.writeUInt16LE(values.length * 8, at + 2)
  for (const [nr, value] of values.entries()) into.writeBigUInt64LE(BigInt(value), at + 4 + nr * 8)
}

function end(count: number, directory: number, offset: number): Buffer {
  const last = Buffer.alloc(22)
  last.writeUInt32LE(0x06054b50, 0)
  last.writeUInt16LE(Math.min(count, mostEntries), 8)
  last.writeUInt16LE(Math.min(count, mostEntries), 10)
  last.writeUInt32LE(Math.min(directory, most), 12)
  last.writeUInt32LE(Math.min(offset, most), 16)
  if (!isLong(count, directory, offset)) return last
  const long = Buffer.alloc(76)
  long.writeUInt32LE(0x06064b50, 0)
  long.writeBigUInt64LE(44n, 4)
  long.writeUInt16LE((3 << 8) | 45, 12)
  long.writeUInt16LE(45, 14)
  long.writeBigUInt64LE(BigInt(count), 24)
  long.writeBigUInt64LE(BigInt(count), 32)
  long.writeBigUInt64LE(BigInt(directory), 40)
  long.writeBigUInt64LE(BigInt(offset), 48)
  long.writeUInt32LE(0x07064b50, 56)
  long.writeBigUInt64LE(BigInt(offset + directory), 64)
  long.writeUInt32LE(1, 72)
  return Buffer.concat([long, last])
}

/** Date and time as DOS wrote them, in UTC, which knows no years before 1980 and no odd seconds. */
function dosTime(at: Date): number {
  const year = Math.min(2107, Math.max(1980, at.getUTCFullYear()))
  const date = ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate()
  const time = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1)
  return ((date << 16) | time) >>> 0
}
