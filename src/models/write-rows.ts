import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import type { AskedRows } from './asked-rows.ts'

export interface WrittenRows {
  readonly file: string
  readonly rows: number
  /** In bytes, at most. */
  readonly longestLine: number
}

/**
 * Writes rows so that they are read back exactly as they were: every value in quotes, nulls without. The first cell of each
 * row is filler, as a row of one null would else be an empty line.
 */
export async function writeRows({ batches }: Pick<AskedRows, 'batches'>, file: string): Promise<WrittenRows> {
  const output = createWriteStream(file, { mode: 0o600 })
  let rows = 0
  let longest = 0
  try {
    for await (const batch of batches) {
      rows += batch.length
      const lines = batch.map(line)
      for (const { length } of lines) longest = Math.max(longest, length)
      if (!output.write(lines.join(''))) await once(output, 'drain')
    }
    output.end()
    await finished(output)
    // A letter has at most three bytes for each of its units.
    return { file, rows, longestLine: longest * 3 }
  } finally {
    output.destroy()
  }
}

const line = (row: readonly (string | null)[]): string => {
  let text = '1'
  for (const value of row)
    text += value === null ? ',' : `,"${value.includes('"') ? value.replaceAll('"', '""') : value}"`
  return `${text}\n`
}

/** The engine sets memory aside for lines of this length, so it is not more than it must be. */
const usualLine = 2 ** 21
const filler = 'no column of a source'

/** A SELECT of what `writeRows` wrote. */
export function writtenRowsSql({ file, longestLine }: WrittenRows, columns: AskedRows['columns']): string {
  const types = [{ name: filler, type: 'TINYINT' }, ...columns].map(
    ({ name, type }) => `${literal(name)}: ${literal(type)}`,
  )
  return `select * exclude (${`"${filler}"`}) from read_csv(${literal(file)}, auto_detect = false, header = false, delim = ',', quote = '"',
    escape = '"', nullstr = '', allow_quoted_nulls = false, new_line = '\\n', max_line_size = ${Math.max(usualLine, longestLine + 16)}, columns = {${types.join(', ')}})`
}
