import type { Readable } from 'node:stream'
import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import { AsyncByteQueue, Field, makeData, RecordBatch, RecordBatchStreamWriter, Schema, Struct } from 'apache-arrow'
import { arrowColumn } from './arrow-columns.ts'
import type { Statement } from './engine.ts'
import { type StopReason, type StreamNeeds, startedStream } from './started-stream.ts'

const rowsPerChunk = 2048
const rowsPerBatch = 32 * rowsPerChunk

/** What the writer has written since the last look, so that we write on only as fast as the reader reads. */
class Pieces extends AsyncByteQueue {
  #pieces: Uint8Array[] = []

  override write(piece: Uint8Array): void {
    this.#pieces.push(piece)
  }

  take(): Uint8Array {
    const taken = Buffer.concat(this.#pieces)
    this.#pieces = []
    return taken
  }
}

interface ArrowAsk {
  readonly statement: Statement
  /** The statement prepared: it tells the columns. */
  readonly prepared: DuckDBPreparedStatement
  bind(prepared: DuckDBPreparedStatement): void
}

/**
 * Arrow IPC (stream format), built from the engine's vectors. The library's stream of chunks just ends when the engine
 * fails, so a last row is added that says "this was all"; without it the answer is not whole.
 */
export async function streamArrow(needs: StreamNeeds, { statement, prepared, bind }: ArrowAsk): Promise<Readable> {
  let stopped: StopReason = null
  const stop = (reason: StopReason) => {
    stopped ??= reason
    needs.connection.interrupt()
  }
  const cancel = () => stop('cancelled')
  needs.signal?.addEventListener('abort', cancel, { once: true })
  if (needs.signal?.aborted) cancel()
  const watch = setTimeout(() => stop('timed_out'), needs.timeoutMs)

  async function* write(): AsyncGenerator<Uint8Array> {
    const count = prepared.columnCount
    const columns = Array.from({ length: count }, (_, i) => arrowColumn(prepared.columnTypeId(i), rowsPerBatch))
    const schema = new Schema(columns.map(({ type }, i) => new Field(prepared.columnName(i), type, true)))
    const marked = await needs.connection.prepare(
      `select *, false from (${statement.sql}\n) union all select ${'null, '.repeat(count)}true`,
    )
    bind(marked)
    const result = await marked.stream()
    const pieces = new Pieces()
    const writer = new RecordBatchStreamWriter().reset(pieces, schema)
    let rows = 0
    let whole = false
    const flush = () => {
      const children = columns.map((column) => column.take())
      writer.write(new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, children })))
      rows = 0
      return pieces.take()
    }
    while (!whole) {
      const chunk = await result.fetchChunk()
      watch.refresh()
      if (stopped || chunk === null || chunk.rowCount === 0) throw new Error('the engine stopped before the end')
      whole = chunk.getColumnVector(count).getItem(chunk.rowCount - 1) === true
      if (whole) chunk.rowCount -= 1
      for (const [i, column] of columns.entries()) column.add(chunk, i)
      rows += chunk.rowCount
      if (rows > rowsPerBatch - rowsPerChunk || whole) {
        yield flush()
        watch.refresh()
      }
    }
    writer.finish()
    yield pieces.take()
  }
  async function* explained(): AsyncGenerator<Uint8Array> {
    try {
      yield* write()
    } catch (error) {
      throw needs.explain(error, stopped)
    }
  }
  return startedStream(explained(), async () => {
    clearTimeout(watch)
    needs.signal?.removeEventListener('abort', cancel)
    needs.done()
  })
}
