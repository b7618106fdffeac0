import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '#src/access/caller.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Run, RunHandler, RunOutcome, RunWork } from '#src/runs/run.ts'
import { countAnswer, openQuestion, streamAnswer, type WarehouseNeeds } from '#src/warehouse/run-query.ts'
import { countRaw, openRawQuestion, streamRaw } from '#src/warehouse/stream-rows.ts'
import type { ExportData, ExportFormat } from './jobs.ts'
import { askerGone } from './problems.ts'

export interface ExportNeeds {
  readonly warehouse: Omit<WarehouseNeeds, 'cache'>
  /** Who asked for a run, with the rights that they have now. */
  readonly callerOf: (run: Run) => Promise<Caller | null>
  /** Awaited first, so that what was refreshed before it was asked for is what is read. */
  readonly catchUp: () => Promise<void>
}

/** Nobody waits at the other end, so the engine may think for longer before its first row. */
const options = { timeoutMs: 30 * 60_000 }
const busyPauseMs = 3000

/** Answers the question as of now, with the eyes of who asked, and writes the rows to a file of the run. */
export const exportRows =
  ({ warehouse, callerOf, catchUp }: ExportNeeds): RunHandler<ExportData> =>
  async (work): Promise<RunOutcome> => {
    const { run, data, signal } = work
    const caller = await callerOf(run)
    if (!caller) throw askerGone({ detail: 'The account or the token that asked for this export no longer stands.' })
    await catchUp()
    const question = data.query ? openAnswer(warehouse, caller, data.query) : openRaw(warehouse, caller, data.raw!)
    let content: Readable | null = null
    try {
      work.log(`reads ${question.snapshot}`)
      const rows = await work.step('count', () => whenFree(work, () => question.count({ ...options, signal })))
      work.progress(0.05, `${rows} rows`)
      const artifact = await work.step('write', async () => {
        content = await whenFree(work, () => question.stream(data.format, { ...options, signal }))
        const onBytes = (bytes: number): void =>
          // How much there will be is not known.
          work.progress(bytes / (bytes + 50e6), `${(bytes / 1e6).toFixed(1)} MB written`)
        return work.addArtifact({ name: nameOf(run, data), mediaType: mediaTypes[data.format], content, onBytes })
      })
      work.log(`${artifact.name}: ${rows} rows, ${artifact.bytes} bytes, SHA-256 ${artifact.sha256}`)
      return { counts: { rows, bytes: artifact.bytes }, text: `${rows} rows` }
    } finally {
      // Once there is a stream, it gives the question back when it closes.
      if (content) (content as Readable).destroy()
      else question.release()
    }
  }

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  ndjson: 'application/x-ndjson',
}

interface Opened {
  readonly snapshot: string
  count(options: { signal: AbortSignal; timeoutMs: number }): Promise<number>
  stream(format: ExportFormat, options: { signal: AbortSignal; timeoutMs: number }): Promise<Readable>
  release(): void
}

function openAnswer(
  warehouse: ExportNeeds['warehouse'],
  caller: Caller,
  ask: NonNullable<ExportData['query']>,
): Opened {
  const question = openQuestion(warehouse, caller, ask)
  return {
    snapshot: question.reading.snapshot,
    count: (options) => countAnswer(warehouse, question, options),
    stream: (format, options) => streamAnswer(warehouse, question, format, options),
    release: () => question.release(),
  }
}

function openRaw(warehouse: ExportNeeds['warehouse'], caller: Caller, ask: NonNullable<ExportData['raw']>): Opened {
  const question = openRawQuestion(warehouse, caller, ask)
  return {
    snapshot: question.reading.snapshot,
    count: (options) => countRaw(warehouse, question, options),
    stream: async (format, options) => (await streamRaw(warehouse, question, format, { limit: null }, options)).stream,
    release: () => question.release(),
  }
}

/** The engine's places are for who waits at a screen first; a file can wait its turn. */
async function whenFree<T>({ signal, progress }: RunWork<unknown>, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'warehouse-busy')) throw error
      progress(0, 'waiting for the warehouse')
      await sleep(busyPauseMs, undefined, { signal })
    }
  }
}

function nameOf({ createdAt, subject }: Run, { name, format, raw }: ExportData): string {
  const moment = createdAt.toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')
  return `${name ?? `${subject.id}${raw ? '-raw' : ''}-${moment}`}.${format}`
}
