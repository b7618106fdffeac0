import { stringify } from 'yaml'
import type { TableColumn } from './table-facts.ts'

interface Suggestion {
  readonly pid: string
  /** As the version has it, with its directory. */
  readonly path: string
  readonly title: string
  readonly restricted: boolean
  readonly rows: number
  readonly columns: readonly TableColumn[]
}

const mostDimensions = 20
const mostMetrics = 30
const mostFields = 100
/** A column with more different values is a measure or a text, not something to group by. */
const mostValues = 1000

/**
 * A model file over the table, to be put into the models directory and made one's own: what has few values is a dimension,
 * what has numbers can be summed and averaged, the first date is when it happened, and every column is a raw field.
 */
export function suggestModel({ pid, path, title, restricted, rows, columns }: Suggestion): string {
  const stem = (path.split('/').at(-1) ?? path).replace(/\.[A-Za-z0-9]+$/, '')
  const name = names('table')(stem)
  const table = name
  const time = columns.find(({ type }) => type === 'date' || type === 'timestamp')
  const dimensionName = names('dimension')
  const dimensions = columns
    .filter((column) => column !== time && isDimension(column, rows))
    .slice(0, mostDimensions)
    .map((column) => ({
      name: dimensionName(column.name),
      label: labelOf(column),
      ...(column.type === 'integer' && { type: 'integer' }),
      expr: column.type === 'boolean' ? `cast(${quoted(column.name)} as varchar)` : quoted(column.name),
    }))
  const metricName = names('metric', ['rows', ...dimensions.map((one) => one.name)])
  const measures = columns.filter(
    (column) => column.type === 'number' || (column.type === 'integer' && !isKey(column, rows)),
  )
  const metrics = [
    { name: 'rows', label: 'Rows', agg: 'count' },
    ...measures.flatMap((column) => [
      {
        name: metricName(`total_${column.name}`),
        label: `Total ${labelOf(column)}`.slice(0, 200),
        agg: 'sum',
        expr: quoted(column.name),
      },
      {
        name: metricName(`mean_${column.name}`),
        label: `Mean ${labelOf(column)}`.slice(0, 200),
        agg: 'avg',
        expr: quoted(column.name),
      },
    ]),
  ].slice(0, mostMetrics)
  const fieldName = names('field')
  const fields = columns.slice(0, mostFields).map((column) => ({
    name: fieldName(column.name),
    label: labelOf(column),
    type: rawTypes[column.type],
    expr: column.type === 'time' ? `cast(${quoted(column.name)} as varchar)` : quoted(column.name),
  }))
  const model = {
    version: 1,
    name,
    label: title.slice(0, 200),
    description: `${path} of ${pid}`,
    facts: table,
    tables: [{ name: table, dataset: pid, file: path, ...(restricted && { restricted: true }) }],
    ...(time && { time: { column: time.name } }),
    dimensions,
    metrics,
    raw: { fields },
    access: { query: 'viewer', raw: 'member' },
  }
  const head = [
    ` Suggested for ${path} of ${pid}. Look it over, rename what reads badly, and put it into the`,
    ` models directory ([models] directory in the settings) as ${name}.yml; start again and refresh it.`,
    ...(restricted
      ? [' The file is restricted: whoever may query this model sees what is in it. Ask its depositor first.']
      : []),
  ]
  return `${head.map((line) => `#${line.replaceAll(/[\r\n]+/g, ' ')}`).join('\n')}\n${stringify(model, { lineWidth: 120 })}`
}

const rawTypes = {
  integer: 'integer',
  number: 'number',
  text: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'string',
} as const

const isDimension = ({ type, statistics }: TableColumn, rows: number): boolean => {
  if (!statistics) return false
  const { distinct } = statistics
  if (type === 'boolean') return true
  if (type === 'text') return distinct > 0 && distinct <= mostValues && (distinct * 2 <= rows || rows <= 20)
  return type === 'integer' && distinct > 0 && distinct <= 50 && distinct * 4 <= rows
}

/** Numbers that only tell rows apart are not summed. */
const isKey = ({ name, statistics }: TableColumn, rows: number): boolean =>
  /(^|_)(id|number|code|key|zip|year)$/i.test(name) ||
  (statistics !== null && rows > 20 && statistics.distinct === rows)

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const labelOf = ({ name, label }: TableColumn): string => (label ?? name).trim().slice(0, 150) || 'Column'

/** Gives names as model files have them, none twice. */
function names(otherwise: string, given: readonly string[] = []): (text: string) => string {
  const taken = new Set(given)
  return (text) => {
    const plain = text
      .normalize('NFKD')
      .replaceAll(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '_')
      .replaceAll(/^[^a-z]+|_+$/g, '')
      .slice(0, 50)
    const stem = plain || otherwise
    let name = stem
    for (let n = 2; taken.has(name); n++) name = `${stem}_${n}`
    taken.add(name)
    return name
  }
}
