export type SheetCell = string | number | boolean | null

/**
 * CSV as Excel wants it: it takes UTF-8 for such only with a mark before it. A text that begins like a formula gets an
 * apostrophe, so that opening a file never runs what stands in the data; within a text too, behind what separates cells
 * or lines where Excel was set to another language.
 */
export function spreadsheetCsv(head: readonly string[], rows: readonly (readonly SheetCell[])[]): string {
  const lines = [head, ...rows].map((row) => row.map(writeCell).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

/** Where one could begin: the signs of formulas, full-width ones too, and white space, which is passed over. */
const formula = /(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/g

function writeCell(cell: SheetCell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const text = cell.replace(formula, "$1'")
  return /[",;\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
