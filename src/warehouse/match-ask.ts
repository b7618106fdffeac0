import type { Caller } from '#src/access/caller.ts'
import type { Ask, Unit } from './ask.ts'
import { type Catalogue, type Dimension, findDimension, findMetric, type Metric } from './catalogue.ts'
import { noSuch } from './no-such.ts'
import { type DayRange, dayIn, daysOf, unitFor, widen } from './period.ts'
import { type Condition, matchFilters, rowConditions } from './plan-filters.ts'
import { queryInvalid } from './problems.ts'
import { mayUse, usableDimensions } from './reading.ts'

/** An ask with every name matched, every default and relative period resolved: equal questions are equal here. */
export interface MatchedAsk {
  readonly metrics: readonly Metric[]
  readonly dimensions: readonly Dimension[]
  readonly conditions: readonly Condition[]
  /** Widened to whole units; null when the model has no days, or no facts and no period was given. */
  readonly days: DayRange | null
  readonly unit: Unit
  readonly series: boolean
  readonly order: readonly MatchedOrder[]
  readonly limit: number | null
  readonly others: boolean
  readonly totals: boolean
}

export type MatchedOrder = { readonly descending: boolean } & (
  | { readonly metric: Metric }
  | { readonly dimension: Dimension; readonly position: number }
  | { readonly period: true }
)

interface Moment {
  readonly days: DayRange | null
  readonly now: Date
}

/** Matches an ask against the catalogue for one caller; everything that is wrong is told at once. */
export function matchAsk(catalogue: Catalogue, ask: Ask, caller: Caller, moment: Moment): MatchedAsk {
  const errors: { pointer: string; detail: string }[] = []
  const wrong = (pointer: string, detail: string): never[] => {
    errors.push({ pointer, detail })
    return []
  }
  const metrics = ask.metrics.flatMap(
    (name, i) =>
      findMetric(catalogue, name) ?? wrong(`#/metrics/${i}`, noSuch('metric', name, shownMetrics(catalogue))),
  )
  const dimensions = ask.dimensions.flatMap((name, i) => {
    const dimension = findDimension(catalogue, name)
    return dimension && mayUse(dimension, caller)
      ? dimension
      : wrong(`#/dimensions/${i}`, noSuch('dimension', name, usableDimensions(catalogue, caller)))
  })
  if (new Set(ask.metrics).size < ask.metrics.length) wrong('#/metrics', 'A metric is named twice.')
  if (new Set(ask.dimensions).size < ask.dimensions.length) wrong('#/dimensions', 'A dimension is named twice.')
  if (ask.series && !catalogue.timed) wrong('#/series', 'This model knows no days.')
  if (ask.others && ask.limit === undefined) wrong('#/others', 'Others are what lies beyond a limit; set one.')
  const order = ask.order.flatMap((term, i): MatchedOrder | never[] => {
    const metric = findMetric(catalogue, term.by)
    if (metric) return { metric, descending: term.descending }
    const position = dimensions.findIndex((dimension) => dimension.name === term.by)
    if (position >= 0) return { dimension: dimensions[position]!, position, descending: term.descending }
    if (term.by === 'period' && ask.series) return { period: true, descending: term.descending }
    return wrong(`#/order/${i}`, `${term.by} is neither a metric nor one of the dimensions asked for.`)
  })
  const range = periodOf(catalogue, ask, moment, wrong)
  if (errors.length > 0)
    throw queryInvalid({
      detail: errors[0]!.detail,
      hint: `GET /v1/models/${catalogue.model} lists metrics and dimensions.`,
      errors,
    })
  const unit = ask.unit === 'auto' ? (range ? unitFor(range) : 'day') : ask.unit
  return {
    metrics,
    dimensions,
    conditions: [...matchFilters(catalogue, caller, ask.filters), ...rowConditions(catalogue, caller)],
    days: range && widen(range, unit),
    unit,
    series: ask.series,
    order,
    limit: ask.limit ?? null,
    others: ask.others,
    totals: ask.totals,
  }
}

const shownMetrics = ({ metrics }: Catalogue): Metric[] => metrics.filter((metric) => !metric.hidden)

/** The days asked for, before they are widened. */
export function periodOf(
  catalogue: Catalogue,
  { period }: Pick<Ask, 'period'>,
  { days, now }: Moment,
  wrong: (pointer: string, detail: string) => unknown,
): DayRange | null {
  if (!catalogue.timed) {
    if (period !== undefined) wrong('#/period', 'This model knows no days.')
    return null
  }
  if (period === undefined) return days
  const range = daysOf(period, dayIn(catalogue.timeZone, now))
  if (range.end < range.start) wrong('#/period/end', 'The period ends before it starts.')
  return range
}
