import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Algorithm, Checksums } from './checksums.ts'
import { diskShelf } from './disk-shelf.ts'
import { draftFile, dropLeftovers } from './drafts.ts'
import { roomIn } from './room-in.ts'
import { type S3Place, s3Shelf } from './s3-shelf.ts'
import { relativePath, type Shelf } from './shelf.ts'
import { type Written, writeBlocks } from './write-blocks.ts'

/** Content that has been written and flushed, but that nothing names yet. `discard` it when it is not kept. */
export interface Draft {
  /** In hexadecimal. */
  readonly sha256: string
  readonly checksums: Checksums
  readonly bytes: number
  /** Where it stands until it is kept or discarded, for what needs a file. */
  readonly file: string
  /**
   * Puts it into the store, in the transaction that inserts the row which names it: once that commits, the content is
   * there for as long as the row is.
   */
  keep(tx: Tx): Promise<void>
  discard(): Promise<void>
}

export interface DraftOptions {
  readonly signal?: AbortSignal
  readonly maxBytes?: number
  /** Besides MD5 and SHA-256. */
  readonly checksums?: readonly Algorithm[]
  /** Whether the pieces of the stream are nobody else's, so that their memory can be freed as soon as they are copied. */
  readonly spend?: boolean
  /** Hears how much has been written so far. */
  readonly onBytes?: (bytes: number) => void
}

/** Tells which of these contents are named by rows of a room. */
export type NamedContents = (tx: Tx, sha256s: readonly string[]) => Promise<readonly string[]>

/**
 * Files by the SHA-256 of what is in them: the same content is kept once, and is never written again. Rows of the
 * database name it; what none of them names is collected.
 */
export interface ContentStore {
  /** Writes a stream or bytes to a draft, in constant memory. */
  draft(content: Readable | Uint8Array, options?: DraftOptions): Promise<Draft>
  /** Makes a draft of a file below the store's own directory that has been written, flushed and summed up; it is moved away when kept. */
  adopt(file: string, written: Written): Promise<Draft>
  /** Keeps a content where it is until the transaction ends, whatever becomes of the rows that name it meanwhile. */
  hold(tx: Tx, sha256: string): Promise<void>
  /** The content, or the bytes from `start` to `end` (both included) of it; null when it is not there. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable | null>
  /** Where the content stands if it is kept on the disk; may be missing there, so `withFile` is what works with any storage. */
  pathOf(sha256: string): string
  /** Gives a file with the content to a function, for as long as that takes; null when it is not there. It is not to be changed. */
  withFile<T>(sha256: string, use: (file: string) => Promise<T>): Promise<T | null>
  /** Deletes what no row names and what crashed processes left. Safe beside drafts and other sweeps. */
  sweep(db: Database): Promise<{ deleted: number; bytes: number }>
  /** Bytes that the disk has room for where drafts are written. */
  room(): Promise<number>
  /** Rejects where contents cannot be kept. */
  check(): Promise<void>
}

interface StoreNeeds {
  /** For drafts, and for the contents themselves unless they stand somewhere else. */
  readonly directory: string
  /** Of every room that keeps contents. */
  readonly namedBy: readonly NamedContents[]
  /** Where they stand instead. */
  readonly s3?: S3Place | null
  readonly shelf?: Shelf
}

/** A content of this size might be anybody's mistake; rooms set their own limits below. */
const mostBytes = 2 ** 40

export function openContentStore({ directory, namedBy, s3 = null, shelf: given }: StoreNeeds): ContentStore {
  const drafts = path.join(directory, 'drafts')
  const shelf = given ?? (s3 ? s3Shelf({ place: s3, drafts }) : diskShelf(directory))

  const hold = async (tx: Tx, sha256: string): Promise<void> => {
    // Shared with others who keep the same, but not with a sweep that is looking whether anybody does.
    await sql`select pg_advisory_xact_lock_shared(${lockOf(sha256)})`.execute(tx)
  }

  const draftOf = async (file: string, written: Written, letGo: () => void): Promise<Draft> => {
    const { checksums, bytes } = written
    await shelf.bring(file, written)
    return {
      sha256: checksums.sha256,
      checksums,
      bytes,
      file,
      async keep(tx) {
        await hold(tx, checksums.sha256)
        await shelf.place(file, written)
        // Where contents stand elsewhere it is still here.
        await rm(file, { force: true })
        letGo()
      },
      async discard() {
        await rm(file, { force: true })
        letGo()
      },
    }
  }

  return {
    hold,
    adopt: (file, written) => draftOf(file, written, () => undefined),

    async draft(content, options = {}) {
      await mkdir(drafts, { recursive: true, mode: 0o700 })
      const { path: file, letGo } = draftFile(drafts)
      try {
        return await draftOf(file, await write(file, content, options), letGo)
      } catch (error) {
        await rm(file, { force: true })
        letGo()
        throw error
      }
    },

    pathOf: (sha256) => path.join(directory, relativePath(sha256)),
    read: (sha256, range) => shelf.read(sha256, range),
    withFile: (sha256, use) => shelf.withFile(sha256, use),
    check: () => shelf.check(),

    async room() {
      await mkdir(drafts, { recursive: true, mode: 0o700 })
      return roomIn(drafts)
    },

    async sweep(db) {
      await dropLeftovers(drafts)
      await shelf.tidy()
      let deleted = 0
      let freed = 0
      for await (const batch of shelf.list()) {
        const contents = batch.map(({ sha256 }) => sha256)
        for (const sha256 of await unnamed(db, contents)) {
          const bytes = await deleteUnlessNamed(db, sha256)
          if (bytes === null) continue
          deleted++
          freed += bytes
        }
      }
      return { deleted, bytes: freed }
    },
  }

  async function unnamed(db: Database | Tx, contents: readonly string[]): Promise<string[]> {
    if (contents.length === 0) return []
    const named = new Set((await Promise.all(namedBy.map((ask) => ask(db as Tx, contents)))).flat())
    return contents.filter((sha256) => !named.has(sha256))
  }

  /** Looks again under the lock, which everybody who keeps this content holds until their row is there for all to see. */
  function deleteUnlessNamed(db: Database, sha256: string): Promise<number | null> {
    return db.transaction().execute(async (tx) => {
      // Whoever waited for it would hold up all others who keep something under it; the next sweep comes for certain.
      const { rows } = await sql<{
        free: boolean
      }>`select pg_try_advisory_xact_lock(${lockOf(sha256)}) as free`.execute(tx)
      if (!rows[0]?.free || (await unnamed(tx, [sha256])).length === 0) return null
      return shelf.remove(sha256)
    })
  }
}

/**
 * Two numbers of an advisory lock: that of all contents, and one of few, since a transaction may keep thousands of contents and
 * the server has room for some thousand locks. Contents that share one are only swept later.
 */
const lockOf = (sha256: string) => sql`${contentLocks}::int, ${Number.parseInt(sha256.slice(0, 2), 16)}::int`
const contentLocks = 1

async function write(
  file: string,
  content: Readable | Uint8Array,
  { signal, maxBytes = mostBytes, onBytes, checksums, spend }: DraftOptions,
): Promise<Written> {
  await using handle = await open(file, 'wx', 0o600)
  // Leaving the loop early destroys the stream, and with it the work that feeds it.
  const stop = (): void => void ('destroy' in content && content.destroy(signal?.reason as Error))
  signal?.addEventListener('abort', stop, { once: true })
  try {
    signal?.throwIfAborted()
    const pieces = 'destroy' in content ? content : [content]
    const written = await writeBlocks(handle, pieces, { maxBytes, onBytes, checksums, spend })
    signal?.throwIfAborted()
    return written
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}
