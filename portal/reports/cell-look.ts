import type { Format } from './definition.ts'
import type { Cell } from './report-data.ts'

export type Colour = Extract<Format, { colour: unknown }>['colour']

/** How a cell looks by the rules of its column. */
export type Look =
  | { readonly kind: 'colour'; readonly colour: Colour; readonly bold: boolean; readonly because: string }
  | { readonly kind: 'bar'; readonly share: number }
  | { readonly kind: 'shade'; readonly share: number }

/** Least and greatest number of a column; null where it has none. */
export interface Span {
  readonly least: number
  readonly most: number
}

export function spanOf(cells: Iterable<Cell>): Span | null {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const cell of cells) {
    if (typeof cell !== 'number') continue
    if (cell < least) least = cell
    if (cell > most) most = cell
  }
  return least > most ? null : { least, most }
}

/** The first rule that applies; null where none does. */
export function lookOf(cell: Cell, formats: readonly Format[], span: Span | null): Look | null {
  for (const format of formats) {
    if ('scale' in format) {
      if (typeof cell !== 'number' || span === null) continue
      if (format.scale === 'data_bar') {
        // Bars begin at nought, so that twice as long is twice as much.
        const far = Math.max(Math.abs(span.least), Math.abs(span.most))
        return { kind: 'bar', share: far === 0 ? 0 : Math.abs(cell) / far }
      }
      return { kind: 'shade', share: span.most === span.least ? 0.5 : (cell - span.least) / (span.most - span.least) }
    }
    if (applies(cell, format))
      return { kind: 'colour', colour: format.colour, bold: format.bold ?? false, because: ruleWords(format) }
  }
  return null
}

type Rule = Extract<Format, { when: unknown }>

function applies(cell: Cell, { when, value, value2 }: Rule): boolean {
  if (when === 'empty') return cell === null || cell === ''
  if (cell === null || value === undefined) return false
  if (typeof cell === 'number' && typeof value === 'number')
    return holds(when, cell - value, typeof value2 === 'number' ? cell - value2 : Number.NaN)
  if (typeof cell === 'boolean' || typeof value === 'boolean') return when === '=' && cell === value
  const text = String(cell)
  return holds(when, order(text, String(value)), value2 === undefined ? Number.NaN : order(text, String(value2)))
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function holds(when: Rule['when'], toFirst: number, toSecond: number): boolean {
  switch (when) {
    case '<':
      return toFirst < 0
    case '<=':
      return toFirst <= 0
    case '=':
      return toFirst === 0
    case '>':
      return toFirst > 0
    case '>=':
      return toFirst >= 0
    case 'between':
      return toFirst >= 0 && toSecond <= 0
    default:
      return false
  }
}

const whenWords = { '<': 'below', '<=': 'at most', '=': 'equal to', '>': 'above', '>=': 'at least' } as const

/** What a colour means, for those who don't see it: "above 10". */
export function ruleWords({ when, value, value2 }: Rule): string {
  if (when === 'empty') return 'empty'
  if (when === 'between') return `between ${String(value)} and ${String(value2)}`
  return `${whenWords[when]} ${String(value)}`
}
