import { cleanLine, cleanText } from '../clean-text.ts'
import type { Document, NumberBlock } from '../document.ts'
import { asOfText, formatChange, momentText } from '../figures.ts'
import { safeLink } from '../markdown.ts'
import { cellXml, formatOf, type Typed } from './cells.ts'
import { quotedName } from './sheet-names.ts'
import type { Styles } from './styles.ts'
import { sheetStart, xmlText } from './xml-text.ts'

/** The first sheet: what this is, of when, for whom, what is missing, its single numbers, and what stands where. */
export function aboutSheet(
  document: Document,
  organization: string,
  notes: readonly string[],
  contents: readonly { readonly name: string; readonly title: string }[],
  styles: Styles,
): { readonly pieces: readonly string[]; readonly link: string | null } {
  const style = {
    title: styles.cell({ bold: true, size: 16 }),
    dim: styles.cell({ dim: true, wrap: true }),
    strong: styles.cell({ bold: true, wrap: true, asText: true }),
    head: styles.cell({ bold: true, below: true }),
    plain: styles.cell({ wrap: true, asText: true }),
    link: styles.cell({ link: true }),
    note: styles.cell({ wrap: true, fill: 'FDF3DC', asText: true }),
  }
  const rows: string[] = []
  const links: string[] = []
  const merged: string[] = []
  type Content = readonly [Typed, number]
  const add = (...cells: readonly (Content | null)[]): number => {
    const number = rows.length + 1
    const xml = cells.map((cell, i) => (cell ? cellXml(`${'ABC'[i]}${number}`, cell[0], cell[1], cell[1]) : ''))
    rows.push(`<row r="${number}">${xml.join('')}</row>`)
    return number
  }
  const across = (text: string, look: number, height = 1): void => {
    const number = add([text, look], ['', look], ['', look])
    merged.push(`A${number}:C${number}`)
    const lines = Math.max(
      height,
      text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 95)), 0),
    )
    if (lines > 1)
      rows[number - 1] = rows[number - 1]!.replace('>', ` ht="${Math.min(400, lines * 14 + 2)}" customHeight="1">`)
  }

  across(cleanLine(document.title), style.title)
  rows[0] = rows[0]!.replace('>', ' ht="26" customHeight="1">')
  if (document.subtitle) across(cleanLine(document.subtitle), style.dim)
  add()
  for (const { label, value } of document.facts) add([cleanLine(label), style.dim], [cleanLine(value), style.strong])
  if (document.dataAsOf !== null)
    add(['Data as of', style.dim], [asOfText(document.dataAsOf, document.timeZone), style.strong])
  add(['Made', style.dim], [momentText(document.generatedAt, document.timeZone), style.strong])
  add(['Times are told in', style.dim], [document.timeZone, style.strong])
  add(['By', style.dim], [organization, style.strong])
  const link = document.link === undefined ? null : safeLink(document.link)
  if (link !== null) {
    const number = add(['In the portal', style.dim], [link, style.link])
    links.push(`<hyperlink ref="B${number}" r:id="rId1"/>`)
  }
  if (notes.length > 0) {
    add()
    add(['Not everything is in here', style.head])
    for (const note of notes) across(cleanLine(note), style.note)
  }
  const numbers = document.blocks.filter((block): block is NumberBlock => block.kind === 'number')
  if (numbers.length > 0) {
    add()
    add(['Numbers', style.head], ['', style.head], ['', style.head])
    for (const number of numbers) {
      const format = formatOf({ name: '', label: '', type: 'number', decimals: number.decimals }, [number.value])
      const { change } = number
      add(
        [cleanLine(number.title), style.plain],
        [
          number.value !== null && Number.isFinite(number.value) ? number.value : null,
          styles.cell({ bold: true, align: 'left', ...(format !== undefined && { format }) }),
        ],
        [
          [cleanLine(number.unit), change ? `${formatChange(change.value)} ${cleanLine(change.label)}` : '']
            .filter(Boolean)
            .join(', '),
          style.dim,
        ],
      )
    }
  }
  const texts = document.blocks.filter((block) => block.kind === 'text')
  if (texts.length > 0) {
    add()
    for (const { markdown } of texts) across(cleanText(markdown).trim(), style.plain)
  }
  if (contents.length > 0) {
    add()
    add(['Sheets', style.head], ['', style.head], ['', style.head])
    for (const { name, title } of contents) {
      const number = add([name, style.link], [title === name ? '' : cleanLine(title), style.dim])
      links.push(
        `<hyperlink ref="A${number}" location="${xmlText(`${quotedName(name)}!A1`)}" display="${xmlText(name)}"/>`,
      )
    }
  }
  return {
    link,
    pieces: [
      `${sheetStart}<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="30" customWidth="1"/><col min="2" max="2" width="42" customWidth="1"/><col min="3" max="3" width="40" customWidth="1"/></cols><sheetData>`,
      ...rows,
      `</sheetData>${merged.length > 0 ? `<mergeCells count="${merged.length}">${merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>` : ''}${links.length > 0 ? `<hyperlinks>${links.join('')}</hyperlinks>` : ''}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="portrait" fitToWidth="1" fitToHeight="0"/></worksheet>`,
    ],
  }
}
