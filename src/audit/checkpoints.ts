import { createReadStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Database } from '#src/database/change.ts'
import { readHash, readHead } from './store.ts'

/** The end of the chain at some moment, noted outside the database. */
export interface Checkpoint {
  readonly id: number
  readonly hash: string
  readonly at: string
}

export interface Checkpoints {
  /** Notes the end of the chain now, if it moved. False when the database no longer holds the chain noted last. */
  write(): Promise<boolean>
  /** What was noted last, and whether the database still held it when somebody looked; null when nobody has. */
  latest(): Promise<{ point: Checkpoint | null; whole: boolean | null }>
  /** Notes it once more and stops. */
  close(): Promise<void>
}

/**
 * Notes the end of the chain in a file beside the data, every minute in which it moved: whoever can rewrite the whole
 * database still can't make it agree with this file (ship it elsewhere to be safe from who can write both).
 */
export function startCheckpoints(needs: {
  db: Database
  file: string
  log: { error(facts: object, text: string): void }
  everyMs?: number
}): Checkpoints {
  let last: Checkpoint | null | undefined
  let whole: boolean | null = null
  const findLast = async () => {
    if (last === undefined) last = (await readCheckpoints(needs.file)).at(-1) ?? null
    return last
  }
  const write = async () => {
    const before = await findLast()
    const head = await readHead(needs.db)
    whole = !before || (await readHash(needs.db, before.id)) === before.hash
    if (!whole) return false
    if (!head || head.id === (before?.id ?? 0)) return true
    const point = { ...head, at: new Date().toISOString() }
    await append(needs.file, `${JSON.stringify(point)}\n`)
    last = point
    return true
  }
  // One after the other, so that a slow disk or database never makes two writers.
  let running: Promise<unknown> = Promise.resolve()
  const next = () => {
    const written = running.then(write)
    running = written.catch((error: unknown) =>
      needs.log.error({ err: error }, 'the audit checkpoint could not be written'),
    )
    return written
  }
  const tick = async () => {
    const whole = await next().catch(() => true)
    if (!whole)
      needs.log.error({ file: needs.file }, 'the audit trail is not the one noted last: run `tessera audit verify`')
  }
  const timer = setInterval(() => void tick(), needs.everyMs ?? 60_000)
  timer.unref()
  return {
    write: next,
    latest: async () => ({ point: await findLast(), whole }),
    close: async () => {
      clearInterval(timer)
      await tick()
    },
  }
}

/** Everything noted so far; none when there is no file yet. A line cut short by a crash is left out. */
export async function readCheckpoints(file: string): Promise<Checkpoint[]> {
  const points: Checkpoint[] = []
  try {
    for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
      const point = parse(line)
      if (point) points.push(point)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return points
}

function parse(line: string): Checkpoint | null {
  const [, id, hash, at] = /\{"id":(\d+),"hash":"([0-9a-f]{64})","at":"([^"]+)"\}$/.exec(line) ?? []
  return id && hash && at ? { id: Number(id), hash, at } : null
}

async function append(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(text)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
