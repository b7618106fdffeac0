import { type DuckDBDataChunk, DuckDBTypeId, type DuckDBVector } from '@duckdb/node-api'
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Float64,
  Int64,
  makeData,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow'

/** Gathers one column of several chunks into Arrow's layout, which is nearly DuckDB's own. */
export interface ArrowColumn {
  readonly type: DataType
  add(chunk: DuckDBDataChunk, column: number): void
  /** What was gathered since the last time. */
  take(): Data
}

/** Fixed-width vectors keep their values as a typed array, and all keep a bit per row that says whether there is one. */
interface RawVector {
  readonly items: ArrayLike<number> & ArrayLike<bigint>
  readonly validity: { readonly data: BigUint64Array | null }
}

/** The library shows values one by one only, which is ten times slower than taking the memory as it is. */
const rawOf = (vector: DuckDBVector): RawVector => vector as unknown as RawVector

interface Nulls {
  add(vector: DuckDBVector, rows: number): void
  take(): { nullCount: number; nullBitmap?: Uint8Array }
}

function nullGatherer(capacity: number): Nulls {
  let bitmap: Uint8Array | null = null
  let length = 0
  let nulls = 0
  return {
    add(vector, rows) {
      const { data } = rawOf(vector).validity
      if (data !== null) {
        const bits = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
        for (let i = 0; i < rows; i++) {
          if ((bits[i >> 3]! >> (i & 7)) & 1) continue
          bitmap ??= new Uint8Array(capacity / 8).fill(255)
          bitmap[(length + i) >> 3]! &= ~(1 << ((length + i) & 7))
          nulls++
        }
      }
      length += rows
    },
    take() {
      const taken = bitmap === null ? { nullCount: 0 } : { nullCount: nulls, nullBitmap: bitmap }
      bitmap = null
      length = 0
      nulls = 0
      return taken
    },
  }
}

type FixedArray = BigInt64Array | Float64Array | Int32Array

function fixedColumn<A extends FixedArray>(type: DataType, makeArray: () => A, capacity: number): ArrowColumn {
  const nulls = nullGatherer(capacity)
  let data = makeArray()
  let length = 0
  return {
    type,
    add(chunk, column) {
      const vector = chunk.getColumnVector(column)
      nulls.add(vector, chunk.rowCount)
      data.set(rawOf(vector).items as never, length)
      length += chunk.rowCount
    },
    take() {
      const taken = makeData({ type, length, ...nulls.take(), data } as never) as Data
      data = makeArray()
      length = 0
      return taken
    },
  }
}

function booleanColumn(capacity: number): ArrowColumn {
  const type = new Bool()
  const nulls = nullGatherer(capacity)
  let data = new Uint8Array(capacity / 8)
  let length = 0
  return {
    type,
    add(chunk, column) {
      const vector = chunk.getColumnVector(column)
      nulls.add(vector, chunk.rowCount)
      for (let i = 0; i < chunk.rowCount; i++)
        if (vector.getItem(i) === true) data[(length + i) >> 3]! |= 1 << ((length + i) & 7)
      length += chunk.rowCount
    },
    take() {
      const taken = makeData({ type, length, ...nulls.take(), data })
      data = new Uint8Array(capacity / 8)
      length = 0
      return taken
    },
  }
}

function textColumn(capacity: number): ArrowColumn {
  const type = new Utf8()
  const nulls = nullGatherer(capacity)
  let valueOffsets = new Int32Array(capacity + 1)
  let data = Buffer.allocUnsafe(capacity * 16)
  let bytes = 0
  let length = 0
  return {
    type,
    add(chunk, column) {
      const vector = chunk.getColumnVector(column)
      nulls.add(vector, chunk.rowCount)
      for (let i = 0; i < chunk.rowCount; i++) {
        const value = vector.getItem(i) as string | null
        if (value !== null) {
          // Three bytes are the most that a UTF-16 unit takes.
          if (bytes + value.length * 3 > data.length) data = Buffer.concat([data], (data.length + value.length * 3) * 2)
          bytes += data.write(value, bytes)
        }
        valueOffsets[++length] = bytes
      }
    },
    take() {
      const taken = makeData({ type, length, ...nulls.take(), valueOffsets, data: data.subarray(0, bytes) })
      valueOffsets = new Int32Array(capacity + 1)
      data = Buffer.allocUnsafe(Math.max(capacity, Math.ceil(bytes * 1.1)))
      bytes = 0
      length = 0
      return taken
    },
  }
}

/** A column for so many rows at most (a multiple of eight). */
export function arrowColumn(type: DuckDBTypeId, capacity: number): ArrowColumn {
  switch (type) {
    case DuckDBTypeId.VARCHAR:
      return textColumn(capacity)
    case DuckDBTypeId.BIGINT:
      return fixedColumn(new Int64(), () => new BigInt64Array(capacity), capacity)
    case DuckDBTypeId.DOUBLE:
      return fixedColumn(new Float64(), () => new Float64Array(capacity), capacity)
    case DuckDBTypeId.DATE:
      return fixedColumn(new DateDay(), () => new Int32Array(capacity), capacity)
    case DuckDBTypeId.TIMESTAMP:
      return fixedColumn(new TimestampMicrosecond('UTC'), () => new BigInt64Array(capacity), capacity)
    case DuckDBTypeId.BOOLEAN:
      return booleanColumn(capacity)
    default:
      throw new Error(`no Arrow type for DuckDB's ${DuckDBTypeId[type]}`)
  }
}
