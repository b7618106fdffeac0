import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Database } from '#src/database/change.ts'
import { mayPass } from '#src/database/may-pass.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { storageAway } from '#src/files/problems.ts'
import { Problem } from '#src/problem/problem.ts'
import { ChildGone, runTableChild } from './run-table-child.ts'
import {
  type Content,
  type ContentTable,
  findTable,
  insertContents,
  putBack,
  putTable,
  putTrouble,
  takeTable,
  takeThisTable,
} from './store.ts'
import { NotATable } from './table-order.ts'

export interface TableNeeds {
  readonly db: Database
  readonly contents: ContentStore
  /** For what is being read; everything in it is ours. */
  readonly tablesDirectory: string
}

const memoryLimitBytes = 512 * 2 ** 20
/** A small Parquet file may claim any number of them. */
const mostRows = 2_000_000_000
const longestReadMs = 15 * 60_000
const mostAttempts = 2
/** Until what could not be read because of others is tried again. */
const pauseSeconds = 60
const staleSeconds = longestReadMs / 1000 + 60

/** Takes the next file that waits for whose turn it is, but for none of `notOf`; null: none waits. */
export const takeNext = (needs: TableNeeds, notOf: readonly string[]): Promise<ContentTable | null> =>
  takeTable(needs.db, { staleSeconds, notOf })

/** Reads a file that was taken. Whatever the file does, the row says what came of it. */
export async function readTaken(needs: TableNeeds, taken: ContentTable, signal: AbortSignal): Promise<void> {
  await mkdir(needs.tablesDirectory, { recursive: true, mode: 0o700 })
  const scratch = await mkdtemp(path.join(needs.tablesDirectory, 'table-'))
  const stop = AbortSignal.any([signal, AbortSignal.timeout(longestReadMs)])
  try {
    const file = await localFile(needs.contents, taken.sha256, path.join(scratch, 'content'), stop)
    if (file === null) throw new NotATable('Its content is not in the store.')
    const order = { kind: 'read', file, format: taken.format, scratch, memoryLimitBytes, mostRows } as const
    const message = await runTableChild(order, { signal: stop })
    if (!('read' in message)) throw new Error('the process said something else than what it read')
    const draft = await needs.contents.draft(createReadStream(path.join(scratch, 'table.parquet')))
    await needs.db.transaction().execute(async (tx) => {
      await draft.keep(tx)
      await putTable(tx, taken, message.read, draft)
    })
  } catch (error) {
    if (signal.aborted || isMomentary(error)) {
      await putBack(needs.db, taken, signal.aborted ? null : pauseSeconds)
      throw error
    }
    if (error instanceof NotATable) await putTrouble(needs.db, taken, error.message)
    else if (error instanceof ChildGone || stop.aborted)
      await putTrouble(
        needs.db,
        taken,
        taken.attempts < mostAttempts ? null : 'It takes more memory or time to read than tables of datasets may.',
      )
    else {
      await putTrouble(needs.db, taken, taken.attempts < mostAttempts ? null : 'It could not be read.')
      if (taken.attempts >= mostAttempts) throw error
    }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Whether storage, disk or database are in trouble, and not the file. */
const isMomentary = (error: unknown): boolean =>
  error instanceof Problem ? error.kind === 'unavailable' : mayPass(error) || hasCode(error, 'ENOSPC')

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException | null)?.code === code

/** The table of a content, read now where nobody has yet. */
export async function ensureTable(needs: TableNeeds, content: Content, signal: AbortSignal): Promise<ContentTable> {
  await insertContents(needs.db, [content])
  for (;;) {
    signal.throwIfAborted()
    const known = await findTable(needs.db, content)
    if (known && (known.state === 'read' || known.state === 'failed')) return known
    const taken = await takeThisTable(needs.db, content, { staleSeconds })
    if (taken) await readTaken(needs, taken, signal)
    // Another process is at it.
    else await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Where a content can be opened as a file: in the store, or fetched from it to `target`; null: it is not there. */
export async function localFile(
  contents: ContentStore,
  sha256: string,
  target: string,
  signal: AbortSignal,
): Promise<string | null> {
  const place = contents.pathOf(sha256)
  const isThere = await access(place).then(
    () => true,
    () => false,
  )
  if (isThere) return place
  const content = await contents.read(sha256)
  if (!content) return null
  await pipeline(content, createWriteStream(target, { mode: 0o600 }), { signal }).catch((cause: unknown) => {
    throw signal.aborted || hasCode(cause, 'ENOSPC') ? cause : storageAway({ cause })
  })
  return target
}
