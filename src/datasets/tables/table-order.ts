import type { TableFormat } from './formats.ts'
import type { TableFacts } from './table-facts.ts'

/** What the process is told that opens a file: nothing else can be reached from it. */
export type TableOrder =
  | {
      readonly kind: 'read'
      readonly file: string
      readonly format: TableFormat
      /** An empty directory of its own; the rows are written to `table.parquet` in it. */
      readonly scratch: string
      readonly memoryLimitBytes: number
      readonly mostRows: number
    }
  | {
      readonly kind: 'rows'
      /** Parquet that we wrote. */
      readonly file: string
      readonly format: 'csv' | 'ndjson'
      /** A named pipe. */
      readonly output: string
      readonly memoryLimitBytes: number
    }

/** What it says. */
export type TableMessage =
  | { readonly read: TableFacts }
  | { readonly done: true }
  /** Why it is no table, in words for the depositor. */
  | { readonly refused: string }
  | { readonly failed: string }

/** The file cannot be read as a table; the words are for whoever deposited it. */
export class NotATable extends Error {}
