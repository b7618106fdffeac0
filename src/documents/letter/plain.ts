import { cleanLine, cleanText, shorten } from '../clean-text.ts'
import { cutText } from '../cut-document.ts'
import { describeChart } from '../describe-chart.ts'
import type { Document, DocumentBlock, NumberBlock, TableBlock } from '../document.ts'
import { asOfText, cellFormat, formatChange, formatNumber, isNumeric, momentText, withUnit } from '../figures.ts'
import { readMarkdown, type TextPart, type TextPiece } from '../markdown.ts'
import type { MailOptions } from '../press.ts'

const widest = 78
const cellWidth = 32

/** The mail for those who read it without HTML. */
export function plainMail(
  document: Document,
  options: MailOptions,
  notes: readonly string[],
  link: string | null,
): string {
  const parts: string[] = []
  const title = cleanLine(document.title)
  parts.push(`${title}\n${'='.repeat(Math.min(widest, title.length))}`)
  if (document.subtitle) parts.push(cleanLine(document.subtitle))
  if (options.message) parts.push(piecesText(readMarkdown(options.message)))
  const facts = document.facts.map(({ label, value }) => `${cleanLine(label)}: ${cleanLine(value)}`)
  if (document.dataAsOf !== null) facts.push(`Data as of ${asOfText(document.dataAsOf, document.timeZone)}`)
  if (facts.length > 0) parts.push(facts.join('\n'))
  if (link !== null) parts.push(`${options.linkLabel ?? 'Open in the portal'}: ${link}`)
  if (notes.length > 0) parts.push(['Not everything is in here:', ...notes.map((note) => `* ${note}`)].join('\n'))
  for (const block of document.blocks) parts.push(blockText(block, document.timeZone))
  parts.push(
    [
      '-- ',
      `Made ${momentText(document.generatedAt, document.timeZone)}.`,
      ...(options.footer ?? []).map(cleanLine),
      ...(options.unsubscribeLink ? [`Get no more of these mails: ${options.unsubscribeLink}`] : []),
    ].join('\n'),
  )
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function blockText(block: DocumentBlock, timeZone: string): string {
  switch (block.kind) {
    case 'text':
      return piecesText(readMarkdown(block.markdown))
    case 'number':
      return numberText(block)
    case 'chart':
      return titled(block.title, describeChart(block))
    case 'table':
      return titled(block.title, tableText(block, timeZone))
  }
}

const titled = (title: string, body: string): string => {
  const name = cleanLine(title)
  return name === '' ? body : `${name}\n${'-'.repeat(Math.min(widest, name.length))}\n${body}`
}

function numberText({ title, value, unit, decimals, change }: NumberBlock): string {
  const told =
    value === null || !Number.isFinite(value) ? '–' : `${formatNumber(value, decimals)} ${cleanLine(unit)}`.trim()
  return `${cleanLine(title)}: ${told}${change ? ` (${formatChange(change.value)} ${cleanLine(change.label)})` : ''}`
}

/** In columns where they fit a line, else each row as a list of what it says. */
function tableText(table: TableBlock, timeZone: string): string {
  const { columns, rows, totals, cut } = table
  const notes = rows.length === 0 ? ['There are no rows.'] : cut ? [`Shown: ${cutText(cut)}.`] : []
  const formats = columns.map((column) => cellFormat(column, timeZone))
  const heads = columns.map((column) => shorten(cleanLine(withUnit(column.label, column.unit)), cellWidth))
  const lines = [...rows, ...(totals ? [totals] : [])].map((row) =>
    formats.map((format, i) =>
      shorten(cleanLine(row[i] === null && row === totals ? '' : format(row[i] ?? null)), cellWidth),
    ),
  )
  const widths = columns.map((_, i) => Math.max(heads[i]!.length, ...lines.map((line) => line[i]!.length)))
  if (widths.reduce((sum, width) => sum + width + 2, -2) > widest + 30)
    return [...lines.map((line) => line.map((cell, i) => `${heads[i]}: ${cell}`).join('; ')), ...notes].join('\n')
  const lay = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumeric(columns[i]!) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return [lay(heads), lay(widths.map((width) => '-'.repeat(width))), ...lines.map(lay), ...notes].join('\n')
}

const piecesText = (pieces: readonly TextPiece[]): string => pieces.map(pieceText).join('\n\n')

function pieceText(piece: TextPiece): string {
  switch (piece.is) {
    case 'paragraph':
    case 'heading':
      return cleanText(partsText(piece.parts))
    case 'list':
      return piece.items
        .map((item, i) => {
          const mark = piece.start === null ? '*' : `${piece.start + i}.`
          return `${mark} ${piecesText(item).replaceAll('\n', `\n${' '.repeat(mark.length + 1)}`)}`
        })
        .join('\n')
    case 'quote':
      return piecesText(piece.pieces).replace(/^/gm, '> ')
    case 'program':
      return piece.text.replace(/^/gm, '    ')
    case 'rule':
      return '-'.repeat(20)
  }
}

const partsText = (parts: readonly TextPart[]): string =>
  parts
    .map((part) => {
      if (part.is === 'text' || part.is === 'code') return part.text
      if (part.is === 'break') return '\n'
      const inner = partsText(part.parts)
      return part.is === 'link' && inner !== part.to ? `${inner} <${part.to}>` : inner
    })
    .join('')
