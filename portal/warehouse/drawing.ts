import { daysOfPeriod, periodName, periodsIn } from './periods.ts'
import type { Answer, Cell, Dimension, Metric, Model } from './question.ts'

/** One line, or the bars of one colour. */
export interface Series {
  /** Equal for equal groups, whatever the answer. */
  readonly key: string
  readonly name: string
  readonly metric: Metric
  /** One for each category; null: nothing was counted. */
  readonly values: readonly (number | null)[]
  readonly others: boolean
  /** Ids of its dimensions, to ask for what is behind it; null in Others. */
  readonly ids: Readonly<Record<string, string | null>>
}

/** An answer as it is drawn: what stands along the axis, and what is drawn over it. */
export interface Drawing {
  readonly categories: readonly {
    readonly name: string
    readonly ids: Readonly<Record<string, string | null>>
    readonly period: string | null
  }[]
  readonly series: readonly Series[]
  /** Groups that the answer has and the drawing doesn't. */
  readonly leftOut: number
}

/** Most series and most bars that anybody can tell apart. */
export const mostSeries = 50
const mostCategories = 100

type Ids = Readonly<Record<string, string | null>>
interface Group {
  readonly key: string
  readonly name: string
  readonly ids: Ids
  readonly others: boolean
}

export function drawingOf(answer: Answer, model: Model): Drawing {
  const reader = openAnswer(answer, model)
  return answer.columns[0]?.role === 'period' ? overTime(answer, reader, model) : overGroups(answer, reader)
}

type OpenAnswer = ReturnType<typeof openAnswer>

/** Where in a row each thing stands. */
export function openAnswer(answer: Answer, model: Model) {
  const at = (name: string): number => answer.columns.findIndex((column) => column.name === name)
  const dimensions = answer.columns.flatMap(({ role, of }) =>
    role === 'label' && of !== null ? model.dimensions.filter(({ name }) => name === of) : [],
  )
  const metrics = answer.columns.flatMap(({ role, name }) =>
    role === 'metric' ? model.metrics.filter((metric) => metric.name === name) : [],
  )
  const places = new Map(dimensions.map(({ name }) => [name, { id: at(`${name}_id`), label: at(name) }]))
  const period = at('period')
  return {
    dimensions,
    metrics,
    periodOf: (row: readonly Cell[]): string => String(row[period]),
    valueOf: (row: readonly Cell[], { name }: Metric): number | null => {
      const cell = row[at(name)]
      return typeof cell === 'number' ? cell : null
    },
    groupOf: (row: readonly Cell[], by: readonly Dimension[]): Group => {
      const ids: Record<string, string | null> = {}
      const labels: string[] = []
      for (const { name } of by) {
        const place = places.get(name)
        const id = row[place?.id ?? -1] ?? null
        ids[name] = id === null ? null : String(id)
        labels.push(String(row[place?.label ?? -1] ?? ''))
      }
      const others = by.length > 0 && Object.values(ids).every((id) => id === null)
      return { key: JSON.stringify(Object.values(ids)), name: others ? 'Others' : labels.join(' · '), ids, others }
    },
  }
}

function overTime(answer: Answer, reader: OpenAnswer, model: Model): Drawing {
  const { dimensions, metrics } = reader
  const days = answer.period === null ? [] : periodsIn(answer.period, answer.unit)
  const place = new Map(days.map((day, i) => [day, i]))
  const groups = new Map<string, Group & { readonly rows: (readonly Cell[] | undefined)[] }>()
  for (const row of answer.rows) {
    const group = reader.groupOf(row, dimensions)
    const known = groups.get(group.key) ?? { ...group, rows: Array.from({ length: days.length }, () => undefined) }
    groups.set(group.key, known)
    known.rows[place.get(reader.periodOf(row)) ?? -1] = row
  }
  const counted = days.map((day) => isCounted(day, answer, model))
  const all = [...groups.values()]
  const shown = (keepsOrder(dimensions) ? all : bySize(all, reader, metrics[0])).slice(
    0,
    Math.max(1, Math.floor(mostSeries / metrics.length)),
  )
  return {
    categories: days.map((day) => ({ name: periodName(day, answer.unit), ids: {}, period: day })),
    leftOut: all.length - shown.length,
    series: metrics.flatMap((metric) =>
      shown.map((group) => ({
        ...seriesOf(metric, group, metrics.length, dimensions.length),
        values: group.rows.map((row, i) =>
          row ? reader.valueOf(row, metric) : metric.additive && counted[i] ? 0 : null,
        ),
      })),
    ),
  }
}

function overGroups(answer: Answer, reader: OpenAnswer): Drawing {
  const { dimensions, metrics } = reader
  const along = dimensions.slice(0, 1)
  const across = dimensions.slice(1)
  const categories = new Map<string, Group>()
  const groups = new Map<string, Group>()
  const rows = new Map<string, readonly Cell[]>()
  for (const row of answer.rows) {
    const [category, group] = [reader.groupOf(row, along), reader.groupOf(row, across)]
    categories.set(category.key, category)
    groups.set(group.key, group)
    rows.set(`${category.key} ${group.key}`, row)
  }
  const othersLast = (all: Group[]): Group[] => all.toSorted((a, b) => Number(a.others) - Number(b.others))
  const places = othersLast([...categories.values()]).slice(0, mostCategories)
  const shown = othersLast([...groups.values()]).slice(0, Math.max(1, Math.floor(mostSeries / metrics.length)))
  return {
    categories: places.map(({ name, ids }) => ({ name: along.length === 0 ? 'All' : name, ids, period: null })),
    leftOut: categories.size - places.length + groups.size - shown.length,
    series: metrics.flatMap((metric) =>
      shown.map((group) => ({
        ...seriesOf(metric, group, metrics.length, across.length),
        values: places.map((category) => {
          const row = rows.get(`${category.key} ${group.key}`)
          return row ? reader.valueOf(row, metric) : null
        }),
      })),
    ),
  }
}

const seriesOf = (metric: Metric, group: Group, metrics: number, dimensions: number) => ({
  key: `${metric.name} ${group.key}`,
  name: dimensions === 0 ? metric.label : metrics === 1 ? group.name : `${metric.label}: ${group.name}`,
  metric,
  others: group.others,
  ids: group.ids,
})

/** Ranges stand in their own order, however big they are. */
const keepsOrder = (dimensions: readonly Dimension[]): boolean =>
  dimensions.length > 0 && dimensions.every(({ bucketed }) => bucketed)

function bySize<G extends Group & { readonly rows: readonly (readonly Cell[] | undefined)[] }>(
  groups: G[],
  reader: OpenAnswer,
  metric: Metric | undefined,
): G[] {
  if (!metric) return groups
  const sizes = new Map(
    groups.map((group) => [
      group,
      group.rows.reduce((sum, row) => sum + ((row && reader.valueOf(row, metric)) ?? 0), 0),
    ]),
  )
  return groups.toSorted((a, b) => Number(a.others) - Number(b.others) || (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))
}

/** Beyond the days that there are data of, nothing is known: that isn't zero. */
function isCounted(day: string, { unit }: Answer, { freshness }: Model): boolean {
  if (!freshness?.first_day || !freshness.last_day) return false
  return day <= freshness.last_day && daysOfPeriod(day, unit).end >= freshness.first_day
}
