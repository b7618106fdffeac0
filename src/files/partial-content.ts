import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { type Hasher, openHasher } from './checksums.ts'
import { headBytes } from './media-type.ts'
import { roomIn } from './room-in.ts'
import { BlockWriter, free, type Written } from './write-blocks.ts'

export interface Appending {
  /** Where the content goes on; what stood behind that is given up. */
  readonly offset: number
  /** Of all of it. */
  readonly maxBytes: number
  /** What the sender says these bytes sum up to; when they do not, they are given up. */
  readonly checksum?: { readonly algorithm: string; readonly digest: Buffer } | null
  /** Whether the pieces are nobody else's, so that their memory can be freed as soon as they are copied. */
  readonly spend?: boolean
  /** Hears now and then how much is there for good, even if the machine stops the next moment. */
  readonly onDurable?: (bytes: number) => void
}

export interface Appended {
  /** That are there for good, from the beginning. */
  readonly bytes: number
  /** Why not all came. */
  readonly broken: unknown
}

export class WrongChecksum extends Error {}
export class PartTooLong extends Error {}

/** Contents that come in parts, over hours and restarts, in files named by their ids. */
export interface PartialContents {
  /** Writes what comes until it ends or breaks off; whatever came before that stays. */
  append(id: string, content: Readable, appending: Appending): Promise<Appended>
  /** The sums of a content that is whole; they were worked out on the way, unless the process is another one by now. */
  sum(id: string): Promise<Written>
  /** Bytes that are there. */
  size(id: string): Promise<number>
  /** Bytes that the disk has room for. */
  room(): Promise<number>
  /** Its first bytes. */
  head(id: string): Promise<Uint8Array>
  /**
   * A second name of a content that is whole, to be moved away: the first stays until `remove`, so that a process which dies
   * between the two loses nothing.
   */
  whole(id: string): Promise<string>
  fileOf(id: string): string
  remove(id: string): Promise<void>
  /** Removes what nobody knows any more: ids are known before their first bytes are written. */
  sweep(known: (ids: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void>
}

interface State {
  readonly hasher: Hasher
  /** Up to where it has summed up. */
  bytes: number
  idle: NodeJS.Timeout | undefined
}

/** How long sums in work are kept in memory for a next part. */
const keepMs = 10 * 60_000
/** What all sums in work may keep of their contents between two parts; those that rest longest are given up for others. */
const keepBytes = 64 * 1024 * 1024
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function openPartialContents(directory: string): PartialContents {
  const states = new Map<string, State>()

  const fileOf = (id: string): string => {
    if (!idShape.test(id)) throw new Error('this is no id of an upload')
    return path.join(directory, id)
  }

  const forget = (id: string): void => {
    const state = states.get(id)
    clearTimeout(state?.idle)
    state?.hasher.drop()
    states.delete(id)
  }

  /** Keeps sums for the next part, unless their content was removed meanwhile. */
  const rest = (id: string, state: State, bytes: number): void => {
    if (states.get(id) !== state) return
    state.bytes = bytes
    state.idle = setTimeout(forget, keepMs, id).unref()
    // The last in line of those that rest.
    states.delete(id)
    states.set(id, state)
    const resting = [...states].filter(([, { idle }]) => idle !== undefined)
    let held = resting.reduce((sum, [, { hasher }]) => sum + hasher.holds(), 0)
    for (const [one, { hasher }] of resting) {
      if (held <= keepBytes) break
      // One that is left to a worker holds nothing, and would be given up for nothing.
      if (hasher.holds() === 0) continue
      held -= hasher.holds()
      forget(one)
    }
  }

  /** The sums up to an offset, or null if this process does not have them. */
  const take = (id: string, offset: number): State | null => {
    const state = states.get(id)
    clearTimeout(state?.idle)
    if (state?.bytes === offset) {
      state.idle = undefined
      return state
    }
    forget(id)
    if (offset > 0) return null
    const fresh: State = { hasher: openHasher(), bytes: 0, idle: undefined }
    states.set(id, fresh)
    return fresh
  }

  /** What has another name as well is somebody else's by now, and must not be written. */
  const makeOwn = async (file: string): Promise<void> => {
    if (((await stat(file).catch(() => null))?.nlink ?? 1) === 1) return
    await copyFile(file, `${file}.own`)
    await rename(`${file}.own`, file)
  }

  return {
    fileOf,

    async whole(id) {
      const name = `${fileOf(id)}.whole`
      await rm(name, { force: true })
      await link(fileOf(id), name)
      return name
    },

    async append(id, content, { offset, maxBytes, checksum = null, spend = false, onDurable }) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await makeOwn(fileOf(id))
      await using handle = await open(fileOf(id), offset === 0 ? 'w' : 'r+', 0o600)
      if ((await handle.stat()).size < offset) throw new Error('bytes of an upload are gone')
      await handle.truncate(offset)
      const state = take(id, offset)
      const proof = checksum ? createHash(checksum.algorithm) : null
      const writer = new BlockWriter(handle, state?.hasher ?? null, offset, proof ? undefined : onDurable)
      let broken: unknown = null
      try {
        for await (const chunk of content) {
          const piece = chunk as Uint8Array
          if (writer.position + piece.byteLength > maxBytes) throw new PartTooLong()
          proof?.update(piece)
          const full = writer.take(piece)
          if (spend) free(piece)
          if (full) await full
        }
      } catch (error) {
        broken = error
      }
      if (proof && broken === null && !proof.digest().equals(checksum?.digest ?? Buffer.alloc(0)))
        broken = new WrongChecksum()
      const giveUp = broken instanceof PartTooLong || broken instanceof WrongChecksum || (proof && broken !== null)
      try {
        await writer.flush()
        if (giveUp) {
          await handle.truncate(offset)
          await handle.datasync()
        }
      } catch (error) {
        forget(id)
        throw error
      } finally {
        await writer.settled()
      }
      if (giveUp) {
        forget(id)
        return { bytes: offset, broken }
      }
      if (state) rest(id, state, writer.position)
      return { bytes: writer.position, broken }
    },

    async sum(id) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      // Of one without bytes nothing has come yet.
      await using handle = await open(fileOf(id), 'a', 0o600)
      const { size: bytes } = await handle.stat()
      const state = states.get(id)
      if (state?.bytes === bytes) {
        const checksums = await state.hasher.digest()
        forget(id)
        return { bytes, checksums }
      }
      forget(id)
      return { bytes, checksums: await sumFile(fileOf(id)) }
    },

    size: async (id) => (await stat(fileOf(id)).catch(() => null))?.size ?? 0,

    async room() {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      return roomIn(directory)
    },

    async head(id) {
      await using handle = await open(fileOf(id))
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return buffer.subarray(0, bytesRead)
    },

    async remove(id) {
      forget(id)
      await rm(fileOf(id), { force: true })
    },

    async sweep(known) {
      const names = (await readdir(directory).catch(() => [])).filter((name) => idShape.test(name.split('.', 1)[0]!))
      const idOf = (name: string): string => name.split('.', 1)[0]!
      const named = await known([...new Set(names.map(idOf))])
      for (const name of names) {
        if (named.has(idOf(name))) continue
        forget(idOf(name))
        await rm(path.join(directory, name), { force: true })
      }
    },
  }
}

async function sumFile(file: string): Promise<Written['checksums']> {
  const hasher = openHasher()
  try {
    let seen: Promise<void> | undefined
    for await (const block of createReadStream(file, { highWaterMark: 1 << 20 })) {
      // One block is read while the one before is summed up.
      await seen
      seen = hasher.update(block as Uint8Array)
      // Awaited with the next, unless that cannot be read.
      seen?.catch(() => undefined)
    }
    await seen
    return await hasher.digest()
  } finally {
    hasher.drop()
  }
}
