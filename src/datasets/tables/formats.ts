export const tableFormats = ['csv', 'tsv', 'parquet', 'json', 'xlsx'] as const
export type TableFormat = (typeof tableFormats)[number]

const byEnding: Readonly<Record<string, TableFormat>> = {
  csv: 'csv',
  tsv: 'tsv',
  tab: 'tsv',
  parquet: 'parquet',
  json: 'json',
  ndjson: 'json',
  jsonl: 'json',
  xlsx: 'xlsx',
}

/** How a file is read as a table, told by its name; null: it is none. */
export const tableFormatOf = (name: string): TableFormat | null =>
  byEnding[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null

/** Larger ones are not looked into. */
export const largestTable: Readonly<Record<TableFormat, number>> = {
  csv: 8 * 2 ** 30,
  tsv: 8 * 2 ** 30,
  parquet: 8 * 2 ** 30,
  json: 2 * 2 ** 30,
  // It is unpacked and held in memory whole.
  xlsx: 30 * 2 ** 20,
}
