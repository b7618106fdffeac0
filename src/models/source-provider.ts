/**
 * Who can answer a table of a model with what another room keeps; `app.ts` hands it in. What it writes goes into `scratch`,
 * which belongs to the refresh.
 */
export interface SourceProvider {
  /** A `Problem` thrown here fails the refresh with its words. */
  open(ask: { report: string; block: string }, scratch: string, signal: AbortSignal): Promise<ProvidedTable>
}

export interface ProvidedTable {
  readonly format: 'csv' | 'parquet' | 'json'
  /** Without any the table is empty, and `columns` say what it would hold. */
  readonly files: readonly string[]
  /** DuckDB's types by column; all of them where there are no files. */
  readonly columns: Readonly<Record<string, string>>
  /** When what it holds was last changed. */
  readonly time: Date | null
}
