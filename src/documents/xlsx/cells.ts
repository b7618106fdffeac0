import type { Cell, DocumentColumn } from '../document.ts'
import { xmlText } from './xml-text.ts'

/** What the format can hold. */
export const most = { rows: 1_048_576, columns: 16_384, characters: 32_767 } as const

const day = 86_400_000
/** Day 0 of spreadsheets. Before March 1900 they count a day that never was: such dates stay text. */
const epoch = Date.UTC(1899, 11, 30)
const first = Date.UTC(1900, 2, 1)

/** `2026-11-29` as a spreadsheet counts days; null where it can't. */
export function dateSerial(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(at) || at < first || new Date(at).toISOString().slice(0, 10) !== text) return null
  return Math.round((at - epoch) / day)
}

/** The same days come again and again. */
function remembered(serial: (text: string) => number | null): (text: string) => number | null {
  const known = new Map<string, number | null>()
  return (text) => {
    const seen = known.get(text)
    if (seen !== undefined) return seen
    const made = serial(text)
    if (known.size < 10_000) known.set(text, made)
    return made
  }
}

/** A moment by the clock on the wall of a time zone, to the second. */
export function timeSerials(timeZone: string): (text: string) => number | null {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  return (text) => {
    if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null
    const moment = Date.parse(text)
    if (Number.isNaN(moment)) return null
    const at = Date.parse(`${parts.format(moment).replace(' ', 'T')}Z`)
    return Number.isNaN(at) || at < first ? null : (at - epoch) / day
  }
}

/** What stands in a cell, typed. */
export type Typed = number | string | boolean | null

/** The value of a cell of a column as a spreadsheet has it: days as numbers, 12.5 % as 0.125, lists as one text. */
export function typedCell(column: DocumentColumn, timeZone: string): (cell: Cell) => Typed {
  const serial =
    column.type === 'timestamp' ? timeSerials(timeZone) : column.type === 'date' ? remembered(dateSerial) : null
  const isNumber = column.type === 'integer' || column.type === 'number' || column.type === 'percent'
  return (cell) => {
    if (cell === null || cell === '') return null
    if (typeof cell === 'object') return cell.length === 0 ? null : cell.join(', ')
    if (typeof cell === 'number') {
      if (!Number.isFinite(cell)) return null
      return column.type === 'percent' ? Number((cell / 100).toPrecision(15)) : cell
    }
    if (typeof cell === 'boolean') return cell
    if (serial) return serial(cell) ?? cell
    // Numbers of up to fifteen digits are exact there; longer ones stay text, whole.
    if (isNumber && /^-?(?:0|[1-9]\d{0,14})$/.test(cell))
      return column.type === 'percent' ? Number(cell) / 100 : Number(cell)
    return cell
  }
}

/** The format that shows a column's values as its readers expect them. */
export function formatOf(column: DocumentColumn, values: Iterable<Cell>): string | undefined {
  const digits = (decimals: number): string => (decimals <= 0 ? '' : `.${'0'.repeat(Math.min(decimals, 15))}`)
  switch (column.type) {
    case 'integer':
      return `#,##0${digits(column.decimals ?? 0)}`
    case 'percent':
      return `0${digits(column.decimals ?? 1)}%`
    case 'number':
      return `#,##0${digits(column.decimals ?? digitsIn(values))}`
    case 'boolean':
      return '"TRUE";"TRUE";"FALSE"'
    case 'date':
      return 'yyyy-mm-dd'
    case 'timestamp':
      return 'yyyy-mm-dd hh:mm'
    default:
      return undefined
  }
}

/** As many as are needed, two at most. */
function digitsIn(values: Iterable<Cell>): number {
  let needed = 0
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue
    const hundredths = Math.round(value * 100)
    needed = Math.max(needed, hundredths % 10 !== 0 ? 2 : hundredths % 100 !== 0 ? 1 : 0)
    if (needed === 2) break
  }
  return needed
}

/** What makes a spreadsheet take text for a formula once somebody edits it. */
export const looksLikeFormula = (text: string): boolean => /^[=+\-@\t\r]/.test(text)

/** A cell in XML. Text is text, never a formula, whatever it begins with. */
export function cellXml(at: string, value: Typed, style: number, textStyle: number): string {
  if (value === null) return `<c r="${at}" s="${style}"/>`
  if (typeof value === 'number') return `<c r="${at}" s="${style}"><v>${value}</v></c>`
  if (typeof value === 'boolean') return `<c r="${at}" s="${style}" t="b"><v>${value ? 1 : 0}</v></c>`
  const text = value.length > most.characters ? `${value.slice(0, most.characters - 1).toWellFormed()}…` : value
  return `<c r="${at}" s="${looksLikeFormula(text) ? textStyle : style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`
}
