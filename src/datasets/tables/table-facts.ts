export const columnTypes = ['integer', 'number', 'text', 'boolean', 'date', 'time', 'timestamp'] as const
export type ColumnType = (typeof columnTypes)[number]

export interface ColumnStatistics {
  /** Rows without a value. */
  readonly missing: number
  /** Different values; of many about so many. */
  readonly distinct: number
  readonly min: string | null
  readonly max: string | null
  /** Of numbers. */
  readonly mean: number | null
  readonly deviation: number | null
  /** A quarter, half and three quarters of the values lie at or below. */
  readonly quartiles: readonly [string, string, string] | null
  /** Most frequent first; empty where hardly any value comes twice. */
  readonly top: readonly { readonly value: string; readonly count: number }[]
}

export interface TableColumn {
  readonly name: string
  readonly type: ColumnType
  /** DuckDB's. */
  readonly databaseType: string
  readonly label: string | null
  /** Null beyond the first few hundred columns. */
  readonly statistics: ColumnStatistics | null
}

/** What is told of a table. */
export interface TableFacts {
  readonly rows: number
  readonly columns: readonly TableColumn[]
  /** The first rows, as texts. */
  readonly preview: readonly (readonly (string | null)[])[]
}
