/** A table of numbers in the form that XDMoD's clients count records in: header in record 7, data from record 8 on. */
export interface NumbersTable {
  /** Metric and dimension. */
  readonly title: string
  /** One text per filter. */
  readonly parameters: readonly string[]
  /** As given by the caller. */
  readonly start: string
  readonly end: string
  readonly headers: readonly string[]
  readonly rows: Iterable<readonly string[]>
}

const rule = '---------'

/** LF line ends; no record may be added or left out: the client finds everything by its number. */
export function writeCsv(table: NumbersTable): string {
  const records: string[] = ['title', record([table.title]), 'parameters', record(table.parameters)]
  records.push('start,end', record([table.start, table.end]), rule, record(table.headers))
  for (const row of table.rows) records.push(record(row))
  records.push(rule, '')
  return records.join('\n')
}

const record = (cells: readonly string[]): string => cells.map(quoted).join(',')

/** As PHP's fputcsv quotes. */
const quoted = (cell: string): string => (/[\s",\\]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** What Python's splitlines takes for the end of a line: the client would see two records. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const lineEnds = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g

/** A label on one line, and never empty, which the client could not read. */
export const oneLine = (label: string): string => label.replace(lineEnds, ' ') || ' '

/**
 * A label as it stands among the numbers, where the client decodes HTML entities: an ampersand that could begin one
 * is written as an entity itself, so that every name comes out as it went in.
 */
export const numbersLabel = (label: string): string => oneLine(label).replace(/&(?=[#A-Za-z0-9])/g, '&amp;')

/** The header of one series. The client cuts at the first closing bracket, so one in the label becomes an entity. */
export const seriesHeader = (label: string, metric: string): string =>
  `[${numbersLabel(label).replaceAll(']', '&#93;')}] ${metric}`

/** A number without thousands separators; never empty. `decimals` null: as many digits as it has. */
export const writeNumber = (value: number, decimals: number | null): string =>
  decimals === null ? String(value) : value.toFixed(decimals)
