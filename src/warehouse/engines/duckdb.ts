import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBValue,
  LIST,
  listValue,
  StatementType,
  VARCHAR,
} from '@duckdb/node-api'
import { Problem } from '#src/problem/problem.ts'
import { outOfMemory, queryCancelled, queryFailed, queryTimedOut, queryTooLarge } from '../problems.ts'
import { snapshotDirectory } from '../snapshot-directory.ts'
import { streamArrow } from './duckdb-arrow.ts'
import { streamCopy } from './duckdb-copy.ts'
import { duckdbDialect } from './duckdb-dialect.ts'
import { literal, lockDown, lockedExtensions } from './duckdb-lock-down.ts'
import type { Cell, Engine, Parameter, Statement } from './engine.ts'
import { makeGate } from './gate.ts'
import type { StopReason } from './started-stream.ts'

export interface DuckDbOptions {
  /** Snapshots, pipes and spilled data live below this directory. */
  readonly directory: string
  /** Over all open snapshots together. */
  readonly memoryLimitBytes: number
  /** Null: one per processor. */
  readonly threads: number | null
  /** Bytes that queries may spill to disk. Default 50 GB. */
  readonly spillLimitBytes?: number
  /** A query that takes longer, or a stream that stands still for so long, is stopped. */
  readonly timeoutMs: number
  /** Each running query holds a libuv thread, so these together stay well below UV_THREADPOOL_SIZE (16). */
  readonly interactive?: number
  readonly exports?: number
}

/**
 * One locked-down DuckDB in memory, to which snapshots are attached read-only: they share one memory budget, and the
 * engine can open nothing outside the warehouse's own directories, nor change that again.
 */
export async function openDuckDb(options: DuckDbOptions): Promise<Engine> {
  const pipes = join(options.directory, 'pipes', String(process.pid))
  const spill = join(options.directory, 'spill', String(process.pid))
  const snapshots = snapshotDirectory(options.directory)
  await dropLeftovers(options.directory)
  for (const directory of [pipes, spill, snapshots]) await mkdir(directory, { recursive: true, mode: 0o700 })
  const instance = await DuckDBInstance.create(':memory:', {
    ...(options.threads !== null && { threads: String(options.threads) }),
    memory_limit: bytes(options.memoryLimitBytes),
    temp_directory: spill,
    max_temp_directory_size: bytes(options.spillLimitBytes ?? 50e9),
    preserve_insertion_order: 'true',
    ...lockedExtensions,
  })
  const keeper = await instance.connect()
  await lockDown(keeper, [snapshots, pipes])
  const interactive = makeGate(options.interactive ?? 4, { waiting: 200, waitMs: options.timeoutMs })
  const exports = makeGate(options.exports ?? 2, { waiting: 50, waitMs: options.timeoutMs })

  return {
    dialect: duckdbDialect,
    async attach(snapshot, file) {
      await keeper.run(`attach ${literal(file)} as ${duckdbDialect.quote(snapshot)} (read_only)`)
    },
    async detach(snapshot) {
      await keeper.run(`detach ${duckdbDialect.quote(snapshot)}`)
    },
    async query(statement, { signal, timeoutMs = options.timeoutMs, asker, maxRows }) {
      const leave = await interactive.enter(signal, asker).catch(raise)
      const connection = await instance.connect()
      const guard = interruptOn(connection, signal, timeoutMs)
      try {
        await prepareSelect(connection, statement)
        // Not as a stream: the library's streams just end when the engine fails, and half an answer would look whole.
        const limited = await connection.prepare(`select * from (${statement.sql}\n) limit ${maxRows + 1}`)
        bind(limited, statement.params)
        const reader = await limited.runAndReadAll()
        if (reader.currentRowCount > maxRows)
          throw queryTooLarge({
            detail: `It has more than ${maxRows} rows.`,
            hint: 'Narrow the period or the filters, set a limit, or ask for NDJSON, CSV, Parquet or Arrow, which are streamed; POST /v1/exports writes them to a file.',
          })
        return { columns: reader.columnNames(), rows: reader.getRows().map((row) => row.map(cell)) }
      } catch (error) {
        throw asProblem(error, guard.reason())
      } finally {
        guard.stop()
        connection.disconnectSync()
        leave()
      }
    },
    async stream(statement, format, { signal, timeoutMs = options.timeoutMs, asker }) {
      const leave = await exports.enter(signal, asker).catch(raise)
      const connection = await instance.connect()
      const done = () => {
        connection.disconnectSync()
        leave()
      }
      try {
        const prepared = await prepareSelect(connection, statement)
        const needs = { connection, signal, timeoutMs, explain: asProblem, done }
        const again = (copy: DuckDBPreparedStatement) => bind(copy, statement.params)
        return format === 'arrow'
          ? await streamArrow(needs, { statement, prepared, bind: again })
          : await streamCopy(needs, { statement, format, pipes, bind: again })
      } catch (error) {
        done()
        throw asProblem(error, signal?.aborted ? 'cancelled' : null)
      }
    },
    async describe() {
      const connection = await instance.connect()
      try {
        const reader = await connection.runAndReadAll(
          `select version(), coalesce(sum(memory_usage_bytes), 0)::double, coalesce(sum(temporary_storage_bytes), 0)::double
           from duckdb_memory()`,
        )
        const [version, memoryBytes, spilledBytes] = reader.getRows()[0] as [string, number, number]
        const memoryLimitBytes = options.memoryLimitBytes
        return { name: 'DuckDB', version: version.replace(/^v/, ''), memoryLimitBytes, memoryBytes, spilledBytes }
      } finally {
        connection.disconnectSync()
      }
    },
    async close() {
      keeper.disconnectSync()
      instance.closeSync()
      for (const directory of [pipes, spill]) await rm(directory, { recursive: true, force: true })
    },
  }
}

const bytes = (count: number): string => `${Math.floor(count / 1024)}KiB`

/** Pipes and spilled data of processes that are gone. */
async function dropLeftovers(directory: string): Promise<void> {
  for (const kind of ['pipes', 'spill'])
    for (const name of await readdir(join(directory, kind)).catch(() => []))
      if (!alive(Number(name))) await rm(join(directory, kind, name), { recursive: true, force: true })
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** One SELECT and nothing else may run: anything that got into the text could at most read. */
async function prepareSelect(connection: DuckDBConnection, statement: Statement): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(statement.sql)
  if (prepared.statementType !== StatementType.SELECT) throw new Error('the planner wrote something else than a SELECT')
  bind(prepared, statement.params)
  return prepared
}

function bind(prepared: DuckDBPreparedStatement, params: readonly Parameter[]): void {
  params.forEach((value, i) => {
    if (Array.isArray(value)) prepared.bindValue(i + 1, listValue(value as string[]), LIST(VARCHAR))
    else if (Number.isSafeInteger(value)) prepared.bindBigInt(i + 1, BigInt(value as number))
    else prepared.bindValue(i + 1, value as DuckDBValue)
  })
}

const cell = (value: DuckDBValue): Cell => {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  throw new Error('the planner asked for a type that has no form on the wire')
}

/** Stops a running query when the caller leaves or time is up. */
function interruptOn(connection: DuckDBConnection, signal: AbortSignal | undefined, timeoutMs: number) {
  let reason: StopReason = null
  let again: NodeJS.Timeout | undefined
  const stopWith = (why: StopReason) => () => {
    reason ??= why
    connection.interrupt()
    // What comes before the engine has begun is lost, so it is said until the query has ended.
    again ??= setInterval(() => connection.interrupt(), 20)
  }
  const cancel = stopWith('cancelled')
  const timer = setTimeout(stopWith('timed_out'), timeoutMs)
  signal?.addEventListener('abort', cancel, { once: true })
  if (signal?.aborted) cancel()
  return {
    reason: () => reason,
    stop() {
      clearTimeout(timer)
      clearInterval(again)
      signal?.removeEventListener('abort', cancel)
    },
  }
}

const raise = (error: unknown): never => {
  throw error instanceof Problem ? error : queryCancelled({ cause: error })
}

/** The engine's own words may hold SQL and paths, so they go to the log only. */
function asProblem(error: unknown, reason: StopReason): Problem {
  if (error instanceof Problem) return error
  if (reason === 'timed_out')
    return queryTimedOut({ hint: 'Ask for a shorter period, fewer dimensions or a larger unit.', cause: error })
  if (reason === 'cancelled') return queryCancelled({ cause: error })
  const text = error instanceof Error ? error.message : String(error)
  if (/out of memory|max_temp_directory_size/i.test(text))
    return outOfMemory({ hint: 'Ask for a shorter period, fewer dimensions or a larger unit.', cause: error })
  return queryFailed({ cause: error })
}
