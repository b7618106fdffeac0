import { Readable } from 'node:stream'
import { notesOf } from './cut-document.ts'
import type { Cell, Document, DocumentColumn, TableBlock } from './document.ts'
import { cellFormat, withUnit } from './figures.ts'
import { valuesOf } from './xlsx/workbook.ts'

const pieceSize = 65_536

/**
 * Tables and the values of charts as CSV (RFC 4180), each under its title where there are several. What had to be left out
 * before stands in lines of their own at the end, which begin with `#`.
 */
export function csv(document: Document, spreadsheet: boolean): Readable {
  return Readable.from(pieces(document, spreadsheet), { objectMode: false })
}

function* pieces(document: Document, spreadsheet: boolean): Generator<Buffer> {
  const tables = document.blocks.flatMap((block) =>
    block.kind === 'table' ? [block] : block.kind === 'chart' ? [valuesOf(block)] : [],
  )
  let piece = spreadsheet ? '\ufeff' : ''
  for (const [i, table] of tables.entries()) {
    if (tables.length > 1) piece += `${i > 0 ? '\r\n' : ''}${field(table.title, spreadsheet)}\r\n`
    for (const line of linesOf(table, document.timeZone, spreadsheet)) {
      piece += line
      if (piece.length > pieceSize) {
        yield Buffer.from(piece)
        piece = ''
      }
    }
  }
  for (const note of notesOf(document, [])) piece += `${field(`# ${note}`, false)}\r\n`
  yield Buffer.from(piece)
}

function* linesOf(table: TableBlock, timeZone: string, spreadsheet: boolean): Generator<string> {
  const { columns, rows, totals } = table
  const head = columns.map(({ name, label, unit }) => field(spreadsheet ? withUnit(label, unit) : name, spreadsheet))
  yield `${head.join(',')}\r\n`
  const values = columns.map((column) => fieldOf(column, timeZone, spreadsheet))
  const line = (row: readonly Cell[]): string => `${values.map((value, i) => value(row[i] ?? null)).join(',')}\r\n`
  for (const row of rows) yield line(row)
  // A sum among the rows would be counted again by whatever reads them.
  if (totals && spreadsheet) yield line(totals)
}

/** Values whole, as machines want them; for spreadsheets times by the document's clock, and no text that is a formula. */
function fieldOf(column: DocumentColumn, timeZone: string, spreadsheet: boolean): (cell: Cell) => string {
  const time = column.type === 'timestamp' && spreadsheet ? cellFormat(column, timeZone) : null
  return (cell) => {
    if (cell === null) return ''
    if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
    if (typeof cell === 'boolean') return String(cell)
    if (typeof cell === 'object') return field(cell.join('; '), spreadsheet)
    return field(time ? time(cell) : cell, spreadsheet && !/^-?\d+(?:\.\d+)?$/.test(cell))
  }
}

/** Whole numbers too big for a double come as text and may begin with a minus: they are no formula. */
function field(text: string, guarded: boolean): string {
  const safe = guarded && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
