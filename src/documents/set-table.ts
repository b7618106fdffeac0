import { cleanLine, cleanText } from './clean-text.ts'
import { cutText } from './cut-document.ts'
import type { Cell, DocumentColumn, TableBlock } from './document.ts'
import { cellFormat, isNumeric, withUnit } from './figures.ts'
import type { FontMeasure } from './fonts.ts'
import { colours, type Look, looksOf, mixed, scaleColour } from './looks.ts'

/** A table with all its sizes known. Setting it is twice as quick as when the typesetter has to find them. */
export interface SetTable {
  readonly title: string
  /** What is left out of it, or that there is nothing in it. */
  readonly note: string
  readonly size: number
  readonly inset: number
  /** Several where no page holds all columns: each repeats those that name the row. */
  readonly bands: readonly SetBand[]
}

export interface SetBand {
  readonly caption: string
  readonly widths: readonly number[]
  readonly numeric: readonly boolean[]
  readonly spans: readonly { readonly label: string; readonly columns: number }[]
  readonly heads: readonly string[]
  readonly rows: readonly (readonly SetCell[])[]
  /** Of each row; 0 where the typesetter has to find it. */
  readonly heights: readonly number[]
  readonly totals: readonly SetCell[]
}

/** Plain text for nearly all; the others say what is special about them. */
export type SetCell =
  | string
  | {
      readonly text: string
      readonly fill?: string
      readonly colour?: string
      readonly sign?: string
      readonly bold?: true
      readonly dim?: true
      /** Begin and length of a bar, as parts of the width. */
      readonly bar?: readonly [number, number]
    }

const sizes = [8.5, 7.5, 6.5]
/** Of the mark before a coloured value. */
const signWidth = 1.3
/** Left and right of the text of each cell, as parts of the letters' size. */
const insetOf = (size: number): number => size * 0.55

/** Widths at a size of one point. */
interface Measured {
  /** Nothing wraps. */
  readonly natural: number
  /** Only the head wraps, into two or three lines. */
  readonly wrapped: number
  /** Text wraps, but no word breaks. */
  readonly least: number
}

/** Whether a table is better set on a page that lies: upright it would be too small, or text in it would stand in slivers. */
export const isWide = ({ columns }: MeasuredTable, width: number): boolean => comfort(columns, sizes[1]!) > width

/** What is said in a table, and how much room that takes. */
export interface MeasuredTable {
  /** By column and row. */
  readonly texts: readonly (readonly string[])[]
  readonly columns: readonly Measured[]
}

export function measureTable(table: TableBlock, timeZone: string, measure: FontMeasure): MeasuredTable {
  const texts = textsOf(table, timeZone)
  return { texts, columns: measureColumns(table, texts, timeZone, measure) }
}

const textsOf = (table: TableBlock, timeZone: string): string[][] =>
  table.columns.map((column, i) => {
    const format = cellFormat(column, timeZone)
    return table.rows.map((row) => cleanText(format(row[i] ?? null)))
  })

export function setTable(
  table: TableBlock,
  { texts, columns: measured }: MeasuredTable,
  timeZone: string,
  width: number,
  measure: FontMeasure,
): SetTable {
  const size =
    sizes.find((each) => comfort(measured, each) <= width) ??
    sizes.find((each) => leastWidth(measured, each) <= width) ??
    sizes.at(-1)!
  const headers = Math.min(table.rowHeaders ?? 0, table.columns.length)
  const bands = bandsOf(measured, size, width, headers)
  const title = cleanLine(table.title)
  return {
    title,
    note: table.rows.length === 0 ? 'There are no rows.' : table.cut ? `Shown: ${cutText(table.cut)}.` : '',
    size,
    inset: insetOf(size),
    bands: bands.map((columns) => {
      const widths = widthsOf(
        columns.map((i) => measured[i]!),
        size,
        width,
      )
      const whole = columns.length === table.columns.length
      return setBand(table, texts, columns, widths, size, timeZone, measure, {
        caption: whole ? '' : `Columns ${bandName(columns, headers)} of ${table.columns.length}`,
        isWhole: whole,
        headers,
      })
    }),
  }
}

const bandName = (columns: readonly number[], headers: number): string => {
  const own = columns.filter((i) => i >= headers)
  return `${own[0]! + 1} to ${own.at(-1)! + 1}`
}

function measureColumns(
  table: TableBlock,
  texts: MeasuredTable['texts'],
  timeZone: string,
  measure: FontMeasure,
): Measured[] {
  const longestWord = (text: string, bold: boolean): number =>
    text.split(/\s+/).reduce((most, word) => Math.max(most, measure.width(word.slice(0, 24), 1, bold)), 0)
  return table.columns.map((column, i) => {
    const numeric = isNumeric(column)
    const sign = column.formats?.some((format) => 'when' in format) ? signWidth : 0
    let body = 0
    let word = 0
    const see = (text: string, bold: boolean): void => {
      const wide = measure.width(text.length > 400 ? text.slice(0, 400) : text, 1, bold)
      if (wide > body) body = wide
      if (wide > word) word = numeric ? wide : Math.max(word, Math.min(wide, longestWord(text, bold)))
    }
    for (const text of texts[i]!) see(text, false)
    const total = table.totals?.[i] ?? null
    if (total !== null) see(cellFormat(column, timeZone)(total), true)
    const head = headOf(column)
    const [headWhole, headWord] = [measure.width(head, 1, true), longestWord(head, true)]
    const room = 0.15
    return {
      natural: Math.max(body + sign, headWhole) + room,
      wrapped: Math.max(body + sign, headWord, headWhole / 2.2) + room,
      least: Math.max(word + sign, headWord, 2) + room,
    }
  })
}

/** As much as text takes that may wrap into a few lines without standing in slivers. */
const comfort = (columns: readonly Measured[], size: number): number =>
  columns.reduce(
    (sum, { wrapped, least }) => sum + Math.min(wrapped, Math.max(least, 20)) * size + 2 * insetOf(size),
    0,
  )

const leastWidth = (columns: readonly Measured[], size: number): number =>
  columns.reduce((sum, { least }) => sum + least * size + 2 * insetOf(size), 0)

/** All columns at once where they fit; else as many at a time as do. */
function bandsOf(columns: readonly Measured[], size: number, width: number, headers: number): number[][] {
  const all = columns.map((_, i) => i)
  if (leastWidth(columns, size) <= width) return [all]
  const fixed = all.slice(0, headers)
  const fixedWidth = Math.min(leastWidth(columns.slice(0, headers), size), width / 2)
  const bands: number[][] = []
  let band: number[] = []
  let used = fixedWidth
  for (const i of all.slice(headers)) {
    const wide = Math.min(leastWidth([columns[i]!], size), width - fixedWidth)
    if (band.length > 0 && used + wide > width) {
      bands.push([...fixed, ...band])
      band = []
      used = fixedWidth
    }
    band.push(i)
    used += wide
  }
  return [...bands, [...fixed, ...band]]
}

/** Everyone gets what it needs not to break; what is left goes to those that would wrap, and then to all that are text. */
function widthsOf(columns: readonly Measured[], size: number, width: number): number[] {
  const inset = 2 * insetOf(size)
  const sumOf = (all: readonly number[]): number => all.reduce((sum, each) => sum + each, 0)
  const least = columns.map((column) => column.least * size + inset)
  const natural = columns.map((column) => column.natural * size + inset)
  const wanted = sumOf(natural) <= width ? natural : columns.map(({ wrapped }) => wrapped * size + inset)
  if (sumOf(wanted) <= width) {
    // Narrow tables stay together, so that the eye finds its row; others fill the page.
    const spare = Math.min(width - sumOf(wanted), sumOf(wanted) * 0.35)
    return wanted.map((each) => each + spare * (each / sumOf(wanted)))
  }
  const scale = Math.min(1, width / sumOf(least))
  const widths = least.map((each) => each * scale)
  let left = width - sumOf(widths)
  // Those that want little more get it whole: only the really long ones wrap.
  const order = wanted.map((want, i) => ({ i, more: want - widths[i]! })).sort((a, b) => a.more - b.more)
  order.forEach(({ i, more }, done) => {
    const given = Math.max(0, Math.min(more, left / (order.length - done)))
    widths[i]! += given
    left -= given
  })
  return widths
}

const headOf = (column: DocumentColumn): string => cleanLine(withUnit(column.label, column.unit))

interface BandFacts {
  readonly caption: string
  readonly isWhole: boolean
  readonly headers: number
}

function setBand(
  table: TableBlock,
  texts: MeasuredTable['texts'],
  columns: readonly number[],
  widths: readonly number[],
  size: number,
  timeZone: string,
  measure: FontMeasure,
  { caption, isWhole, headers }: BandFacts,
): SetBand {
  const height = Math.round(size * 17) / 10
  const own = columns.map((i, place) => {
    const column = table.columns[i]!
    const room = widths[place]! - 2 * insetOf(size)
    return {
      i,
      column,
      room,
      look: looksOf(
        column,
        table.rows.map((row) => row[i] ?? null),
      ),
    }
  })
  const heights: number[] = []
  const rows = table.rows.map((row, r) => {
    let isOneLine = true
    let repeats = true
    const cells = own.map(({ i, room, look }): SetCell => {
      const raw = texts[i]![r]!
      const cell: Cell = row[i] ?? null
      const seen = look(cell)
      const room1 = seen?.kind === 'colour' ? room - size * signWidth : room
      // Only Latin, Greek and Cyrillic letters are measured well enough to trust a line to hold them.
      const fits = measure.width(raw, size) <= room1 * 0.99 && !raw.includes('\n')
      if (!fits) isOneLine = false
      const text = fits ? raw : breakFor(raw, size, room1, measure)
      // Said once more in grey, not left out: the next page must be readable too.
      repeats &&= i < headers && r > 0 && texts[i]![r - 1] === raw
      if (repeats) return { text, dim: true }
      return seen === null ? text : dressed(text, seen)
    })
    heights.push(isOneLine ? height : 0)
    return cells
  })
  const totals = table.totals
    ? own.map(({ i, column, room }): SetCell => {
        const cell = table.totals![i] ?? null
        return cell === null ? '' : breakFor(cleanText(cellFormat(column, timeZone)(cell)), size, room, measure)
      })
    : []
  return {
    caption,
    widths: widths.map((each) => Math.round(each * 100) / 100),
    numeric: own.map(({ column }) => isNumeric(column)),
    spans: isWhole ? (table.spans ?? []).map((span) => ({ ...span, label: cleanLine(span.label) })) : [],
    heads: own.map(({ column, room }) => breakFor(headOf(column), size, room, measure, true)),
    rows,
    heights,
    totals,
  }
}

/** Words that are wider than their column may break where they must; all others stay as they are. */
function breakFor(text: string, size: number, room: number, measure: FontMeasure, bold = false): string {
  return text.replace(/\S+/gu, (word) => {
    if (measure.width(word, size, bold) <= room) return word
    return word.replace(/(\P{M}\p{M}{0,8})(?=\P{M})/gu, '$1\u200b')
  })
}

function dressed(text: string, look: Look): SetCell {
  if (look.kind === 'bar')
    return { text, bar: [Math.round(look.from * 1000) / 1000, Math.round((look.to - look.from) * 1000) / 1000] }
  if (look.kind === 'scale') return { text, fill: mixed(scaleColour, look.strength) }
  const { ground, text: colour, sign } = colours[look.colour]
  return { text, fill: ground, colour, sign, ...(look.bold && { bold: true as const }) }
}
