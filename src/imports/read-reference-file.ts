import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Change } from '#src/database/change.ts'
import { unreadableImport } from './problems.ts'
import { isUnprintable } from './unprintable.ts'

/** What became of a reference file's lines. */
export interface ReferenceSummary {
  readonly taken: number
  readonly skipped: number
}

/** Hears of every line that was left out, and why. */
export type Warn = (text: string) => void

export interface ReferenceLine {
  readonly line: number
  readonly fields: readonly string[]
}

interface ParsedRecord {
  readonly record: string[]
  readonly info: { readonly lines: number }
}

/** Reads a CSV file without header whole (reference files are small). Fields are trimmed, blank lines passed over. */
export async function readReferenceFile(file: string): Promise<ReferenceLine[]> {
  try {
    // With `info`, records come wrapped; the package's types do not say so.
    const records = parse(await readFile(file), {
      bom: true,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as ParsedRecord[]
    return records.map(({ record, info }) => ({ line: info.lines, fields: record }))
  } catch (error) {
    throw unreadableImport({ detail: `${file} cannot be read: ${(error as Error).message}`, cause: error })
  }
}

/**
 * Turns lines into rows; `read` answers a row, or a text saying why there is none, which becomes a warning.
 */
export function rowsOf<Row extends object>(
  file: string,
  lines: readonly ReferenceLine[],
  warn: Warn,
  read: (fields: readonly string[]) => Row | string,
): Row[] {
  const rows: Row[] = []
  for (const { line, fields } of lines) {
    const row = fields.some(isUnprintable) ? 'holds unprintable characters' : read(fields)
    if (typeof row === 'string') warn(`${file}:${line}: ${row}; the line is left out`)
    else rows.push(row)
  }
  return rows
}

/** The last row of each key, in the order of first appearance: a second line for an item replaces the first. */
export const lastOfEach = <Row>(rows: readonly Row[], key: (row: Row) => string): Row[] => [
  ...new Map(rows.map((row) => [key(row), row])).values(),
]

export function noteReference(change: Change, kind: string, file: string, taken: number): void {
  change.note({ verb: 'import.committed', subjectType: 'import', subjectId: kind, detail: { kind, file, taken } })
}
