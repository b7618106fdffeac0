import type { Cell, DocumentColumn } from './document.ts'

/** As the portal writes them (`portal/warehouse/numbers.ts`), so that a number is the same in a mail and on the page. */
const formats = new Map<string, Intl.NumberFormat>()
const format = (digits: number, least: number): Intl.NumberFormat => {
  const key = `${digits} ${least}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat('en', { maximumFractionDigits: digits, minimumFractionDigits: least })
  formats.set(key, made)
  return made
}
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1, signDisplay: 'exceptZero' })

export const formatNumber = (value: number, decimals: number | null): string =>
  decimals === null ? format(2, 0).format(value) : format(Math.min(decimals, 20), Math.min(decimals, 20)).format(value)

/** For axes: `1.2M`, and small numbers as they are. */
export const shortNumber = (value: number): string =>
  Math.abs(value) >= 10_000 ? short.format(value) : format(4, 0).format(value)

export const formatChange = (value: number): string => `${percent.format(value)} %`

export const countText = (count: number): string => format(0, 0).format(count)

/** "1 row", "3,000 rows". */
export const countedText = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`

/** The label with its unit, unless it says it already. */
export const withUnit = (label: string, unit: string | undefined): string =>
  !unit || unit === '%' || label.toLowerCase().includes(unit.toLowerCase()) ? label : `${label} (${unit})`

export const isNumeric = ({ type }: Pick<DocumentColumn, 'type'>): boolean =>
  type === 'integer' || type === 'number' || type === 'percent'

/** What a cell says to a reader. */
export type CellFormat = (cell: Cell) => string

/** Nothing is a dash, and nothing typed in yet is empty. */
export function cellFormat(column: DocumentColumn, timeZone: string): CellFormat {
  const nothing = column.input ? '' : '–'
  const decimals = column.decimals ?? (column.type === 'integer' ? 0 : column.type === 'percent' ? 1 : null)
  const unit = column.type === 'percent' ? ' %' : ''
  const time = column.type === 'timestamp' ? timeFormat(timeZone) : null
  return (cell) => {
    if (cell === null || cell === '' || (typeof cell === 'number' && !Number.isFinite(cell))) return nothing
    if (typeof cell === 'boolean') return cell ? 'Yes' : 'No'
    if (typeof cell === 'object') return cell.length === 0 ? nothing : cell.join(', ')
    if (typeof cell === 'number') return isNumeric(column) ? formatNumber(cell, decimals) + unit : String(cell)
    // Whole numbers beyond what a double holds come as text.
    if (isNumeric(column) && /^-?\d{1,38}$/.test(cell)) return BigInt(cell).toLocaleString('en') + unit
    return time ? time(cell) : cell
  }
}

/** `2026-11-29 14:05`, in the zone of the document; what is no time stays as it is. */
function timeFormat(timeZone: string): (text: string) => string {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (text) => {
    const at = Date.parse(text)
    return Number.isNaN(at) ? text : parts.format(at)
  }
}

/** "29 Nov 2026, 14:05 CET": with the zone, as a file travels. */
export function momentText(at: Date, timeZone: string): string {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at)
  const zone = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')?.value
  return `${time} ${zone ?? timeZone}`
}

/** Up to when the data are: a day stays a day. */
export function asOfText(asOf: string, timeZone: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(asOf))
    return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(asOf))
  const at = new Date(asOf)
  return Number.isNaN(at.getTime()) ? asOf : momentText(at, timeZone)
}
