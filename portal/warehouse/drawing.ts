import { daysOfPeriod, periodName, periodsIn } from './periods.ts'
import type { Answer, Cell, Dimension, Metric, Model, Scope } from './question.ts'

/** One line, or the bars of one colour. */
export interface Series {
  /** Equal for equal groups, whatever the answer. */
  readonly key: string
  readonly name: string
  readonly metric: Metric
  /** One for each category; null: nothing was counted. */
  readonly values: readonly (number | null)[]
  readonly others: boolean
  /** Whether it is the past that the others are compared with. */
  readonly isBefore: boolean
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

/** `before` is the answer to the same question about the range before: drawn along the same axis, period by period. */
export function drawingOf(answer: Answer, model: Model, before: Answer | null = null): Drawing {
  return answer.columns[0]?.role === 'period' ? overTime(answer, before, model) : overGroups(answer, before, model)
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
    metricOf: (row: readonly Cell[], { name }: Metric): number | null => {
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

/** Each group's rows by how many periods they lie after the beginning. */
function groupsOverTime(answer: Answer, reader: OpenAnswer, days: readonly string[]) {
  const place = new Map(days.map((day, i) => [day, i]))
  const groups = new Map<string, Group & { readonly rows: (readonly Cell[] | undefined)[] }>()
  for (const row of answer.rows) {
    const group = reader.groupOf(row, reader.dimensions)
    const known = groups.get(group.key) ?? { ...group, rows: Array.from({ length: days.length }, () => undefined) }
    groups.set(group.key, known)
    const at = place.get(reader.periodOf(row))
    if (at !== undefined) known.rows[at] = row
  }
  return groups
}

function overTime(answer: Answer, before: Answer | null, model: Model): Drawing {
  const now = timeOf(answer, model)
  const then = before && timeOf(before, model)
  const { dimensions, metrics } = now.reader
  const all = [...now.groups.values()]
  const most = Math.max(1, Math.floor(mostSeries / metrics.length / (then ? 2 : 1)))
  const shown = (keepsOrder(dimensions) ? all : bySize(all, now.reader, metrics[0])).slice(0, most)
  return {
    categories: now.days.map((day) => ({ name: periodName(day, answer.unit), ids: {}, period: day })),
    leftOut: all.length - shown.length,
    series: metrics.flatMap((metric) =>
      shown.flatMap((group) => {
        const facts = seriesOf(metric, group, metrics, dimensions.length)
        const current = { ...facts, values: now.valuesOf(group.key, metric) }
        return then
          ? [current, pastSeries(facts, then.valuesOf(group.key, metric).slice(0, now.days.length))]
          : [current]
      }),
    ),
  }
}

function timeOf(answer: Answer, model: Model) {
  const reader = openAnswer(answer, model)
  const days = answer.period === null ? [] : periodsIn(answer.period, answer.unit)
  const groups = groupsOverTime(answer, reader, days)
  const counted = days.map((day) => isCounted(day, answer, model))
  const valuesOf = (key: string, metric: Metric): (number | null)[] => {
    const rows = groups.get(key)?.rows
    return days.map((_, i) => (rows?.[i] ? reader.metricOf(rows[i], metric) : metric.additive && counted[i] ? 0 : null))
  }
  return { reader, days, groups, valuesOf }
}

function overGroups(answer: Answer, before: Answer | null, model: Model): Drawing {
  const now = gridOf(answer, model)
  const then = before && gridOf(before, model)
  const { metrics, dimensions } = now.reader
  const places = othersLast([...now.categories.values()]).slice(0, mostCategories)
  const most = Math.max(1, Math.floor(mostSeries / metrics.length / (then ? 2 : 1)))
  const shown = othersLast([...now.groups.values()]).slice(0, most)
  return {
    categories: places.map(({ name, ids }) => ({ name: dimensions.length === 0 ? 'All' : name, ids, period: null })),
    leftOut: now.categories.size - places.length + now.groups.size - shown.length,
    series: metrics.flatMap((metric) =>
      shown.flatMap((group) => {
        const facts = seriesOf(metric, group, metrics, dimensions.length - 1)
        const current = { ...facts, values: places.map(({ key }) => now.valueAt(key, group.key, metric)) }
        if (!then) return [current]
        return [
          current,
          pastSeries(
            facts,
            places.map(({ key }) => then.valueAt(key, group.key, metric)),
          ),
        ]
      }),
    ),
  }
}

/** The first dimension along the axis, the others across it. */
function gridOf(answer: Answer, model: Model) {
  const reader = openAnswer(answer, model)
  const [along, across] = [reader.dimensions.slice(0, 1), reader.dimensions.slice(1)]
  const categories = new Map<string, Group>()
  const groups = new Map<string, Group>()
  const rows = new Map<string, readonly Cell[]>()
  for (const row of answer.rows) {
    const [category, group] = [reader.groupOf(row, along), reader.groupOf(row, across)]
    categories.set(category.key, category)
    groups.set(group.key, group)
    rows.set(`${category.key} ${group.key}`, row)
  }
  const valueAt = (category: string, group: string, metric: Metric): number | null => {
    const row = rows.get(`${category} ${group}`)
    return row ? reader.metricOf(row, metric) : null
  }
  return { reader, categories, groups, valueAt }
}

const othersLast = (all: Group[]): Group[] => all.toSorted((a, b) => Number(a.others) - Number(b.others))

const pastSeries = (facts: Omit<Series, 'values'>, values: readonly (number | null)[]): Series => ({
  ...facts,
  key: `${facts.key} before`,
  isBefore: true,
  values,
})

function seriesOf(metric: Metric, group: Group, metrics: readonly Metric[], dimensions: number) {
  // Metrics of one unit share a panel, where a group alone would be no name.
  const isAlone = metrics.filter(({ unit }) => unit === metric.unit).length === 1
  return {
    key: `${metric.name} ${group.key}`,
    name: dimensions <= 0 ? metric.label : isAlone ? group.name : `${metric.label}: ${group.name}`,
    metric,
    others: group.others,
    isBefore: false,
    ids: group.ids,
  }
}

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
      group.rows.reduce((sum, row) => sum + ((row && reader.metricOf(row, metric)) ?? 0), 0),
    ]),
  )
  return groups.toSorted((a, b) => Number(a.others) - Number(b.others) || (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))
}

/** Beyond the days that there are data of, nothing is known: that isn't zero. */
function isCounted(day: string, { unit }: Answer, { freshness }: Model): boolean {
  if (!freshness?.first_day || !freshness.last_day) return false
  return day <= freshness.last_day && daysOfPeriod(day, unit).end >= freshness.first_day
}

/** The raw rows behind a point: its groups and its days, within the question. Null for Others and the past. */
export function pointScope(
  drawing: Drawing,
  key: string,
  place: number,
  question: Scope,
  answer: Answer,
): Scope | null {
  const series = drawing.series.find((one) => one.key === key)
  const category = drawing.categories[place]
  if (!series || !category || series.isBefore) return null
  const ids = Object.entries({ ...series.ids, ...category.ids })
  if (ids.some(([, id]) => id === null)) return null
  return {
    filters: [
      ...question.filters,
      ...ids.map(([dimension, id]) => ({ dimension, values: [id ?? ''], exclude: false })),
    ],
    period: category.period === null ? answer.period : daysOfPeriod(category.period, answer.unit),
  }
}
