/**
 * What a spreadsheet puts on the clipboard, as rows of texts: cells apart by tabs, lines by line breaks, and a text that
 * has either of them between double quotes, with its own quotes doubled. The break after the last line begins no line.
 */
export function pastedCells(text: string): string[][] {
  const rows: string[][] = [[]]
  let at = 0
  while (at < text.length) {
    const { cell, next } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at)
    rows.at(-1)?.push(cell)
    const sign = text[next]
    at = next + 1
    if (sign === '\t' && at >= text.length) rows.at(-1)?.push('')
    if (sign === '\r' && text[at] === '\n') at += 1
    if (sign !== undefined && sign !== '\t' && at < text.length) rows.push([])
  }
  return rows[0]?.length === 0 ? [['']] : rows
}

function plainCell(text: string, from: number): { cell: string; next: number } {
  let next = from
  while (next < text.length && !'\t\r\n'.includes(text[next]!)) next += 1
  return { cell: text.slice(from, next), next }
}

/** A quote that is never closed, or is followed by more, was none: the text means itself. */
function quotedCell(text: string, from: number): { cell: string; next: number } {
  const [whole] = /^"(?:[^"]|"")*"(?=[\t\r\n]|$)/.exec(text.slice(from)) ?? []
  return whole === undefined
    ? plainCell(text, from)
    : { cell: whole.slice(1, -1).replaceAll('""', '"'), next: from + whole.length }
}

/** Cells as a spreadsheet takes them from the clipboard. */
export const copiedCells = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => row.map((cell) => (/["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t'))
    .join('\n')
