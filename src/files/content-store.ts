import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import { isAliveBeside } from './alive-beside.ts'
import type { Algorithm, Checksums } from './checksums.ts'
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
  /** Makes a draft of a file on the store's own disk that has been written, flushed and summed up; it is moved away when kept. */
  adopt(file: string, written: Written): Promise<Draft>
  /** Keeps a content where it is until the transaction ends, whatever becomes of the rows that name it meanwhile. */
  hold(tx: Tx, sha256: string): Promise<void>
  /** The content, or the bytes from `start` to `end` (both included) of it; null when it is not there. */
  read(sha256: string, range?: { start: number; end: number }): Promise<Readable | null>
  /** Where the content stands, for what needs a file; it may be collected once no row names it any more. */
  pathOf(sha256: string): string
  /** Deletes what no row names and what crashed processes left. Safe beside drafts and other sweeps. */
  sweep(db: Database): Promise<{ deleted: number; bytes: number }>
}

interface StoreNeeds {
  readonly directory: string
  /** Of every room that keeps contents. */
  readonly namedBy: readonly NamedContents[]
}

/** A draft of a living process, or of one on another machine, is left alone for so long after its last write. */
const staleMs = 6 * 3_600_000
/** Drafts are named by machine and process, so that whoever tidies up knows whom to ask whether they are in work. */
const here = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
/** Files that this process is writing. */
const inWork = new Set<string>()

/** A content of this size might be anybody's mistake; rooms set their own limits below. */
const mostBytes = 2 ** 40

export function openContentStore({ directory, namedBy }: StoreNeeds): ContentStore {
  const drafts = path.join(directory, 'drafts')
  const hold = async (tx: Tx, sha256: string): Promise<void> => {
    // Shared with others who keep the same, but not with a sweep that is looking whether anybody does.
    await sql`select pg_advisory_xact_lock_shared(${lockOf(sha256)})`.execute(tx)
  }
  const draftOf = (file: string, { checksums, bytes }: Written): Draft => ({
    sha256: checksums.sha256,
    checksums,
    bytes,
    file,
    async keep(tx) {
      await hold(tx, checksums.sha256)
      await putInPlace(file, pathOf(checksums.sha256))
      inWork.delete(file)
    },
    async discard() {
      await rm(file, { force: true })
      inWork.delete(file)
    },
  })
  const pathOf = (sha256: string): string => path.join(directory, relativePath(sha256))

  return {
    pathOf,
    hold,
    adopt: async (file, written) => draftOf(file, written),

    async draft(content, options = {}) {
      await mkdir(drafts, { recursive: true, mode: 0o700 })
      const file = path.join(drafts, `${here}-${process.pid}-${randomBytes(9).toString('hex')}`)
      inWork.add(file)
      try {
        return draftOf(file, await write(file, content, options))
      } catch (error) {
        await rm(file, { force: true })
        inWork.delete(file)
        throw error
      }
    },

    async read(sha256, range) {
      const handle = await open(pathOf(sha256)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (!handle) return null
      return createReadStream('', { fd: handle, ...range, highWaterMark: 1 << 18 })
    },

    async sweep(db) {
      await dropLeftovers(drafts)
      let deleted = 0
      let freed = 0
      for (const shelf of await namesIn(directory, /^[0-9a-f]{2}$/)) {
        const contents = await namesIn(path.join(directory, shelf), /^[0-9a-f]{64}$/)
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
      await sql`select pg_advisory_xact_lock(${lockOf(sha256)})`.execute(tx)
      if ((await unnamed(tx, [sha256])).length === 0) return null
      const file = pathOf(sha256)
      const facts = await stat(file).catch(() => null)
      if (!facts) return null
      await rm(file, { force: true })
      return facts.size
    })
  }
}

/** Below the store's directory; also how backups name it. */
export const relativePath = (sha256: string): string => {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('this is no SHA-256')
  return `${sha256.slice(0, 2)}/${sha256}`
}

/** Advisory locks have numbers; two contents that share one only wait for each other. */
const lockOf = (sha256: string): string => String(Buffer.from(sha256.slice(0, 16), 'hex').readBigInt64BE())

async function write(
  file: string,
  content: Readable | Uint8Array,
  { signal, maxBytes = mostBytes, onBytes, checksums }: DraftOptions,
): Promise<Written> {
  await using handle = await open(file, 'wx', 0o600)
  // Leaving the loop early destroys the stream, and with it the work that feeds it.
  const stop = (): void => void ('destroy' in content && content.destroy(signal?.reason as Error))
  signal?.addEventListener('abort', stop, { once: true })
  try {
    signal?.throwIfAborted()
    const written = await writeBlocks(handle, 'destroy' in content ? content : [content], {
      maxBytes,
      onBytes,
      checksums,
    })
    signal?.throwIfAborted()
    return written
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** The draft has been flushed; the directory must know its new name as surely. */
async function putInPlace(draft: string, file: string): Promise<void> {
  const shelf = path.dirname(file)
  await mkdir(shelf, { recursive: true, mode: 0o700 })
  // Over the same content at most: readers of that one hold it open.
  await rename(draft, file).catch(async (error: NodeJS.ErrnoException) => {
    // Put in place before, by a transaction that was rolled back.
    if (error.code !== 'ENOENT' || !(await stat(file).catch(() => null))) throw error
  })
  for (const directory of [shelf, path.dirname(shelf)]) {
    await using handle = await open(directory)
    await handle.sync()
  }
}

const namesIn = async (directory: string, shape: RegExp): Promise<string[]> =>
  (await readdir(directory).catch(() => [])).filter((name) => shape.test(name))

async function dropLeftovers(drafts: string): Promise<void> {
  for (const name of await namesIn(drafts, /^[0-9a-f]{8}-\d+-[0-9a-f]{18}$/)) {
    const file = path.join(drafts, name)
    const facts = await stat(file).catch(() => null)
    if (!facts || inWork.has(file)) continue
    const [machine, pid] = name.split('-')
    const mayBeInWork = machine !== here || isAliveBeside(Number(pid))
    if (!mayBeInWork || Date.now() - facts.mtimeMs > staleMs) await rm(file, { force: true })
  }
}
