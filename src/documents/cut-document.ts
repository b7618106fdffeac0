import { cleanLine, shorten } from './clean-text.ts'
import type { Cell, Cut, Document, DocumentBlock, TableBlock } from './document.ts'
import { countedText, countText } from './figures.ts'

export interface CutLimits {
  readonly rowsPerTable: number
  readonly charactersPerCell: number
  /** Further ones are left out; every way out can take so many. */
  readonly columns: number
}

/** A sentence on what is left out; a later one on the same thing takes its place. */
export interface CutNote {
  readonly about: string
  readonly text: string
}

export interface CutResult {
  readonly document: Document
  readonly cuts: readonly CutNote[]
}

/** Those of both, in order. */
export const joinCuts = (...cuts: readonly CutNote[]): CutNote[] => [
  ...new Map(cuts.map((cut) => [cut.about, cut])).values(),
]
export const cutTexts = (cuts: readonly CutNote[]): string[] => [...new Set(cuts.map(({ text }) => text))]

/** Everything that readers must be told is missing: what was before, what each block lacks, and what was cut here. */
export const notesOf = ({ notes, blocks }: Document, cuts: readonly string[]): string[] => {
  const own = blocks.flatMap((block) =>
    (block.kind === 'table' || block.kind === 'chart') && block.cut
      ? [rowsSentence(block.title, block.cut, block.kind === 'chart' ? 'group' : 'row')]
      : [],
  )
  return [...new Set([...notes, ...own, ...cuts].map(cleanLine))]
}

const rowsSentence = (title: string, cut: Cut, what?: string): string => `${quoted(title)} shows ${cutText(cut, what)}.`

/** How a title is quoted in a sentence. */
const quoted = (title: string): string => (title === '' ? 'A table' : `“${shorten(cleanLine(title), 100)}”`)

/** A document within limits; what it loses is told at the place (`cut`) and in the cuts. */
export function cutDocument(document: Document, limits: CutLimits): CutResult {
  const cuts: CutNote[] = []
  const blocks = document.blocks.map((block, i): DocumentBlock => {
    const tell = (what: string, text: string): void => {
      cuts.push({ about: `${i} ${what}`, text })
    }
    if (block.kind === 'table') return cutTable(block, limits, tell)
    if (block.kind === 'text' && block.markdown.length > mostMarkdown) {
      tell('text', `A text is cut after ${countText(mostMarkdown)} characters.`)
      return { ...block, markdown: shorten(block.markdown, mostMarkdown) }
    }
    return block
  })
  return { document: { ...document, blocks }, cuts }
}

const mostMarkdown = 20_000

/** Heads are repeated on each page: one that is taller than a page would leave no room for rows, however few there are. */
const charactersPerHead = 120

function cutTable(
  table: TableBlock,
  { rowsPerTable, charactersPerCell, columns }: CutLimits,
  tell: (what: string, text: string) => void,
): TableBlock {
  let cut = table.cut
  let rows = table.rows
  if (rows.length > rowsPerTable) {
    rows = rows.slice(0, rowsPerTable)
    cut = { shown: rowsPerTable, of: cut ? cut.of : table.rows.length }
    tell('rows', rowsSentence(table.title, cut))
  }
  const few = table.columns.length > columns
  if (few)
    tell('columns', `${quoted(table.title)} shows the first ${columns} of ${countText(table.columns.length)} columns.`)
  let shortened = 0
  const short = (cell: Cell): Cell => {
    if (typeof cell === 'string' && cell.length > charactersPerCell) {
      shortened++
      return shorten(cell, charactersPerCell)
    }
    if (typeof cell === 'object' && cell !== null) return short(cell.join(', '))
    return cell
  }
  const narrow = (row: readonly Cell[]): Cell[] => (few ? row.slice(0, columns) : row).map(short)
  rows = rows.map((row) => (few || row.some(isLong(charactersPerCell)) ? narrow(row) : row))
  if (shortened > 0)
    tell(
      'cells',
      `In ${quoted(table.title)} ${countedText(shortened, 'cell is', 'cells are')} cut after ${countText(charactersPerCell)} characters.`,
    )
  return {
    ...table,
    ...cutHeads(table, columns, tell),
    rows,
    ...(cut && { cut }),
    ...(few && table.totals && { totals: table.totals.slice(0, columns) }),
  }
}

function cutHeads(
  table: TableBlock,
  columns: number,
  tell: (what: string, text: string) => void,
): Pick<TableBlock, 'columns' | 'spans'> {
  let isCut = false
  const head = (text: string): string => {
    isCut ||= text.length > charactersPerHead
    return shorten(text, charactersPerHead)
  }
  const heads = table.columns.slice(0, columns).map(({ label, unit, ...column }) => ({
    ...column,
    label: head(label),
    ...(unit !== undefined && { unit: head(unit) }),
  }))
  const spans = table.spans && cutSpans(table.spans, columns).map((span) => ({ ...span, label: head(span.label) }))
  if (isCut) tell('heads', `In ${quoted(table.title)} heads of columns are cut after ${charactersPerHead} characters.`)
  return { columns: heads, ...(spans && { spans }) }
}

const isLong =
  (most: number) =>
  (cell: Cell): boolean =>
    typeof cell === 'string' ? cell.length > most : typeof cell === 'object' && cell !== null

function cutSpans(spans: NonNullable<TableBlock['spans']>, columns: number): NonNullable<TableBlock['spans']> {
  let left = columns
  return spans.flatMap((span) => {
    const width = Math.min(span.columns, left)
    left -= width
    return width > 0 ? [{ ...span, columns: width }] : []
  })
}

/** "the first 500 of 1,234 rows", where it is known how many there are. */
export const cutText = ({ shown, of }: Cut, what = 'row'): string =>
  of === null
    ? `only the first ${countedText(shown, what)}`
    : `the first ${countText(shown)} of ${countedText(of, what)}`
