import type { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import { isAdditive } from '#src/models/is-additive.ts'
import { type Catalogue, findDimension, findMetric } from '#src/warehouse/catalogue.ts'
import type { Cell } from '#src/warehouse/engines/engine.ts'
import { mayRead } from '#src/warehouse/reading.ts'
import type { Answer } from '#src/warehouse/run-query.ts'
import type { BlockData } from './contract.ts'
import { type BlockOf, mostRows } from './definition.ts'
import { drillOf } from './drill.ts'
import type { OpenAsking } from './open-report.ts'
import { periodName, periodsIn, rangeName } from './periods.ts'
import { type RowKey, sortedKey } from './row-key.ts'

export type Data = z.input<typeof BlockData>
export type DataOf<T extends Data['type']> = Extract<Data, { type: T }>
export type Column = DataOf<'table'>['columns'][number]

/** What came back for a block. */
export interface Answers {
  readonly main: Answer
  readonly rows: Answer | null
  readonly columns: Answer | null
  readonly before: Answer | null
}

const mostPivotRows = 2000
const mostPivotColumns = 200
const mostCategories = 500
const mostPeriods = 4000
const mostSeries = 24

type Look = BlockOf<'table'>['columns'][number]

/** What is said of every block that asks: where its numbers come from, and where to look behind them. */
function factsOf(open: OpenAsking, caller: Caller, { main }: Answers) {
  const { block, ask } = open
  const { catalogue } = open.main.reading
  const mayReadRows = catalogue.raw !== null && mayRead(catalogue, caller, 'raw')
  return {
    id: block.id,
    title: block.title,
    description: block.description ?? '',
    model: main.model,
    snapshot: main.snapshot,
    unit: main.unit,
    period: main.period,
    drill: drillOf(withoutOwnLimit(open, ask), mayReadRows),
  }
}

/** The limit that only guards against too many rows is none of the question's. */
const withoutOwnLimit = ({ block }: OpenAsking, ask: OpenAsking['ask']): OpenAsking['ask'] => {
  if ('limit' in block.query && block.query.limit !== undefined) return ask
  const { limit: _, ...rest } = ask
  return rest
}

export function columnOf(catalogue: Catalogue, name: string, looks: readonly Look[] = []): Column {
  const look = looks.find((one) => one.name === name)
  const formats = look?.formats ?? []
  const metric = findMetric(catalogue, name)
  if (metric)
    return {
      name,
      label: look?.label ?? metric.label,
      role: 'metric',
      unit: metric.unit,
      decimals: look?.decimals ?? metric.decimals,
      additive: isAdditive(catalogue, metric),
      formats,
    }
  const dimension = findDimension(catalogue, name)
  return {
    name,
    label: look?.label ?? dimension?.label ?? 'Period',
    role: dimension ? 'dimension' : 'period',
    unit: '',
    decimals: null,
    additive: false,
    formats,
  }
}

/** Reads rows of an answer by name. */
function reader({ columns, unit }: Answer) {
  const at = new Map(columns.map(({ name }, i) => [name, i]))
  const cell = (row: readonly Cell[], name: string): Cell => row[at.get(name) ?? -1] ?? null
  const id = (row: readonly Cell[], name: string): string | null => {
    const value = name === 'period' ? cell(row, name) : cell(row, `${name}_id`)
    return value === null ? null : String(value)
  }
  const label = (row: readonly Cell[], name: string): string | null => {
    const value = cell(row, name)
    if (value === null) return null
    return name === 'period' ? periodName(String(value), unit) : String(value)
  }
  return { cell, id, label }
}

/** Numbers that JSON has no word for are none. */
const numberIn = (cell: Cell): number | null => (typeof cell === 'number' && Number.isFinite(cell) ? cell : null)

export function numberData(
  open: OpenAsking,
  block: BlockOf<'number'>,
  caller: Caller,
  answers: Answers,
): DataOf<'number'> {
  const { main, before } = answers
  const [name = ''] = block.query.metrics
  const valueIn = (answer: Answer): number | null => numberIn(reader(answer).cell(answer.rows[0] ?? [], name))
  const value = valueIn(main)
  const then = before && valueIn(before)
  const metric = columnOf(open.main.reading.catalogue, name)
  return {
    type: 'number',
    ...factsOf(open, caller, answers),
    metric: { ...metric, decimals: block.decimals ?? metric.decimals },
    value,
    comparison:
      before?.period == null
        ? null
        : {
            label: rangeName(before.period),
            period: before.period,
            value: then,
            change_percent: value === null || !then ? null : ((value - then) / Math.abs(then)) * 100,
          },
  }
}

/** A table without what is filled in; `labels` are those of each row's dimensions, for whoever keeps them. */
export function tableData(
  open: OpenAsking,
  block: BlockOf<'table'>,
  caller: Caller,
  answers: Answers,
): Omit<DataOf<'table'>, 'inputs' | 'rows'> & {
  rows: (Omit<DataOf<'table'>['rows'][number], 'inputs'> & { labels: RowKey })[]
} {
  const { main } = answers
  const { catalogue } = open.main.reading
  const { dimensions, metrics, series } = block.query
  const names = [...(series ? ['period'] : []), ...dimensions]
  const { cell, id, label } = reader(main)
  const keyed = names.length > 0
  const rows = main.rows.slice(0, mostRows).map((row) => {
    const ids = names.map((name) => [name, id(row, name)] as const)
    const whole = keyed && ids.every(([, one]) => one !== null)
    return {
      key: whole ? sortedKey(Object.fromEntries(ids as [string, string][])) : null,
      labels: Object.fromEntries(names.map((name) => [name, label(row, name) ?? ''])),
      cells: [...names.map((name) => label(row, name)), ...metrics.map((name) => cell(row, name))],
    }
  })
  const { totals } = main
  return {
    type: 'table',
    ...factsOf(open, caller, answers),
    columns: [...names, ...metrics].map((name) => columnOf(catalogue, name, block.columns)),
    rows,
    totals: totals && [
      ...names.map((_, i) => (i === 0 ? 'Total' : null)),
      ...metrics.map((name) => totals[name] ?? null),
    ],
    cut: main.rows.length > mostRows ? { shown: mostRows, of: series ? main.rows.length : null } : null,
  }
}

export function pivotData(
  open: OpenAsking,
  block: BlockOf<'pivot'>,
  caller: Caller,
  answers: Answers,
): DataOf<'pivot'> {
  const { main, rows: byRow, columns: byColumn } = answers
  if (!byRow || !byColumn) throw new TypeError('a pivot asks for its rows and columns')
  const { catalogue } = open.main.reading
  const { metrics, totals } = block.query
  const across = block.columns
  const [cells, heads, sides] = [reader(main), reader(byColumn), reader(byRow)]
  const keyOf = (read: ReturnType<typeof reader>, row: readonly Cell[]) =>
    JSON.stringify(block.rows.map((name) => read.id(row, name)))
  const values = new Map<string, Cell[]>()
  for (const row of main.rows)
    values.set(
      `${keyOf(cells, row)} ${cells.id(row, across)}`,
      metrics.map((name) => cells.cell(row, name)),
    )
  const nothing = metrics.map(() => null)
  const shownColumns = byColumn.rows.slice(0, mostPivotColumns)
  const columnKeys = shownColumns.map((row) => ({ id: heads.id(row, across), label: heads.label(row, across) ?? '' }))
  const grand = byRow.totals
  return {
    type: 'pivot',
    ...factsOf(open, caller, answers),
    row_columns: block.rows.map((name) => columnOf(catalogue, name, block.looks)),
    column_of: { name: across, label: columnOf(catalogue, across).label },
    column_keys: columnKeys,
    metrics: metrics.map((name) => columnOf(catalogue, name, block.looks)),
    rows: byRow.rows.slice(0, mostPivotRows).map((row) => ({
      key: Object.fromEntries(block.rows.map((name) => [name, sides.id(row, name) ?? ''])),
      labels: block.rows.map((name) => sides.label(row, name)),
      cells: columnKeys.map(({ id }) => values.get(`${keyOf(sides, row)} ${id}`) ?? nothing),
      totals: totals ? metrics.map((name) => sides.cell(row, name)) : null,
    })),
    totals:
      totals && grand
        ? {
            cells: shownColumns.map((row) => metrics.map((name) => heads.cell(row, name))),
            totals: metrics.map((name) => grand[name] ?? null),
          }
        : null,
    cut: byRow.rows.length > mostPivotRows ? { shown: mostPivotRows, of: byRow.rows.length } : null,
    columns_cut: byColumn.rows.length > mostPivotColumns ? { shown: mostPivotColumns, of: byColumn.rows.length } : null,
  }
}

export function chartData(
  open: OpenAsking,
  block: BlockOf<'chart'>,
  caller: Caller,
  answers: Answers,
): DataOf<'chart'> {
  const { main } = answers
  const { catalogue } = open.main.reading
  const { series, dimensions, metrics } = block.query
  const { cell, id, label } = reader(main)
  const axis = series ? 'period' : (dimensions[0] ?? 'period')
  const groups = series ? dimensions : dimensions.slice(1)
  const categories = new Map<string, { id: string | null; label: string }>()
  if (series && main.period) {
    const days = periodsIn(main.period, main.unit, mostPeriods + 1)
    // Of more than anybody can look at, only those in which something was counted.
    if (days.length <= mostPeriods)
      for (const day of days) categories.set(day, { id: day, label: periodName(day, main.unit) })
  }
  const columns = metrics.map((name) => columnOf(catalogue, name))
  const found = new Map<
    string,
    { name: string; others: boolean; additive: boolean; values: Map<string, number | null> }
  >()
  for (const row of main.rows) {
    const place = id(row, axis)
    const at = place ?? '\0others'
    if (!categories.has(at)) categories.set(at, { id: place, label: label(row, axis) ?? '' })
    const group = groups.map((name) => label(row, name) ?? '').join(' · ')
    const others = groups.some((name) => id(row, name) === null)
    columns.forEach((column, i) => {
      const key = JSON.stringify([i, groups.map((name) => id(row, name))])
      const named = group === '' ? column.label : columns.length === 1 ? group : `${column.label} · ${group}`
      const one = found.get(key) ?? { name: named, others, additive: column.additive, values: new Map() }
      one.values.set(at, numberIn(cell(row, column.name)))
      found.set(key, one)
    })
  }
  if (found.size === 0 && groups.length === 0)
    for (const column of columns)
      found.set(column.name, { name: column.label, others: false, additive: column.additive, values: new Map() })
  const most = series ? mostPeriods : mostCategories
  const shown = [...categories].slice(0, most)
  const all = [...found.values()]
  const [first] = columns
  const sameUnit = columns.every(({ unit }) => unit === first?.unit)
  return {
    type: 'chart',
    ...factsOf(open, caller, answers),
    chart: block.chart,
    categories: shown.map(([, category]) => category),
    series: all.slice(0, mostSeries).map(({ name, others, additive, values }) => ({
      name,
      // A group without rows has nothing of what adds up, and no value of what does not.
      values: shown.map(([at]) => values.get(at) ?? (additive && !values.has(at) ? 0 : null)),
      ...(others && { others }),
    })),
    value_unit: sameUnit ? (first?.unit ?? '') : '',
    decimals: first?.decimals ?? null,
    cut: categories.size > most ? { shown: most, of: categories.size } : null,
    series_cut: all.length > mostSeries ? { shown: mostSeries, of: all.length } : null,
  }
}
