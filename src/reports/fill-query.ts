import { type AskInput, type Filter, Period } from '#src/warehouse/ask.ts'
import type { BlockQuery, ParameterRef, ParameterValue } from './definition.ts'

/** Values of all declared parameters by name; null: none. */
export type Values = ReadonlyMap<string, ParameterValue>

const isRef = (value: unknown): value is ParameterRef =>
  typeof value === 'object' && value !== null && 'parameter' in value

type Scope = Pick<BlockQuery, 'model' | 'filters' | 'period'>

/** The query with values in place of parameters. A filter or period whose parameter has none is left out. */
export function fillScope(
  { model, filters, period }: Scope,
  values: Values,
): Pick<AskInput, 'model' | 'filters' | 'period'> {
  const given = (ref: ParameterRef): ParameterValue => values.get(ref.parameter) ?? null
  const filled = filters.flatMap((filter): Partial<Filter>[] => {
    const texts = (part: typeof filter.values) => (isRef(part) ? textsOf(given(part)) : part)
    const numbers = (part: typeof filter.min) => (isRef(part) ? numberOf(given(part)) : part)
    const parts = {
      values: texts(filter.values),
      labels: texts(filter.labels),
      min: numbers(filter.min),
      max: numbers(filter.max),
    }
    const filledIn = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined && part !== null))
    return Object.keys(filledIn).length === 0
      ? []
      : [{ dimension: filter.dimension, exclude: filter.exclude, ...filledIn }]
  })
  const days = isRef(period) ? periodOf(given(period)) : period
  return { model, filters: filled as NonNullable<AskInput['filters']>, ...(days && { period: days }) }
}

/** A number names the id of an integer dimension. */
function textsOf(value: ParameterValue): string[] | null {
  if (value === null) return null
  const texts = Array.isArray(value) ? value : [String(value)]
  return texts.length === 0 ? null : texts
}

const numberOf = (value: ParameterValue): number | null => (typeof value === 'number' ? value : null)

/** A date is a period of one day. */
function periodOf(value: ParameterValue): Period | null {
  const read = Period.safeParse(typeof value === 'string' && /^\d/.test(value) ? { start: value, end: value } : value)
  return read.success ? read.data : null
}

/** Names of the parameters that a query refers to, with where it does (a JSON pointer below the query). */
export function refsIn({
  filters,
  period,
}: Scope): { name: string; use: 'ids' | 'labels' | 'number' | 'period'; at: string }[] {
  const uses = { values: 'ids', labels: 'labels', min: 'number', max: 'number' } as const
  return [
    ...filters.flatMap((filter, i) =>
      (Object.keys(uses) as (keyof typeof uses)[]).flatMap((member) => {
        const given = filter[member]
        return isRef(given) ? [{ name: given.parameter, use: uses[member], at: `/filters/${i}/${member}` }] : []
      }),
    ),
    ...(isRef(period) ? [{ name: period.parameter, use: 'period' as const, at: '/period' }] : []),
  ]
}
