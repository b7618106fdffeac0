import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import readSheets from 'read-excel-file/node'
import { readZip } from '#src/files/unzip.ts'
import { literal } from '#src/warehouse/engines/duckdb-lock-down.ts'
import { NotATable } from './table-order.ts'

const mostUnpacked = 400 * 2 ** 20

type Cell = string | number | boolean | Date | null | undefined

/** Writes the first sheet of a workbook that has rows as CSV; `source` reads it in DuckDB, with the types of its cells. */
export async function sheetAsCsv(file: string, target: string): Promise<{ source: string }> {
  await refuseBombs(file)
  const sheets = await readSheets(file).catch(() => {
    throw new NotATable('It cannot be read as XLSX.')
  })
  const rows = (sheets.find(({ data }) => data.length > 0)?.data ?? []) as unknown as Cell[][]
  const [head, ...body] = rows
  if (!head) throw new NotATable('Its sheets are empty.')
  // Not by spreading: a function takes no hundred thousand arguments.
  const width = rows.reduce((widest, { length }) => Math.max(widest, length), 0)
  const names = columnNames(head, width)
  const types = names.map((_, i) => typeOfCells(body, i))
  const output = createWriteStream(target, { mode: 0o600 })
  for (const row of body) {
    const line = `${names.map((_, i) => written(row[i], types[i]!)).join(',')}\n`
    if (!output.write(line)) await once(output, 'drain')
  }
  output.end()
  await once(output, 'close')
  const columns = names.map((name, i) => `${literal(name)}: ${literal(types[i]!)}`)
  return {
    source: `read_csv(${literal(target)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {${columns.join(', ')}})`,
  }
}

/** Unpacked once to see that it is not more than it says: the library then holds it in memory whole. */
async function refuseBombs(file: string): Promise<void> {
  try {
    for await (const member of readZip(file, { maxFiles: 2000, maxBytes: mostUnpacked, maxRatio: 200 }))
      await finished((await member.open()).resume())
  } catch {
    throw new NotATable('It cannot be read as XLSX, or is too large when unpacked.')
  }
}

function columnNames(head: readonly Cell[], width: number): string[] {
  const taken = new Set<string>()
  return Array.from({ length: width }, (_, i) => {
    const given = text(head[i]).trim() || `column${i + 1}`
    let name = given
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${given}_${n}`
    taken.add(name.toLowerCase())
    return name
  })
}

const text = (cell: Cell): string =>
  cell instanceof Date ? cell.toISOString() : cell === null || cell === undefined ? '' : String(cell)

/** Of all cells of a column alike; otherwise text. */
function typeOfCells(rows: readonly (readonly Cell[])[], column: number): string {
  let type: string | null = null
  for (const row of rows) {
    const cell = row[column]
    if (cell === null || cell === undefined || cell === '') continue
    const found = typeOfCell(cell)
    if (type === null || type === found) type = found
    else if (isWider(type, found)) type = found
    else if (!isWider(found, type)) return 'VARCHAR'
  }
  return type ?? 'VARCHAR'
}

const isWider = (type: string, than: string): boolean =>
  (type === 'BIGINT' && than === 'DOUBLE') || (type === 'DATE' && than === 'TIMESTAMP')

function typeOfCell(cell: NonNullable<Cell>): string {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? 'BIGINT' : 'DOUBLE'
  if (typeof cell === 'boolean') return 'BOOLEAN'
  if (cell instanceof Date) return cell.getTime() % 86_400_000 === 0 ? 'DATE' : 'TIMESTAMP'
  return 'VARCHAR'
}

function written(cell: Cell, type: string): string {
  if (cell === null || cell === undefined || (type !== 'VARCHAR' && cell === '')) return ''
  const plain = cell instanceof Date && type === 'DATE' ? cell.toISOString().slice(0, 10) : text(cell)
  return `"${plain.replaceAll('"', '""')}"`
}
