import { Readable } from 'node:stream'
import { cleanLine } from '../clean-text.ts'
import { type CutNote, cutTexts, notesOf } from '../cut-document.ts'
import type { ChartBlock, Document, DocumentBlock, TableBlock } from '../document.ts'
import { countedText, countText } from '../figures.ts'
import { type ZipEntry, zip } from '../zip.ts'
import { aboutSheet } from './about-sheet.ts'
import { most } from './cells.ts'
import { openLists } from './lists.ts'
import { quotedName, sheetNames } from './sheet-names.ts'
import { openStyles } from './styles.ts'
import { rowsThatFit, tableSheet } from './table-sheet.ts'
import { xmlText } from './xml-text.ts'

/** More sheets than anybody leafs through. */
const mostSheets = 200
const listsName = 'Choices'
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/**
 * A document as a workbook: what it is on the first sheet, then a sheet for each table and for the values of each chart.
 * Written piece by piece; the stream takes no more than its reader does.
 */
export function workbook(document: Document, organization: string): { stream: Readable; cuts: readonly string[] } {
  const { tables, cuts } = sheetsOf(document.blocks)
  const names = sheetNames(
    tables.map(({ title }) => title),
    ['About', listsName],
  )
  const told = cutTexts(cuts)
  const notes = notesOf(document, told)
  const styles = openStyles()
  const lists = openLists(listsName)
  const contents = tables.map(({ title }, i) => ({ name: names[i]!, title }))
  const about = aboutSheet(document, organization, notes, contents, styles)
  const sheets = tables.map((table) => tableSheet(table, document.timeZone, styles, lists))
  const hasLists = lists.names().length > 0
  const all = ['About', ...names, ...(hasLists ? [listsName] : [])]
  const entries: ZipEntry[] = [
    { name: '[Content_Types].xml', pieces: [contentTypes(all.length)] },
    { name: '_rels/.rels', pieces: [packageRelationships] },
    { name: 'docProps/core.xml', pieces: [coreProperties(document, organization)] },
    { name: 'xl/workbook.xml', pieces: [workbookXml(all, hasLists, lists.names(), tables)] },
    { name: 'xl/_rels/workbook.xml.rels', pieces: [workbookRelationships(all.length)] },
    { name: 'xl/styles.xml', pieces: [styles.xml()] },
    { name: 'xl/worksheets/sheet1.xml', pieces: about.pieces },
    ...(about.link === null
      ? []
      : [{ name: 'xl/worksheets/_rels/sheet1.xml.rels', pieces: [linkRelationship(about.link)] }]),
    ...sheets.map((pieces, i) => ({ name: `xl/worksheets/sheet${i + 2}.xml`, pieces })),
    ...(hasLists ? [{ name: `xl/worksheets/sheet${all.length}.xml`, pieces: lists.sheet() }] : []),
  ]
  return { stream: Readable.from(zip(entries, document.generatedAt), { objectMode: false }), cuts: told }
}

/** Tables within what the format can hold. */
function sheetsOf(blocks: readonly DocumentBlock[]): { tables: TableBlock[]; cuts: CutNote[] } {
  const cuts: CutNote[] = []
  const all = blocks.flatMap((block) =>
    block.kind === 'table' ? [block] : block.kind === 'chart' ? [valuesOf(block)] : [],
  )
  if (all.length > mostSheets)
    cuts.push({ about: 'sheets', text: `Only the first ${mostSheets} of ${countText(all.length)} tables are in here.` })
  const tables = all.slice(0, mostSheets).map((table, i) => {
    const tell = (about: string, text: string): void => {
      cuts.push({ about: `${i} ${about}`, text: `“${cleanLine(table.title)}” ${text}` })
    }
    const columns = table.columns.slice(0, most.columns)
    if (columns.length < table.columns.length)
      tell('columns', `holds the first ${countText(columns.length)} of ${countText(table.columns.length)} columns.`)
    const fit = rowsThatFit(table)
    const rows = table.rows.length > fit ? table.rows.slice(0, fit) : table.rows
    if (rows.length < table.rows.length)
      tell('rows', `holds the first ${countText(rows.length)} of ${countText(table.rows.length)} rows.`)
    const long = countLong({ columns, rows })
    if (long > 0)
      tell('cells', `has ${countedText(long, 'cell', 'cells')} cut after ${countText(most.characters)} characters.`)
    return { ...table, columns, rows }
  })
  return { tables, cuts }
}

/** Only columns of text: everything else that comes as text is a number, a day or a moment. */
function countLong({ columns, rows }: Pick<TableBlock, 'columns' | 'rows'>): number {
  let long = 0
  for (const [i, { type }] of columns.entries()) {
    if (type !== 'text') continue
    for (const row of rows) {
      const cell = row[i]
      if (typeof cell === 'string' && cell.length > most.characters) long++
    }
  }
  return long
}

/** The values of a chart as a table: its groups down, its series across. */
export function valuesOf({ title, chart, cut }: ChartBlock): TableBlock {
  const { categories, series, unit, decimals } = chart
  return {
    kind: 'table',
    title,
    columns: [
      { name: 'group', label: 'Group', type: 'text' },
      ...series.map(({ name }, i) => ({
        name: `series_${i + 1}`,
        label: series.length === 1 && chart.type === 'pie' ? unit || 'Value' : name || unit || 'Value',
        type: 'number' as const,
        unit,
        ...(decimals !== undefined && { decimals }),
      })),
    ],
    rows: categories.map((category, i) => [category, ...series.map(({ values }) => values[i] ?? null)]),
    ...(cut && { cut }),
  }
}

const contentTypes = (sheets: number): string => {
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const each = Array.from(
    { length: sheets },
    (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${kind}.worksheet+xml"/>`,
  )
  return `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${each.join('')}</Types>`
}

const packageRelationships = `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const coreProperties = ({ title, subtitle, generatedAt }: Document, organization: string): string =>
  `${xml}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${xmlText(cleanLine(title))}</dc:title>${subtitle ? `<dc:description>${xmlText(cleanLine(subtitle))}</dc:description>` : ''}<dc:creator>${xmlText(cleanLine(organization))}</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${generatedAt.toISOString().slice(0, 19)}Z</dcterms:created></cp:coreProperties>`

function workbookXml(
  sheets: readonly string[],
  hasLists: boolean,
  names: readonly { readonly name: string; readonly reference: string }[],
  tables: readonly TableBlock[],
): string {
  const each = sheets.map(
    (name, i) =>
      `<sheet name="${xmlText(name)}" sheetId="${i + 1}"${hasLists && i === sheets.length - 1 ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  )
  const heads = tables.map((table, i) => {
    const rows = table.spans && table.spans.length > 0 ? 2 : 1
    // Repeated on every page that is printed.
    return `<definedName name="_xlnm.Print_Titles" localSheetId="${i + 1}">${xmlText(`${quotedName(sheets[i + 1]!)}!$1:$${rows}`)}</definedName>`
  })
  const lists = names.map(({ name, reference }) => `<definedName name="${name}">${xmlText(reference)}</definedName>`)
  const defined = [...heads, ...lists]
  return `${xml}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${relationships}"><bookViews><workbookView/></bookViews><sheets>${each.join('')}</sheets>${defined.length > 0 ? `<definedNames>${defined.join('')}</definedNames>` : ''}</workbook>`
}

const workbookRelationships = (sheets: number): string => {
  const each = Array.from(
    { length: sheets },
    (_, i) =>
      `<Relationship Id="rId${i + 1}" Type="${relationships}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`,
  )
  return `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${each.join('')}<Relationship Id="rId${sheets + 1}" Type="${relationships}/styles" Target="styles.xml"/></Relationships>`
}

const linkRelationship = (link: string): string =>
  `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relationships}/hyperlink" Target="${xmlText(link)}" TargetMode="External"/></Relationships>`
