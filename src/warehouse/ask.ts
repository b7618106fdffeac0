import { z } from 'zod'
import { queryInvalid } from './problems.ts'

/** What callers ask of a model: metrics × dimensions × filters × period × unit. Everything in here is matched or bound, never written into SQL. */

const day = z.iso.date().meta({ description: 'A day, YYYY-MM-DD.' })
const word = z.string().min(1).max(120)

export const units = ['day', 'month', 'quarter', 'year'] as const
export type Unit = (typeof units)[number]

export const periodNames = [
  'yesterday',
  'last_7_days',
  'last_30_days',
  'last_90_days',
  'month_to_date',
  'previous_month',
  'quarter_to_date',
  'previous_quarter',
  'year_to_date',
  'previous_year',
  'last_year',
  'last_2_years',
  'last_3_years',
  'last_5_years',
  'last_10_years',
] as const

/** Both days are included. The range is then widened to whole units. */
export const Period = z.union([
  z.strictObject({ start: day, end: day }),
  z.enum(periodNames).meta({ description: 'Counted from today in the time zone of the model.' }),
])
export type Period = z.output<typeof Period>

export const Filter = z
  .strictObject({
    dimension: word,
    values: z
      .array(z.string().max(1000))
      .min(1)
      .max(10_000)
      .optional()
      .meta({ description: 'Ids, any of which may match.' }),
    labels: z.array(z.string().max(1000)).min(1).max(10_000).optional().meta({ description: 'The same, by label.' }),
    min: z.number().optional().meta({ description: 'Least id of an integer dimension.' }),
    max: z.number().optional(),
    exclude: z.boolean().default(false).meta({ description: 'Everything but these.' }),
  })
  .refine((f) => f.values ?? f.labels ?? f.min ?? f.max, 'give values, labels, min or max')
export type Filter = z.output<typeof Filter>

export const Ask = z.strictObject({
  model: word,
  metrics: z.array(word).min(1).max(60),
  dimensions: z.array(word).max(12).default([]),
  filters: z.array(Filter).max(60).default([]).meta({ description: 'All of them must hold.' }),
  period: Period.optional().meta({ description: 'Default: everything there is.' }),
  unit: z.enum([...units, 'auto']).default('auto'),
  series: z.boolean().default(false).meta({
    description: 'A time series: one row per period and group. Otherwise the aggregate over the whole range.',
  }),
  order: z
    .array(z.strictObject({ by: word, descending: z.boolean().default(false) }))
    .max(12)
    .default([])
    .meta({ description: 'By the names of metrics and dimensions, or period.' }),
  limit: z.int().min(1).max(100_000).optional().meta({
    description: 'The first so many groups by order. In a time series: the series that come first in the aggregate.',
  }),
  others: z.boolean().default(false).meta({ description: 'Add the groups beyond the limit together as "Others".' }),
  totals: z
    .boolean()
    .default(false)
    .meta({ description: 'Also answer each metric over all groups and the whole range.' }),
})
export type Ask = z.output<typeof Ask>
/** An ask as written by other code, with defaults left out. */
export type AskInput = z.input<typeof Ask>

export const RawAsk = z.strictObject({
  model: word,
  fields: z
    .array(word)
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'Default: all. Columns come in the order of the model.' }),
  filters: z.array(Filter).max(60).default([]),
  period: Period.optional(),
})
export type RawAsk = z.output<typeof RawAsk>
export type RawAskInput = z.input<typeof RawAsk>

/** Reads an ask that was put together from an address or a form: what is too much in it is its sender's mistake. */
export function readAsk<S extends z.ZodType>(shape: S, input: z.input<S>): z.output<S> {
  const read = shape.safeParse(input)
  if (read.success) return read.data
  const errors = read.error.issues.map(({ path, message }) => ({ pointer: ['#', ...path].join('/'), detail: message }))
  throw queryInvalid({ detail: `${errors[0]?.pointer}: ${errors[0]?.detail}.`, errors })
}
