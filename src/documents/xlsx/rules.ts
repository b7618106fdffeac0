import type { ColourRule, DocumentColumn } from '../document.ts'
import { barColour, colours, scaleColour } from '../looks.ts'
import { dateSerial, timeSerials } from './cells.ts'
import type { Styles } from './styles.ts'
import { xmlText } from './xml-text.ts'

/** A column's conditional formats as the spreadsheet's own: they follow what people type. The first that applies wins. */
export function ruleXml(
  column: DocumentColumn,
  cells: string,
  timeZone: string,
  styles: Styles,
  format: string | undefined,
): string {
  const { formats = [] } = column
  if (formats.length === 0) return ''
  const first = cells.slice(0, cells.indexOf(':'))
  const rules = formats.map((rule, i) => {
    const priority = i + 1
    if ('scale' in rule) return scaleXml(rule.scale, priority)
    const { text, ground, sign } = colours[rule.colour]
    // A sign of its own shape beside the colour, by way of the number's format.
    const dressed = format === undefined || column.type === 'boolean' ? `"${sign} "@` : `"${sign} "${format}`
    const style = styles.rule({ text: text.slice(1), fill: ground.slice(1), bold: rule.bold ?? false, format: dressed })
    return colourXml(rule, column, first, timeZone, `dxfId="${style}" priority="${priority}" stopIfTrue="1"`)
  })
  const told = rules.filter((xml) => xml !== '')
  return told.length > 0 ? `<conditionalFormatting sqref="${cells}">${told.join('')}</conditionalFormatting>` : ''
}

const scaleXml = (scale: 'data_bar' | 'colour_scale', priority: number): string =>
  scale === 'data_bar'
    ? `<cfRule type="dataBar" priority="${priority}"><dataBar><cfvo type="num" val="0"/><cfvo type="max"/><color rgb="FF${barColour.slice(1).toUpperCase()}"/></dataBar></cfRule>`
    : `<cfRule type="colorScale" priority="${priority}"><colorScale><cfvo type="min"/><cfvo type="max"/><color rgb="FFFFFFFF"/><color rgb="FF${scaleColour.slice(1).toUpperCase()}"/></colorScale></cfRule>`

function colourXml(
  { when, value, value2 }: ColourRule,
  column: DocumentColumn,
  first: string,
  timeZone: string,
  facts: string,
): string {
  if (when === 'empty') return `<cfRule type="expression" ${facts}><formula>LEN(TRIM(${first}))=0</formula></cfRule>`
  const of = (limit: number | string | boolean | undefined): string | null =>
    limit === undefined ? null : literal(limit, column, timeZone)
  const [one, other] = [of(value), of(value2)]
  if (one === null || (when === 'between' && other === null)) return ''
  const test = when === 'between' ? `AND(${first}>=${one},${first}<=${other})` : `${first}${when}${one}`
  // Empty cells would count as nought.
  if (when !== '=')
    return `<cfRule type="expression" ${facts}><formula>${xmlText(`AND(NOT(ISBLANK(${first})),${test})`)}</formula></cfRule>`
  return `<cfRule type="cellIs" ${facts} operator="equal"><formula>${xmlText(one)}</formula></cfRule>`
}

/** A value in a formula: a number, or text in quotes that nothing in it can end. */
function literal(value: number | string | boolean, column: DocumentColumn, timeZone: string): string | null {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null
    return String(column.type === 'percent' ? Number((value / 100).toPrecision(15)) : value)
  }
  if (column.type === 'boolean') return value === 'true' ? 'TRUE' : 'FALSE'
  const serial =
    column.type === 'date' ? dateSerial(value) : column.type === 'timestamp' ? timeSerials(timeZone)(value) : null
  if (serial !== null) return String(serial)
  const isNumber = column.type === 'integer' || column.type === 'number' || column.type === 'percent'
  if (isNumber && value.trim() !== '' && Number.isFinite(Number(value))) return literal(Number(value), column, timeZone)
  // Longer ones make a formula that spreadsheets refuse.
  if (value.length > 250) return null
  return `"${value.replaceAll('"', '""')}"`
}
