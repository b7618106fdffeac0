import { openAnswer } from './drawing.ts'
import { changeInPercent } from './numbers.ts'
import { daysOfPeriod, periodsIn } from './periods.ts'
import type { Answer, Cell, DayRange, Filter, Metric, Model, Scope } from './question.ts'

export interface TableColumn {
  readonly key: string
  readonly label: string
  readonly kind: 'period' | 'label' | 'value' | 'before' | 'difference' | 'percent'
  readonly metric: Metric | null
}

export interface TableRow {
  /** Periods as their first day. */
  readonly cells: readonly Cell[]
  /** What narrows the raw rows to those that were counted here; null where that can't be said. */
  readonly filters: readonly Filter[] | null
  readonly days: DayRange | null
}

export interface AnswerRows {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly TableRow[]
}

/** An answer as a table, beside what it is compared with. Several dimensions in Others have no filter. */
export function tableOf(answer: Answer, before: Answer | null, model: Model): AnswerRows {
  const { dimensions, metrics, groupOf, metricOf, periodOf } = openAnswer(answer, model)
  const series = answer.columns[0]?.role === 'period'
  const past = before && pastOf(before, model, series)
  const days = new Map((series && answer.period ? periodsIn(answer.period, answer.unit) : []).map((day, i) => [day, i]))
  const shownIds =
    dimensions.length === 1
      ? [...new Set(answer.rows.flatMap((row) => groupOf(row, dimensions).ids[dimensions[0]!.name] ?? []))]
      : []
  return {
    columns: [
      ...(series ? [{ key: 'period', label: 'Period', kind: 'period' as const, metric: null }] : []),
      ...dimensions.map(({ name, label }) => ({ key: name, label, kind: 'label' as const, metric: null })),
      ...metrics.flatMap((metric) => columnsOf(metric, past !== null, metrics.length === 1)),
    ],
    rows: answer.rows.map((row) => {
      const group = groupOf(row, dimensions)
      const period = series ? periodOf(row) : null
      const then = past?.get(`${group.key} ${period === null ? 0 : days.get(period)}`)
      return {
        cells: [
          ...(period === null ? [] : [period]),
          ...answer.columns.flatMap(({ role }, i) => (role === 'label' ? [row[i] ?? null] : [])),
          ...metrics.flatMap((metric) => {
            const now = metricOf(row, metric)
            if (!past) return [now]
            const was = then?.[metric.name] ?? (metric.additive ? 0 : null)
            return [now, was, now === null || was === null ? null : now - was, changeInPercent(now, was)]
          }),
        ],
        filters: group.others
          ? dimensions.length === 1 && shownIds.length <= 200
            ? [{ dimension: dimensions[0]!.name, values: shownIds, exclude: true }]
            : null
          : Object.entries(group.ids).map(([dimension, id]) => ({ dimension, values: [String(id)], exclude: false })),
        days: period === null ? answer.period : daysOfPeriod(period, answer.unit),
      }
    }),
  }
}

function columnsOf(metric: Metric, isCompared: boolean, isOnly: boolean): TableColumn[] {
  const { name, label } = metric
  const value = { key: name, label, kind: 'value' as const, metric }
  if (!isCompared) return [value]
  const of = (word: string): string => (isOnly ? word : `${word}: ${label}`)
  return [
    value,
    { key: `${name} before`, label: of('Before'), kind: 'before', metric },
    { key: `${name} difference`, label: of('Difference'), kind: 'difference', metric },
    { key: `${name} percent`, label: of('Change in %'), kind: 'percent', metric },
  ]
}

type Past = ReadonlyMap<string, Readonly<Record<string, number | null>>>

/** Values of then by group and by how many periods they lie after the beginning. */
function pastOf(before: Answer, model: Model, series: boolean): Past {
  const { dimensions, metrics, groupOf, metricOf, periodOf } = openAnswer(before, model)
  const days = new Map((before.period ? periodsIn(before.period, before.unit) : []).map((day, i) => [day, i]))
  return new Map(
    before.rows.map((row) => [
      `${groupOf(row, dimensions).key} ${series ? days.get(periodOf(row)) : 0}`,
      Object.fromEntries(metrics.map((metric) => [metric.name, metricOf(row, metric)])),
    ]),
  )
}

/** Rows by one of their columns; what has no value comes last, whichever way round. */
export function sortRows(rows: readonly TableRow[], column: number, descending: boolean): TableRow[] {
  const turn = descending ? -1 : 1
  return rows.toSorted(({ cells: a }, { cells: b }) => {
    const [one, other] = [a[column] ?? null, b[column] ?? null]
    if (one === null || other === null) return Number(one === null) - Number(other === null)
    if (typeof one === 'number' && typeof other === 'number') return turn * (one - other)
    return turn * collator.compare(String(one), String(other))
  })
}

const collator = new Intl.Collator('en', { numeric: true })

/** The raw rows behind a row of the table, within those that the question is about. */
export const rowsBehind = (scope: Scope, row: TableRow): Scope | null =>
  row.filters === null ? null : { filters: [...scope.filters, ...row.filters], period: row.days ?? scope.period }
