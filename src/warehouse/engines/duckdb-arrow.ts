import type { Readable } from 'node:stream'
import { type DuckDBDataChunk, type DuckDBPreparedStatement, DuckDBTypeId, type DuckDBValue } from '@duckdb/node-api'
import {
  AsyncByteQueue,
  Bool,
  type DataType,
  DateMillisecond,
  Field,
  Float64,
  Int64,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow'
import { type StopReason, type StreamNeeds, startedStream } from './started-stream.ts'

const rowsPerBatch = 32 * 2048

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

interface Column {
  readonly type: DataType
  convert(value: DuckDBValue): unknown
}

const dayMs = 86_400_000

function columnFor(type: DuckDBTypeId): Column {
  switch (type) {
    case DuckDBTypeId.VARCHAR:
      return { type: new Utf8(), convert: (value) => value }
    case DuckDBTypeId.BIGINT:
      return { type: new Int64(), convert: (value) => value }
    case DuckDBTypeId.DOUBLE:
      return { type: new Float64(), convert: (value) => value }
    case DuckDBTypeId.BOOLEAN:
      return { type: new Bool(), convert: (value) => value }
    case DuckDBTypeId.DATE:
      return { type: new DateMillisecond(), convert: (value) => (value as { days: number }).days * dayMs }
    case DuckDBTypeId.TIMESTAMP:
      return {
        type: new TimestampMillisecond('UTC'),
        convert: (value) => Number((value as { micros: bigint }).micros / 1000n),
      }
    default:
      throw new Error(`no Arrow type for DuckDB's ${DuckDBTypeId[type]}`)
  }
}

function batchOf(schema: Schema, columns: readonly Column[], chunks: readonly DuckDBDataChunk[]): RecordBatch {
  const children = columns.map(({ type, convert }, i) => {
    const builder = makeBuilder({ type, nullValues: [null] })
    for (const chunk of chunks)
      for (const value of chunk.getColumnValues(i)) builder.append(value === null ? null : convert(value))
    return builder.finish().flush()
  })
  const length = chunks.reduce((rows, chunk) => rows + chunk.rowCount, 0)
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children }))
}

/** Arrow IPC (stream format), built from the engine's vectors. */
export async function streamArrow(needs: StreamNeeds, prepared: DuckDBPreparedStatement): Promise<Readable> {
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
    const result = await prepared.stream()
    const columns = Array.from({ length: result.columnCount }, (_, i) => columnFor(result.columnTypeId(i)))
    const schema = new Schema(columns.map(({ type }, i) => new Field(result.columnName(i), type, true)))
    const pieces = new Pieces()
    const writer = new RecordBatchStreamWriter().reset(pieces, schema)
    let chunks: DuckDBDataChunk[] = []
    let rows = 0
    for (;;) {
      const chunk = await result.fetchChunk()
      watch.refresh()
      if (stopped) throw new Error('stopped')
      const last = chunk === null || chunk.rowCount === 0
      if (!last) rows += chunks[chunks.push(chunk) - 1]!.rowCount
      if (last || rows >= rowsPerBatch) {
        writer.write(batchOf(schema, columns, chunks))
        yield pieces.take()
        watch.refresh()
        chunks = []
        rows = 0
      }
      if (last) break
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
