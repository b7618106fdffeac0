import type { Args, Reply } from '#portal/kit/contracts.ts'

export type Model = Reply<'GET /v1/models/:model'>
export type Metric = Model['metrics'][number]
export type Dimension = Model['dimensions'][number]
export type Answer = Reply<'POST /v1/query'>
export type Cell = Answer['rows'][number][number]

/** A question as the server takes it. */
export type Ask = Args<'POST /v1/query'>['body']
export type PeriodName = Extract<NonNullable<Ask['period']>, string>
export type Unit = Answer['unit']
export interface DayRange {
  readonly start: string
  readonly end: string
}

/** Every preset that the server knows, in the words of XDMoD. */
export const periodLabels: Readonly<Record<PeriodName, string>> = {
  yesterday: 'Yesterday',
  last_7_days: '7 day',
  last_30_days: '30 day',
  last_90_days: '90 day',
  month_to_date: 'Month to date',
  previous_month: 'Previous month',
  quarter_to_date: 'Quarter to date',
  previous_quarter: 'Previous quarter',
  year_to_date: 'Year to date',
  previous_year: 'Previous year',
  last_year: '1 year',
  last_2_years: '2 year',
  last_3_years: '3 year',
  last_5_years: '5 year',
  last_10_years: '10 year',
}

export const unitLabels: Readonly<Record<Unit | 'auto', string>> = {
  auto: 'Auto',
  day: 'Day',
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
}

export const viewLabels = { line: 'Line', bar: 'Bar', stacked: 'Stacked', table: 'Table' } as const
export type View = keyof typeof viewLabels

export interface Filter {
  readonly dimension: string
  /** Ids, any of which may match. */
  readonly values: readonly string[]
  readonly exclude: boolean
}

/** What narrows the rows that count: shared by questions and raw rows. */
export interface Scope {
  readonly filters: readonly Filter[]
  /** Null: everything there is. */
  readonly period: PeriodName | DayRange | null
}

/** All that stands in the address of an exploration: what is asked, and how the answer is shown. */
export interface Question extends Scope {
  readonly metrics: readonly string[]
  readonly dimensions: readonly string[]
  readonly unit: Unit | 'auto'
  readonly series: boolean
  readonly order: readonly { readonly by: string; readonly descending: boolean }[]
  /** Null: all groups. */
  readonly limit: number | null
  readonly others: boolean
  readonly view: View
  readonly log: boolean
  readonly compare: boolean
}

/** What is shown before anything was chosen: the first metric over all the time there is. */
export const firstQuestion = (model: Model): Question => ({
  metrics: model.metrics.slice(0, 1).map(({ name }) => name),
  dimensions: [],
  filters: [],
  period: null,
  unit: 'auto',
  series: model.timed,
  order: [],
  limit: null,
  others: false,
  view: model.timed ? 'line' : 'bar',
  log: false,
  compare: false,
})

/** The question in the server's form. Groups beyond the limit exist only where there are groups. */
export function askOf(model: string, question: Question): Ask {
  const { metrics, dimensions, filters, period, unit, series, order, limit, others } = question
  return {
    model,
    metrics: [...metrics],
    ...(dimensions.length > 0 && { dimensions: [...dimensions] }),
    ...(filters.length > 0 && { filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })) }),
    ...(period !== null && { period }),
    ...(unit !== 'auto' && { unit }),
    ...(series && { series }),
    ...(order.length > 0 && { order: order.map((term) => ({ ...term })) }),
    ...(limit !== null && dimensions.length > 0 && { limit, ...(others && { others }) }),
  }
}

type RawAsk = NonNullable<Args<'POST /v1/exports'>['body']['raw']>

/** Raw rows in the server's form. */
export function rawAskOf(
  model: string,
  { fields, filters, period }: Scope & { fields: readonly string[] | null },
): RawAsk {
  return {
    model,
    ...(fields !== null && { fields: [...fields] }),
    ...(filters.length > 0 && { filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })) }),
    ...(period !== null && { period }),
  }
}
