/** `docs/reference/report-definition.md`: every member of a report's definition, from the shape that checks it. */
import { type JsonSchema, SchemaBook } from '#src/http/schema-book.ts'
import { Definition } from '#src/reports/definition.ts'
import { periodNames } from '#src/warehouse/ask.ts'

type Node = JsonSchema & {
  items?: Node
  anyOf?: Node[]
  oneOf?: Node[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  properties?: Record<string, Node>
  additionalProperties?: unknown
  maximum?: number
  minimum?: number
  maxLength?: number
  maxItems?: number
}

const names: Readonly<Record<string, string>> = {
  ReportDefinition: 'Definition',
  ReportParameter: 'Parameters',
  ReportBlock: 'Blocks',
  ReportQuery: 'Query',
  ReportFilter: 'Filter',
  ParameterRef: 'Reference to a parameter',
  ReportColumnLook: 'Look of a column',
  ReportFormat: 'Format',
  InputColumn: 'Data-input columns',
}

/** Sections in the order in which a reader wants them: title, lead, and members as rows. */
export function definitionSections(): { title: string; lead: string; rows: string[][] }[] {
  const book = new SchemaBook()
  book.refer(Definition, 'input')
  const components = book.components() as Record<string, Node>
  const nameOf = (ref: string): string =>
    ref
      .split('/')
      .at(-1)!
      .replace(/Input$/, '')
  const found = new Map(Object.entries(components).map(([name, node]) => [nameOf(name), node]))
  return Object.entries(names).flatMap(([name, title]) => {
    const node = found.get(name === 'InputColumn' ? 'Column' : name) ?? components[name] ?? components[`${name}Input`]
    if (!node) throw new Error(`the definition has no part called ${name}`)
    const alternatives = node.oneOf ?? node.anyOf
    const lead = node.description ?? ''
    if (!alternatives) return [{ title, lead, rows: rowsOf(node, nameOf) }]
    const all = alternatives.map((one) => ({ kind: kindOf(one), rows: rowsOf(one, nameOf) }))
    const has = (rows: string[][], row: string[]) => rows.some((one) => one.join() === row.join())
    const common = all[0]!.rows.filter((row) => all.every(({ rows }) => has(rows, row)))
    return [
      { title, lead, rows: common },
      ...all.map(({ kind, rows }) => ({
        title: `${title}: ${kind}`,
        lead: '',
        rows: rows.filter((row) => !has(common, row)),
      })),
    ]
  })
}

const kindOf = ({ properties = {} }: Node): string =>
  String(properties.type?.const ?? Object.keys(properties).find((name) => !properties[name]?.const) ?? '')

function rowsOf({ properties = {}, required = [] }: Node, nameOf: (ref: string) => string): string[][] {
  return Object.entries(properties).map(([member, node]) => [
    `\`${member}\``,
    typeOf(node, nameOf),
    'default' in node ? `\`${JSON.stringify(node.default)}\`` : required.includes(member) ? '' : '*none*',
    node.description ?? '',
  ])
}

function typeOf(node: Node, nameOf: (ref: string) => string): string {
  if (node.$ref !== undefined) {
    const title = names[nameOf(node.$ref)] ?? names[node.$ref.split('/').at(-1)!]
    return title === undefined ? 'object' : `[${title.toLowerCase()}](#${title.toLowerCase().replaceAll(' ', '-')})`
  }
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``
  if (node.enum?.includes(periodNames[0])) return '[name of a period](#periods)'
  if (node.enum) return node.enum.map((value) => `\`${value}\``).join(', ')
  const alternatives = node.anyOf ?? node.oneOf
  if (alternatives) return [...new Set(alternatives.map((one) => typeOf(one, nameOf)))].join(' or ')
  if (node.type === 'array')
    return `list of ${node.items ? itemOf(node.items, nameOf) : 'anything'}${most(node.maxItems)}`
  if (node.type === 'object' && node.properties)
    return `{ ${Object.entries(node.properties)
      .map(([name, member]) => `\`${name}\`: ${typeOf(member, nameOf)}`)
      .join('; ')} }`
  if (node.type === 'string') return node.format === 'date' ? 'day' : `text${most(node.maxLength)}`
  if (node.type === 'integer') return 'whole number'
  return String(node.type ?? 'anything')
}

/** How long each may be is more than a line can say. */
function itemOf({ maxLength: _, ...item }: Node, nameOf: (ref: string) => string): string {
  return typeOf(item, nameOf)
}

const most = (count: number | undefined): string =>
  count === undefined ? '' : `, at most ${count.toLocaleString('en')}`
