import { once } from 'node:events'
import { crc32, createDeflateRaw } from 'node:zlib'
import { renderTooLong } from './problems.ts'

export interface ZipEntry {
  readonly name: string
  /** In pieces of some ten kilobytes: between them others have their turn. */
  readonly pieces: Iterable<string> | AsyncIterable<string>
}

/** Sizes are four bytes here; nothing that we write should ever need more. */
const most = 0xffff_ffff
/** Names are UTF-8; sizes stand behind the data. */
const flags = 0x0808
const version = 20
const deflated = 8

/** A ZIP file, written as it is made; level 1 is five times as quick as the usual one, for a tenth more bytes. */
export async function* zip(entries: Iterable<ZipEntry>, at: Date): AsyncGenerator<Buffer> {
  const time = dosTime(at)
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, pieces } of entries) {
    const path = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    writeFacts(head, 4, time)
    head.writeUInt16LE(path.length, 26)
    yield head
    yield path
    const sizes = { crc: 0, packed: 0, plain: 0 }
    yield* deflate(pieces, sizes)
    if (sizes.packed > most || sizes.plain > most || offset > most)
      throw renderTooLong({ detail: 'The file would have more than 4 GiB.' })
    const tail = Buffer.alloc(16)
    tail.writeUInt32LE(0x08074b50, 0)
    writeSizes(tail, 4, sizes)
    yield tail
    const listed = Buffer.alloc(46)
    listed.writeUInt32LE(0x02014b50, 0)
    listed.writeUInt16LE(version, 4)
    writeFacts(listed, 6, time)
    writeSizes(listed, 16, sizes)
    listed.writeUInt16LE(path.length, 28)
    listed.writeUInt32LE(offset, 42)
    directory.push(listed, path)
    offset += head.length + path.length + sizes.packed + tail.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length / 2, 8)
  end.writeUInt16LE(directory.length / 2, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  yield list
  yield end
}

interface Sizes {
  crc: number
  packed: number
  plain: number
}

/** Packing happens on a thread of its own; it is never fed faster than it packs. */
async function* deflate(pieces: ZipEntry['pieces'], sizes: Sizes): AsyncGenerator<Buffer> {
  const packer = createDeflateRaw({ level: 1 })
  let broken: unknown
  let left = false
  const feed = (async () => {
    for await (const piece of pieces) {
      if (left) return
      const bytes = Buffer.from(piece)
      sizes.crc = crc32(bytes, sizes.crc)
      sizes.plain += bytes.length
      if (!packer.write(bytes)) await once(packer, 'drain')
    }
    packer.end()
  })().catch((error: unknown) => {
    broken = error
    packer.destroy()
  })
  try {
    for await (const chunk of packer as AsyncIterable<Buffer>) {
      sizes.packed += chunk.length
      yield chunk
    }
  } catch (error) {
    throw broken ?? error
  } finally {
    left = true
    packer.destroy()
  }
  await feed
  if (broken) throw broken
}

function writeFacts(into: Buffer, at: number, time: number): void {
  into.writeUInt16LE(version, at)
  into.writeUInt16LE(flags, at + 2)
  into.writeUInt16LE(deflated, at + 4)
  into.writeUInt32LE(time, at + 6)
}

function writeSizes(into: Buffer, at: number, { crc, packed, plain }: Sizes): void {
  into.writeUInt32LE(crc, at)
  into.writeUInt32LE(packed, at + 4)
  into.writeUInt32LE(plain, at + 8)
}

/** Date and time as ZIP writes them, in UTC. */
const dosTime = (at: Date): number =>
  ((Math.min(127, Math.max(0, at.getUTCFullYear() - 1980)) << 25) |
    ((at.getUTCMonth() + 1) << 21) |
    (at.getUTCDate() << 16) |
    (at.getUTCHours() << 11) |
    (at.getUTCMinutes() << 5) |
    (at.getUTCSeconds() >> 1)) >>>
  0
