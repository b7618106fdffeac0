import type { Cell, DocumentColumn, TableBlock } from '../document.ts'
import { cellFormat, isNumeric, withUnit } from '../figures.ts'
import { cellXml, formatOf, most, type Typed, typedCell } from './cells.ts'
import type { Lists } from './lists.ts'
import { ruleXml } from './rules.ts'
import type { Styles } from './styles.ts'
import { columnLetters, sheetStart, xmlText } from './xml-text.ts'

/** Pieces of so many characters: packed off the event loop, with a turn for everybody else between them. */
const pieceSize = 32_768
/** What people type into is on this ground. */
const inputGround = 'FFFBE6'
const headGround = 'F1F3F5'
/** Letters across, of one column. */
const widest = 60

interface SheetColumn {
  readonly column: DocumentColumn
  readonly letters: string
  readonly typed: (cell: Cell) => Typed
  readonly style: number
  readonly textStyle: number
  readonly totalStyle: number
  readonly headStyle: number
}

/** A table as a sheet, in pieces. Everything but its rows is known before the first piece. */
export function tableSheet(table: TableBlock, timeZone: string, styles: Styles, lists: Lists): Iterable<string> {
  const columns = table.columns.map((column, i): SheetColumn => {
    const format = formatOf(column, valuesOf(table, i))
    const side = isNumeric(column) ? 'right' : column.type === 'boolean' ? 'center' : 'left'
    const look = {
      align: side,
      ...(format !== undefined && { format }),
      ...(column.input && { fill: inputGround }),
      ...(column.type === 'text' && isLong(table, i) && { wrap: true }),
    } as const
    return {
      column,
      letters: columnLetters(i),
      typed: typedCell(column, timeZone),
      style: styles.cell(look),
      textStyle: styles.cell({ ...look, asText: true }),
      totalStyle: styles.cell({ align: side, ...(format !== undefined && { format }), bold: true, above: true }),
      headStyle: styles.cell({ bold: true, below: true, wrap: true, fill: headGround, align: side }),
    }
  })
  const spanStyle = styles.cell({ bold: true, dim: true, align: 'center', fill: headGround })
  const heads = table.spans && table.spans.length > 0 ? 2 : 1
  const firstRow = heads + 1
  const lastRow = heads + table.rows.length
  const lastLetters = columnLetters(columns.length - 1)
  const rules = columns.map(({ column, letters }, i) =>
    ruleXml(
      column,
      `${letters}${firstRow}:${letters}${lastRow}`,
      timeZone,
      styles,
      formatOf(column, valuesOf(table, i)),
    ),
  )
  const choices = columns.map(({ column, letters }) =>
    choiceXml(column, `${letters}${firstRow}:${letters}${lastRow}`, lists),
  )

  const widths = widthsOf(table, timeZone)
  const wrapping = columns.flatMap(({ column }, i) => (column.type === 'text' && isLong(table, i) ? [i] : []))

  return (function* (): Generator<string> {
    yield `${sheetStart}${viewXml(heads, Math.min(table.rowHeaders ?? 0, columns.length - 1))}${widthsXml(widths)}<sheetData>`
    yield headXml(table, columns, spanStyle, widths)
    let piece = ''
    for (let r = 0; r < table.rows.length; r++) {
      const row = table.rows[r]!
      const number = firstRow + r
      const height = wrapping.length === 0 ? '' : heightXml(wrapping.map((i) => textIn(row, i, widths)))
      piece += `<row r="${number}"${height}>`
      for (let i = 0; i < columns.length; i++) {
        const { letters, typed, style, textStyle, column } = columns[i]!
        const value = typed(row[i] ?? null)
        if (value !== null || column.input) piece += cellXml(letters + number, value, style, textStyle)
      }
      piece += '</row>'
      if (piece.length > pieceSize) {
        yield piece
        piece = ''
      }
    }
    yield piece
    if (table.totals) {
      const cells = columns.map(({ letters, typed, totalStyle }, i) =>
        cellXml(`${letters}${lastRow + 1}`, typed(table.totals![i] ?? null), totalStyle, totalStyle),
      )
      yield `<row r="${lastRow + 1}">${cells.join('')}</row>`
    }
    yield '</sheetData>'
    if (table.rows.length > 0 && columns.length > 0) yield `<autoFilter ref="A${heads}:${lastLetters}${lastRow}"/>`
    yield spansXml(table)
    if (table.rows.length > 0) {
      yield rules.join('')
      const told = choices.filter((xml) => xml !== '')
      if (told.length > 0) yield `<dataValidations count="${told.length}">${told.join('')}</dataValidations>`
    }
    yield `<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`
  })()
}

const textIn = (row: readonly Cell[], i: number, widths: readonly number[]) => {
  const cell = row[i]
  return { text: typeof cell === 'string' ? cell.slice(0, 3000) : '', width: widths[i]! }
}

/** Whether there is text that wants more than the widest column. */
const isLong = (table: TableBlock, i: number): boolean =>
  table.rows
    .slice(0, 500)
    .some((row) => typeof row[i] === 'string' && (row[i].length > widest || row[i].includes('\n')))

function* valuesOf(table: TableBlock, i: number): Generator<Cell> {
  for (const row of table.rows) yield row[i] ?? null
}

const viewXml = (heads: number, headers: number): string => {
  const corner = `${columnLetters(headers)}${heads + 1}`
  const pane = headers > 0 ? 'bottomRight' : 'bottomLeft'
  return `<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane${headers > 0 ? ` xSplit="${headers}"` : ''} ySplit="${heads}" topLeftCell="${corner}" activePane="${pane}" state="frozen"/><selection pane="${pane}" activeCell="${corner}" sqref="${corner}"/></sheetView></sheetViews>`
}

/** As wide as what stands in it, within reason; the first rows speak for the others. */
function widthsOf(table: TableBlock, timeZone: string): number[] {
  return table.columns.map((column, i) => {
    const format = cellFormat(column, timeZone)
    let needed = Math.min(
      26,
      Math.max(
        ...headText(column)
          .split(' ')
          .map((word) => word.length),
        headText(column).length / 1.6,
      ),
    )
    const see = (cell: Cell): void => {
      const longest = Math.max(
        ...format(cell)
          .split('\n')
          .map((line) => line.length),
      )
      needed = Math.max(needed, Math.min(widest, longest))
    }
    for (const row of table.rows.slice(0, 500)) see(row[i] ?? null)
    if (table.totals) see(table.totals[i] ?? null)
    for (const { label } of column.options?.slice(0, 500) ?? []) see(label)
    return needed
  })
}

const widthsXml = (widths: readonly number[]): string => {
  const columns = widths.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${(width * 1.05 + 3.5).toFixed(1)}" customWidth="1"/>`,
  )
  return columns.length > 0 ? `<cols>${columns.join('')}</cols>` : ''
}

/** How high a row must be for its text; not every program finds that out by itself. */
function heightXml(texts: readonly { readonly text: string; readonly width: number }[]): string {
  let lines = 1
  for (const { text, width } of texts) {
    let own = 0
    for (const line of text.split('\n')) own += Math.max(1, Math.ceil(line.length / (width + 1)))
    lines = Math.max(lines, own)
  }
  return lines > 1 ? ` ht="${Math.min(30, lines) * 13.5 + 1.5}" customHeight="1"` : ''
}

const headText = (column: DocumentColumn): string => withUnit(column.label, column.unit)

function headXml(
  table: TableBlock,
  columns: readonly SheetColumn[],
  spanStyle: number,
  widths: readonly number[],
): string {
  const { spans } = table
  let row = 1
  let xml = ''
  if (spans && spans.length > 0) {
    let at = 0
    const cells = spans.map(({ label, columns: width }) => {
      const cell = cellXml(`${columnLetters(at)}1`, label === '' ? null : label, spanStyle, spanStyle)
      at += width
      return cell
    })
    xml += `<row r="1">${cells.join('')}</row>`
    row = 2
  }
  const cells = columns.map(({ letters, column, headStyle }) =>
    cellXml(`${letters}${row}`, headText(column) || null, headStyle, headStyle),
  )
  const height = heightXml(columns.map(({ column }, i) => ({ text: headText(column), width: widths[i]! })))
  return `${xml}<row r="${row}"${height}>${cells.join('')}</row>`
}

function spansXml({ spans = [] }: TableBlock): string {
  let at = 0
  const merged = spans.flatMap(({ columns }) => {
    const from = at
    at += columns
    return columns > 1 ? [`<mergeCell ref="${columnLetters(from)}1:${columnLetters(at - 1)}1"/>`] : []
  })
  return merged.length > 0 ? `<mergeCells count="${merged.length}">${merged.join('')}</mergeCells>` : ''
}

/** What may be typed into an input column: a real list to choose from, a day, yes or no. */
function choiceXml(column: DocumentColumn, cells: string, lists: Lists): string {
  if (!column.input) return ''
  const open = (kind: string, words: string): string =>
    `<dataValidation ${kind} allowBlank="1" showInputMessage="1" showErrorMessage="1" errorTitle="${xmlText(column.label.slice(0, 30))}" error="${words}" sqref="${cells}">`
  if (column.options && !column.multiple) {
    const formula = lists.formulaOf(column.options.map(({ label }) => label))
    if (formula === null) return ''
    return `${open('type="list"', 'Choose one of the list.')}<formula1>${xmlText(formula)}</formula1></dataValidation>`
  }
  if (column.type === 'boolean')
    return `${open('type="list"', 'TRUE or FALSE.')}<formula1>"TRUE,FALSE"</formula1></dataValidation>`
  if (column.type === 'date')
    return `${open('type="date" operator="greaterThan"', 'This takes a date.')}<formula1>1</formula1></dataValidation>`
  return ''
}

export const rowsThatFit = (table: TableBlock): number =>
  most.rows - 1 - (table.spans && table.spans.length > 0 ? 1 : 0) - (table.totals ? 1 : 0)
