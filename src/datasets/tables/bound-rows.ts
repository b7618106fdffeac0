import { Transform } from 'node:stream'
import type { TableColumn } from './table-facts.ts'

/** The fewest bytes that rows can have when they are written: a small Parquet file may hold very many. */
export function fewestBytes(
  rows: number,
  columns: readonly Pick<TableColumn, 'name'>[],
  format: 'csv' | 'ndjson',
): number {
  // One comma or line end for each cell; or its name with quotes, colon and comma, and one sign of a value.
  const row =
    format === 'csv' ? columns.length : columns.reduce((sum, { name }) => sum + Buffer.byteLength(name) + 5, 2)
  return rows * row
}

interface Bounds {
  readonly mostBytes: number
  /** Nothing has gone through for so long: whoever asked does not read any more, or nothing comes. */
  readonly longestPauseMs: number
}

/** Lets everything through; fails beyond its bounds. */
export function boundRows({ mostBytes, longestPauseMs }: Bounds): Transform {
  let bytes = 0
  const rows = new Transform({
    highWaterMark: 1 << 18,
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      watch.refresh()
      if (bytes > mostBytes) done(new Error(`the rows have more than ${mostBytes} bytes`))
      else done(null, chunk)
    },
  })
  const watch = setTimeout(() => rows.destroy(new Error('no row went through for too long')), longestPauseMs)
  rows.once('close', () => clearTimeout(watch))
  return rows
}
