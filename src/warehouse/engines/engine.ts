import type { Readable } from 'node:stream'

/** What the planner must know of an engine's SQL. One such table per engine; everything else it writes is plain SQL. */
export interface SqlDialect {
  /** A name that was matched against the catalogue. */
  quote(name: string): string
  /** A stored table of an attached snapshot. */
  table(snapshot: string, name: string): string
  /** First day of the period that a date lies in. */
  truncate(unit: 'day' | 'month' | 'quarter' | 'year', date: string): string
  /** First day of the period after the one that begins at `date`. */
  next(unit: 'day' | 'month' | 'quarter' | 'year', date: string): string
  /** Unix seconds at which a local day begins; both are SQL. */
  dayBegins(date: string, zone: string): string
  /** A bound date. */
  date(parameter: string): string
  /** Whether a text is in a bound list. */
  among(text: string, parameter: string): string
  sameOrBothNull(left: string, right: string): string
  /** Words of a moment (`timestamp`) as ISO-8601 UTC, and as Unix seconds. */
  isoMoment(moment: string): string
  unixMoment(moment: string): string
}

export type Parameter = string | number | boolean | null | readonly string[]

/** SQL made by the planner and what is bound to `$1…`. */
export interface Statement {
  readonly sql: string
  readonly params: readonly Parameter[]
}

export type Cell = string | number | boolean | null

export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/**
 * How rows leave. `text_lines`: the statement has one text column, and each value becomes one line (ended by LF), written
 * as it is; a protocol's framing is made in SQL that way.
 */
export type RowFormat = 'json' | 'ndjson' | 'csv' | 'parquet' | 'arrow' | 'text_lines'

export interface QueryOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
  /** Whose question it is: no one asker keeps all others out. */
  readonly asker?: string | undefined
}

export interface EngineFacts {
  readonly name: string
  readonly version: string
  readonly memoryLimitBytes: number
  readonly memoryBytes: number
  /** Spilled to disk by the queries that run now. */
  readonly spilledBytes: number
}

export interface Engine {
  readonly dialect: SqlDialect
  /** Makes a snapshot's file answer under its name. */
  attach(snapshot: string, file: string): Promise<void>
  detach(snapshot: string): Promise<void>
  /** At most `maxRows` rows; more is a problem. */
  query(statement: Statement, options: QueryOptions & { readonly maxRows: number }): Promise<Rows>
  /**
   * Rows as bytes in constant memory. What is wrong with the statement throws here; an error after that destroys the
   * stream, so that a short answer never looks whole.
   */
  stream(statement: Statement, format: RowFormat, options: QueryOptions): Promise<Readable>
  /** How it fares; waits for no query. */
  describe(): Promise<EngineFacts>
  close(): Promise<void>
}
