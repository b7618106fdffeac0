import type { Cell, ColourRule, DocumentColumn } from './document.ts'

export type Colour = ColourRule['colour']

/** How a cell stands out. */
export type Look =
  | { readonly kind: 'colour'; readonly colour: Colour; readonly bold: boolean }
  /** From where to where the bar lies, as parts of the cell's width. */
  | { readonly kind: 'bar'; readonly from: number; readonly to: number }
  /** How strong the shade is, from 0 to 1. */
  | { readonly kind: 'scale'; readonly strength: number }

/**
 * Colours of conditional formats with at least 4.5:1 between text and ground. Each comes with a sign of its own shape,
 * so that it can be told without seeing colours and on a black-and-white print.
 */
export const colours: Readonly<
  Record<Colour, { readonly text: string; readonly ground: string; readonly sign: string }>
> = {
  red: { text: '#8f1d14', ground: '#fde4e1', sign: '◆' },
  amber: { text: '#704600', ground: '#fdefd0', sign: '▲' },
  green: { text: '#14602c', ground: '#dff3e4', sign: '●' },
  blue: { text: '#0b4f8a', ground: '#e0edfb', sign: '■' },
  grey: { text: '#4a5259', ground: '#eceff1', sign: '○' },
}

export const barColour = '#b3d4ec'
/** The strongest shade of a scale; dark text on it still has 7:1. */
export const scaleColour = '#7db8de'

/** What the column's rules make of each of its cells. */
export function looksOf(column: DocumentColumn, values: readonly Cell[]): (cell: Cell) => Look | null {
  const { formats = [] } = column
  if (formats.length === 0) return () => null
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  if (formats.some((format) => 'scale' in format))
    for (const value of values)
      if (typeof value === 'number' && Number.isFinite(value)) {
        if (value < least) least = value
        if (value > most) most = value
      }
  return (cell) => {
    for (const format of formats) {
      if ('scale' in format) {
        if (typeof cell !== 'number' || !Number.isFinite(cell)) continue
        return format.scale === 'data_bar' ? bar(cell, Math.min(0, least), Math.max(0, most)) : shade(cell, least, most)
      }
      if (applies(format, cell)) return { kind: 'colour', colour: format.colour, bold: format.bold ?? false }
    }
    return null
  }
}

function bar(value: number, least: number, most: number): Look {
  const at = (x: number): number => (most === least ? 0 : (x - least) / (most - least))
  return { kind: 'bar', from: Math.min(at(0), at(value)), to: Math.max(at(0), at(value)) }
}

const shade = (value: number, least: number, most: number): Look => ({
  kind: 'scale',
  strength: most === least ? 0.5 : (value - least) / (most - least),
})

const isEmpty = (cell: Cell): boolean => cell === null || cell === '' || (typeof cell === 'object' && cell.length === 0)

/** Nothing is neither less nor more than anything: only `empty` is for it. */
function applies({ when, value, value2 }: ColourRule, cell: Cell): boolean {
  if (when === 'empty') return isEmpty(cell)
  if (isEmpty(cell) || value === undefined) return false
  if (typeof cell === 'object' && cell !== null) return when === '=' && cell.includes(String(value))
  const order = compare(cell as string | number | boolean, value)
  if (order === null) return false
  if (when === '=') return order === 0
  if (when === '<') return order < 0
  if (when === '<=') return order <= 0
  if (when === '>') return order > 0
  if (when === '>=') return order >= 0
  const other = value2 === undefined ? null : compare(cell as string | number | boolean, value2)
  return other !== null && order >= 0 && other <= 0
}

/** Numbers by size, text (and so days) by its letters; null where they can't be compared. */
function compare(cell: string | number | boolean, value: string | number | boolean): number | null {
  if (typeof cell === 'boolean' || typeof value === 'boolean') return String(cell) === String(value) ? 0 : null
  if (typeof cell === 'number' || typeof value === 'number') {
    const [one, other] = [Number(cell), Number(value)]
    return Number.isNaN(one) || Number.isNaN(other) ? null : one - other
  }
  return cell < value ? -1 : cell > value ? 1 : 0
}

/** So much of a colour on white. */
export function mixed(colour: string, strength: number): string {
  const parts = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16)
    return Math.round(255 - (255 - part) * Math.min(1, Math.max(0, strength)))
      .toString(16)
      .padStart(2, '0')
  })
  return `#${parts.join('')}`
}
