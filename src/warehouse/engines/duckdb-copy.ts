import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api'
import { literal } from './duckdb-lock-down.ts'
import type { RowFormat, Statement } from './engine.ts'
import { type StopReason, type StreamNeeds, startedStream } from './started-stream.ts'

const copyOptions: Record<Exclude<RowFormat, 'arrow'>, string> = {
  json: 'format json, array true',
  ndjson: 'format json',
  csv: 'format csv, header true',
  parquet: 'format parquet, compression zstd',
  text_lines: "format csv, header false, quote '', escape '', delimiter e'\\x01'",
}

interface CopyAsk {
  readonly statement: Statement
  readonly format: Exclude<RowFormat, 'arrow'>
  /** Directory for named pipes that the engine may write to. */
  readonly pipes: string
  bind(prepared: DuckDBPreparedStatement): void
}

/**
 * The engine's own COPY into a named pipe: the fastest way out, and in constant memory. The pipe's end is not success, so
 * the stream ends well only when COPY has.
 */
export async function streamCopy(needs: StreamNeeds, ask: CopyAsk): Promise<Readable> {
  const fifo = join(ask.pipes, randomBytes(12).toString('hex'))
  await promisify(execFile)('mkfifo', ['-m', '600', fifo])
  // Without blocking: a plain file stream would hold a pool thread until the engine begins to write.
  const fd = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const socket = new Socket({ fd, readable: true, writable: false })
  let stopped: StopReason = null
  let copying: Promise<unknown>
  try {
    const prepared = await needs.connection.prepare(
      `copy (${ask.statement.sql}\n) to ${literal(fifo)} (${copyOptions[ask.format]})`,
    )
    ask.bind(prepared)
    copying = prepared.run()
  } catch (error) {
    socket.destroy()
    await rm(fifo, { force: true })
    throw error
  }

  const outcome = copying.then(
    () => null,
    (error: unknown) => {
      // The pipe does not end by itself when COPY never opened it.
      socket.destroy()
      return needs.explain(error, stopped)
    },
  )
  const stop = (reason: StopReason) => {
    stopped ??= reason
    needs.connection.interrupt()
    socket.destroy()
    void letThrough(fifo, outcome, needs.connection)
  }
  const cancel = () => stop('cancelled')
  needs.signal?.addEventListener('abort', cancel, { once: true })
  if (needs.signal?.aborted) cancel()

  const chunks = readUntilCopied(socket, outcome, stop, needs.timeoutMs)
  const finish = async () => {
    needs.signal?.removeEventListener('abort', cancel)
    socket.destroy()
    await letThrough(fifo, outcome, needs.connection)
    await rm(fifo, { force: true })
    needs.done()
  }
  return startedStream(chunks, finish)
}

/**
 * Opening a pipe to write waits until somebody reads. When the reader has gone before that, COPY would wait for ever: so it
 * is let in, to fail on its first write, as often as it takes.
 */
async function letThrough(fifo: string, outcome: Promise<unknown>, connection: DuckDBConnection): Promise<void> {
  let ended = false
  const end = outcome.then(() => {
    ended = true
  })
  // Between two openings there must be time without a reader, for the write to fail.
  await Promise.race([end, sleep(5)])
  while (!ended) {
    const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
    await Promise.race([end, sleep(5)])
    closeSync(reader)
    // An interrupt that came before the engine had begun was lost.
    connection.interrupt()
    await Promise.race([end, sleep(5)])
  }
}

/** What the pipe carries; throws when COPY failed, or when neither engine nor reader moved for too long. */
async function* readUntilCopied(
  socket: Socket,
  outcome: Promise<Error | null>,
  stop: (reason: StopReason) => void,
  stallMs: number,
): AsyncGenerator<Buffer> {
  const watch = setTimeout(() => stop('timed_out'), stallMs)
  let whole = false
  try {
    for await (const chunk of socket) {
      watch.refresh()
      yield chunk as Buffer
      watch.refresh()
    }
    whole = true
  } catch (error) {
    const failure = await outcome
    throw failure ?? error
  } finally {
    clearTimeout(watch)
    // Left early: the reader is gone, so the engine need not go on.
    if (!whole) socket.destroy()
  }
  const failure = await outcome
  if (failure) throw failure
}
