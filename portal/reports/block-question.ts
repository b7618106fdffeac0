import type { Filter, PeriodName, Question } from '#portal/warehouse/question.ts'
import type { Block, BlockFilter, BlockOf, BlockQuery, Definition } from './definition.ts'
import { freeName } from './editing.ts'

/** Filters that Explore has controls for, and those that refer to parameters or are written otherwise. */
export const isPlain = (filter: BlockFilter): boolean =>
  Array.isArray(filter.values) && filter.labels === undefined && filter.min === undefined && filter.max === undefined

export const plainFilters = (filters: readonly BlockFilter[]): Filter[] =>
  filters.flatMap((filter) =>
    isPlain(filter)
      ? [{ dimension: filter.dimension, values: filter.values as string[], exclude: filter.exclude }]
      : [],
  )

/** The plain filters anew, the others as they are. */
export const withPlainFilters = (before: readonly BlockFilter[], plain: readonly Filter[]): BlockFilter[] => [
  ...plain.map((filter) => ({ ...filter, values: [...filter.values] })),
  ...before.filter((filter) => !isPlain(filter)),
]

export type BlockPeriod = BlockQuery['period']

/** The parameter that a period comes from; null where it stands there itself. */
export const periodParameter = (period: BlockPeriod): string | null =>
  typeof period === 'object' && 'parameter' in period ? period.parameter : null

export const fixedPeriod = (period: BlockPeriod): Question['period'] =>
  period === undefined || (typeof period === 'object' && 'parameter' in period) ? null : period

/** The query of a block as the question that Explore's controls change. */
export const questionOf = (query: BlockQuery): Question => ({
  metrics: query.metrics,
  dimensions: query.dimensions,
  filters: plainFilters(query.filters),
  period: fixedPeriod(query.period),
  unit: query.unit,
  series: query.series,
  order: query.order,
  limit: query.limit ?? null,
  others: query.others,
  view: query.series ? 'line' : 'bar',
  log: false,
  compare: false,
})

/** The query after a change of the question. */
export function changedQuery(query: BlockQuery, patch: Partial<Question>): BlockQuery {
  const { filters, period, limit, view: _, log: __, compare: ___, metrics, dimensions, order, ...same } = patch
  const next: BlockQuery = {
    ...query,
    ...same,
    ...(metrics && { metrics: [...metrics] }),
    ...(dimensions && { dimensions: [...dimensions] }),
    ...(order && { order: order.map((term) => ({ ...term })) }),
    ...(filters && { filters: withPlainFilters(query.filters, filters) }),
  }
  const periodLess = period === undefined ? next : withPeriod(next, period ?? undefined)
  return limit === undefined ? periodLess : withLimit(periodLess, limit)
}

export function withPeriod<Q extends { period?: BlockPeriod }>(query: Q, period: BlockPeriod): Q {
  const { period: _, ...rest } = query
  return (period === undefined ? rest : { ...rest, period }) as Q
}

function withLimit(query: BlockQuery, limit: number | null): BlockQuery {
  const { limit: _, ...rest } = query
  return limit === null ? rest : { ...rest, limit }
}

/** A question of Explore as the blocks of a first report: as it is drawn there, and as a table. */
export function blocksOfQuestion(model: string, question: Question, title: string): Block[] {
  const { metrics, dimensions, filters, period, unit, series, order, limit, others, view } = question
  const query: BlockQuery = {
    model,
    metrics: [...metrics],
    dimensions: [...dimensions],
    filters: filters.map((filter) => ({ ...filter, values: [...filter.values] })),
    ...(period !== null && { period: period as PeriodName }),
    unit,
    series,
    order: order.map((term) => ({ ...term })),
    ...(limit !== null && dimensions.length > 0 && { limit, others }),
    totals: false,
    ...(limit === null && { others: false }),
    ...(dimensions.length === 0 && { others: false }),
  } as BlockQuery
  const chart = { line: 'line', bar: 'bar', stacked: 'stacked_bar' } as const
  const table: BlockOf<'table'> = {
    type: 'table',
    id: freeName(title, ['chart']),
    title,
    query: { ...query, totals: true },
    columns: [],
    inputs: [],
  }
  return view === 'table' ? [table] : [{ type: 'chart', id: 'chart', title, chart: chart[view], query }, table]
}

/** Parameters of a definition by what can refer to them. */
export const periodsOf = ({ parameters }: Definition) => parameters.filter(({ type }) => type === 'period')
export const valuesOf = ({ parameters }: Definition) =>
  parameters.filter(({ type }) => type === 'choice' || type === 'text')
