import { cleanLine } from '../clean-text.ts'
import { type CutNote, cutDocument, cutText, cutTexts, joinCuts, notesOf } from '../cut-document.ts'
import { describeChart } from '../describe-chart.ts'
import type { Cell, ChartBlock, Document, DocumentBlock, NumberBlock, TableBlock } from '../document.ts'
import { asOfText, cellFormat, formatChange, formatNumber, isNumeric, momentText, withUnit } from '../figures.ts'
import { colours, type Look, looksOf, mixed, scaleColour } from '../looks.ts'
import { readMarkdown, safeLink } from '../markdown.ts'
import type { MailOptions, PrintedMail } from '../press.ts'
import { valuesOf } from '../xlsx/workbook.ts'
import { dimmed, type Html, html, ink, linkTo, nothing, piecesHtml } from './html.ts'
import { plainMail } from './plain.ts'

const usualRows = 50
const mostColumns = 12
const mostCharacters = 300
/** Beyond some 102,000 bytes a large mail service hides the rest of a mail, and with it our notes. */
const mostBytes = 92_000
const pictureWidth = 680

/** A report as a mail: in tables and inline styles, as mail programs want it, readable by night and without pictures. */
export function composeMail(
  document: Document,
  organization: string,
  options: MailOptions,
  cutsBefore: readonly CutNote[],
  picture: (block: ChartBlock) => { png: Buffer; cuts: readonly string[] },
): PrintedMail {
  const images: { cid: string; filename: string; png: Uint8Array }[] = []
  const drawn: CutNote[] = []
  const shown = document.blocks.map((block, i): DocumentBlock | (ChartBlock & { cid: string }) => {
    if (block.kind !== 'chart') return block
    if (options.pictures === false) return { ...valuesOf(block), title: block.title }
    const { png, cuts } = picture(block)
    drawn.push(...cuts.map((text, k) => ({ about: `${i} chart ${k}`, text })))
    const name = `chart-${images.length + 1}`
    images.push({ cid: `${name}@report`, filename: `${name}.png`, png })
    return { ...block, cid: `${name}@report` }
  })
  const whole = { ...document, blocks: shown }
  const link = safeLink(options.link ?? document.link ?? '')
  for (let rows = options.rows ?? usualRows; ; rows = Math.floor(rows / 2)) {
    const limits = { rowsPerTable: rows, columns: mostColumns, charactersPerCell: mostCharacters }
    const { document: fitting, cuts } = cutDocument(whole, limits)
    const told = cutTexts(joinCuts(...cutsBefore, ...drawn, ...cuts))
    const notes = notesOf(fitting, told)
    const text = mailHtml(fitting, organization, options, notes, link).text
    if (Buffer.byteLength(text) <= mostBytes || rows <= 1)
      return { html: text, text: plainMail(fitting, options, notes, link), images, cuts: told }
  }
}

function mailHtml(
  document: Document,
  organization: string,
  options: MailOptions,
  notes: readonly string[],
  link: string | null,
): Html {
  const { title, subtitle, timeZone, generatedAt, dataAsOf } = document
  const asOf = dataAsOf === null ? '' : `Data as of ${asOfText(dataAsOf, timeZone)}`
  const facts = document.facts.map(({ label, value }) => fact(label, value))
  if (dataAsOf !== null) facts.push(fact('Data as of', asOfText(dataAsOf, timeZone)))
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>${cleanLine(title)}</title>
<style>${night}</style></head>
<body class="page" style="margin:0;padding:0;background:#f4f5f7">
<div style="display:none;max-height:0;overflow:hidden">${[asOf, cleanLine(subtitle ?? '')].filter(Boolean).join('. ')}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="page" style="table-layout:fixed;background:#f4f5f7"><tr><td align="center" style="padding:20px 8px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="sheet" style="table-layout:fixed;max-width:760px;text-align:left;background:#ffffff;border-top:4px solid #0072b2;font-family:'Noto Sans','Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.45;${ink}"><tr><td class="pad" style="padding:22px 28px 8px">
<p class="dim" style="margin:0 0 6px;font-size:12px;${dimmed}">${cleanLine(organization)}</p>
<h1 style="margin:0;font-size:23px;line-height:1.25;font-weight:600">${cleanLine(title)}</h1>
${subtitle ? html`<p class="dim" style="margin:4px 0 0;${dimmed}">${cleanLine(subtitle)}</p>` : nothing}
${options.message ? html`<div style="margin:16px 0 0">${piecesHtml(readMarkdown(options.message))}</div>` : nothing}
${facts.length > 0 ? html`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:14px 0 0;font-size:13px">${facts}</table>` : nothing}
${link === null ? nothing : html`<p style="margin:16px 0 0"><a href="${link}" style="display:inline-block;padding:9px 16px;background:#0067a3;color:#ffffff;text-decoration:none;border-radius:4px;font-weight:600">${options.linkLabel ?? 'Open in the portal'}</a></p>`}
${notes.length > 0 ? html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:18px 0 0"><tr><td class="note" style="padding:10px 12px;background:#fdf3dc;border-left:4px solid #c98a00;font-size:13px"><strong>Not everything is in here</strong>${notes.map((note) => html`<br>${note}`)}</td></tr></table>` : nothing}
${blocksHtml(document)}
</td></tr><tr><td class="pad dim line" style="padding:14px 28px 22px;border-top:1px solid #dde1e5;font-size:12px;${dimmed}">
Made ${momentText(generatedAt, timeZone)}.${(options.footer ?? []).map((sentence) => html`<br>${cleanLine(sentence)}`)}
${options.unsubscribeLink ? html`<br>${linkTo(options.unsubscribeLink, html`Get no more of these mails`)}` : nothing}
</td></tr></table></td></tr></table></body></html>
`
}

/** For programs that follow the night of their system; the others show it by day. */
const night = html`@media (prefers-color-scheme: dark){.page{background:#1a1b1e!important}.sheet{background:#242424!important;color:#e6e9ec!important}.dim{color:#a9b1b8!important}.line{border-color:#3b4248!important}.soft,.card{background:#2e3135!important;border-color:#3b4248!important}.note{background:#3d3212!important}.link{color:#56b4e9!important}}
@media (max-width: 480px){.pad{padding-left:14px!important;padding-right:14px!important}.card{display:block!important;width:auto!important}}
table{border-collapse:collapse}`

const fact = (label: string, value: string): Html =>
  html`<tr><td class="dim" style="padding:1px 14px 1px 0;vertical-align:top;${dimmed}">${cleanLine(label)}</td><td style="padding:1px 0;font-weight:600">${cleanLine(value)}</td></tr>`

const titled = (title: string, body: Html): Html =>
  html`${title === '' ? nothing : html`<h2 style="margin:26px 0 8px;font-size:16px;font-weight:600">${cleanLine(title)}</h2>`}${body}`

function blocksHtml({ blocks, timeZone }: Document): Html[] {
  const all: Html[] = []
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i]!
    if (block.kind === 'number') {
      const cards = [block]
      for (let next = blocks[i + 1]; next?.kind === 'number'; next = blocks[i + 1]) {
        cards.push(next)
        i++
      }
      all.push(cardsHtml(cards))
    } else if (block.kind === 'text')
      all.push(html`<div style="margin:18px 0 0">${piecesHtml(readMarkdown(block.markdown))}</div>`)
    else if (block.kind === 'table') all.push(titled(block.title, tableHtml(block, timeZone)))
    else all.push(titled(block.title, chartHtml(block)))
  }
  return all
}

const chartHtml = (block: ChartBlock & { readonly cid?: string }): Html =>
  html`<img src="cid:${block.cid ?? ''}" width="${pictureWidth}" alt="${describeChart(block)}" style="display:block;width:100%;max-width:704px;height:auto;background:#ffffff;border-radius:3px">${block.cut ? small(`Shown: ${cutText(block.cut, 'group')}.`) : nothing}`

const small = (text: string): Html => html`<p class="dim" style="margin:6px 0 0;font-size:12px;${dimmed}">${text}</p>`

function cardsHtml(cards: readonly NumberBlock[]): Html {
  const across = 3
  const rows: Html[] = []
  for (let i = 0; i < cards.length; i += across) {
    const cells = cards.slice(i, i + across).map(cardHtml)
    while (cells.length < across && cards.length > across) cells.push(html`<td class="gap" width="33%"></td>`)
    rows.push(html`<tr>${cells}</tr>`)
  }
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="8" style="margin:14px 0 0;border-collapse:separate;border-spacing:8px">${rows}</table>`
}

function cardHtml({ title, value, unit, decimals, change }: NumberBlock): Html {
  const there = value !== null && Number.isFinite(value)
  const way = change ? (change.value > 0 ? '▲ ' : change.value < 0 ? '▼ ' : '') : ''
  return html`<td class="card" width="33%" style="padding:10px 12px;background:#fafbfc;border:1px solid #dde1e5;vertical-align:top"><span class="dim" style="font-size:12px;${dimmed}">${cleanLine(title)}</span><br><span style="font-size:22px;font-weight:600;line-height:1.3">${there ? formatNumber(value, decimals) : '–'}</span>${there && unit !== '' ? html` <span class="dim" style="font-size:12px;${dimmed}">${cleanLine(unit)}</span>` : nothing}${change ? html`<br><span style="font-size:12px">${way}<strong>${formatChange(change.value)}</strong> <span class="dim" style="${dimmed}">${cleanLine(change.label)}</span></span>` : nothing}</td>`
}

function tableHtml(table: TableBlock, timeZone: string): Html {
  const { columns, rows, totals, cut, spans = [] } = table
  const cells = columns.map((column, i) => {
    const format = cellFormat(column, timeZone)
    const look = looksOf(
      column,
      rows.map((row) => row[i] ?? null),
    )
    const side = isNumeric(column) ? 'right' : 'left'
    // Short values stay in one line; long ones get room to wrap in, where programs let tables be moved sideways.
    const isShort = column.type !== 'text' || rows.every((row) => format(row[i] ?? null).length <= 24)
    const wrap = isShort ? ';white-space:nowrap' : ';min-width:180px'
    return {
      format,
      look,
      side,
      style: `padding:5px 8px;border-bottom:1px solid #dde1e5;text-align:${side};vertical-align:top${wrap}`,
    }
  })
  const line = (row: readonly Cell[]): Html =>
    html`<tr>${cells.map(({ format, look, style }, i) => {
      const cell = row[i] ?? null
      return cellHtml(format(cell), look(cell), style)
    })}</tr>`
  const heads = columns.map(
    (column, i) =>
      html`<th scope="col" class="line" style="padding:5px 8px;border-bottom:2px solid #5b636b;text-align:${cells[i]!.side};vertical-align:bottom;font-weight:600">${cleanLine(withUnit(column.label, column.unit))}</th>`,
  )
  const above = spans.map(
    ({ label, columns: width }) =>
      html`<th colspan="${width}" class="dim" style="padding:3px 8px;text-align:center;font-weight:600;${dimmed}">${cleanLine(label)}</th>`,
  )
  const sums = (totals ?? []).map(
    (cell, i) =>
      html`<td class="line" style="padding:6px 8px;border-top:2px solid #5b636b;text-align:${cells[i]?.side ?? 'left'};font-weight:600;white-space:nowrap">${cell === null ? '' : (cells[i]?.format(cell) ?? '')}</td>`,
  )
  const note = rows.length === 0 ? 'There are no rows.' : cut ? `Shown: ${cutText(cut)}.` : ''
  return html`<div style="overflow-x:auto"><table width="100%" cellpadding="0" cellspacing="0" style="font-size:13px;line-height:1.35"><thead>${above.length > 0 ? html`<tr>${above}</tr>` : nothing}<tr>${heads}</tr></thead><tbody>${rows.map(line)}${sums.length > 0 ? html`<tr>${sums}</tr>` : nothing}</tbody></table></div>${note === '' ? nothing : small(note)}`
}

/** What stands out keeps dark text on its light ground, by night too. */
function cellHtml(text: string, look: Look | null, style: string): Html {
  if (look === null || look.kind === 'bar') return html`<td class="line" style="${style}">${text}</td>`
  if (look.kind === 'scale')
    return html`<td class="line" style="${style};background:${mixed(scaleColour, look.strength)};${ink}">${text}</td>`
  const { ground, text: colour, sign } = colours[look.colour]
  return html`<td class="line" style="${style};background:${ground};color:${colour}${look.bold ? ';font-weight:600' : ''}">${sign} ${text}</td>`
}
