import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, many } from '#src/http/parameters.ts'
import { Ask, periodNames, RawAsk, units } from './ask.ts'

/** Forms in which rows leave, by `Accept` or `?format=`. The first is used where nothing is asked for. */
export const mediaTypes = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const

export type Format = keyof typeof mediaTypes
const otherMedia = Object.values(mediaTypes).filter((type) => type !== mediaTypes.json)

const format = z
  .enum(Object.keys(mediaTypes) as [Format, ...Format[]])
  .optional()
  .meta({ description: 'Overrides `Accept`.' })

const word = z.string().min(1).max(120)
const list = z
  .string()
  .max(10_000)
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(word))
const day = z.iso.date()
const filter = z
  .string()
  .max(10_000)
  .regex(/^[a-z][a-z0-9_]*!?:/, 'write dimension:id,id or dimension!:id,id')
  .meta({
    description:
      'Repeatable: `dimension:id,id` keeps these values, `dimension!:id` leaves them out. A comma or backslash within an id has a backslash before it.',
  })

const scopeQuery = {
  filter: many(filter).optional(),
  start: day.optional().meta({ description: 'First day; give `end` as well.' }),
  end: day.optional().meta({ description: 'Last day, included.' }),
  period: z.enum(periodNames).optional().meta({ description: 'Instead of `start` and `end`.' }),
}

const modelParams = z.object({ model: word.meta({ description: 'The name of the model.' }) })

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const DayRange = z.object({ start: z.iso.date(), end: z.iso.date() })

export const AnswerReply = z
  .object({
    model: z.string(),
    snapshot: z.string().meta({ description: 'Names the data that were asked; the same snapshot, the same answer.' }),
    unit: z.enum(units),
    period: DayRange.nullable().meta({
      description: 'The days that were counted: those asked for, widened to whole units.',
    }),
    columns: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        role: z.enum(['period', 'id', 'label', 'metric']),
        of: z.string().nullable().meta({ description: 'The dimension or metric that the column belongs to.' }),
      }),
    ),
    rows: z.array(z.array(Cell)),
    totals: z.record(z.string(), Cell).nullable(),
  })
  .meta({ id: 'Answer' })

const queryDescription =
  'Metrics by dimensions over a period, as an aggregate or a time series. Periods are widened to whole units. Derived metrics are computed from the sums of each group, so they are right at every grain. Public models answer without a token; others need `warehouse:read`.'

export const postQuery = endpoint({
  id: 'post-query',
  method: 'POST',
  path: '/v1/query',
  summary: 'Ask a model',
  description: queryDescription,
  access: 'optional',
  reads: true,
  query: z.object({ format }),
  body: Ask,
  reply: AnswerReply,
  media: otherMedia,
})

export const getQuery = endpoint({
  id: 'get-query',
  method: 'GET',
  path: '/v1/query',
  summary: 'Ask a model, in a form that can be linked and cached',
  description: `${queryDescription} The \`ETag\` stays the same until the data or the question change; with \`If-None-Match\` a question is then answered with 304 and costs nothing.`,
  access: 'optional',
  query: z.object({
    model: word,
    metrics: list.meta({ description: 'Separated by commas.' }),
    dimensions: list.optional(),
    ...scopeQuery,
    unit: z.enum([...units, 'auto']).optional(),
    series: flag().optional(),
    order: list.optional().meta({ description: 'Names of metrics and dimensions; `-name` for falling.' }),
    limit: z.coerce.number().int().min(1).max(100_000).optional(),
    others: flag().optional(),
    totals: flag().optional(),
    format,
  }),
  reply: AnswerReply,
  media: otherMedia,
})

const rawDescription =
  'Rows as they came from the source, in the order of the model. At most `rest_raw_row_limit` rows at once; the `Link` with rel="next" leads on. Needs `warehouse:raw`, unless the model’s rows are public.'

const rawPage = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .meta({ description: 'Rows at most; never more than the instance allows.' }),
  cursor: z.string().max(1000).optional(),
  format,
}

export const getRaw = endpoint({
  id: 'get-raw',
  method: 'GET',
  path: '/v1/models/:model/raw',
  summary: 'Read raw rows',
  description: rawDescription,
  access: 'optional',
  params: modelParams,
  query: z.object({ fields: list.optional(), ...scopeQuery, ...rawPage }),
  media: Object.values(mediaTypes),
})

export const postRaw = endpoint({
  id: 'post-raw',
  method: 'POST',
  path: '/v1/models/:model/raw',
  summary: 'Read raw rows; the question in the body',
  description: rawDescription,
  access: 'optional',
  reads: true,
  params: modelParams,
  query: z.object(rawPage),
  body: RawAsk.omit({ model: true }),
  media: Object.values(mediaTypes),
})

export const listValues = endpoint({
  id: 'list-dimension-values',
  method: 'GET',
  path: '/v1/models/:model/dimensions/:dimension/values',
  summary: 'List the values of a dimension',
  description: 'Those that occur in the data and that you may see, in the dimension’s own order.',
  access: 'optional',
  params: z.object({ model: word, dimension: word }),
  query: z.object({
    search: z.string().max(200).optional().meta({ description: 'Words that must all occur in label or id.' }),
    limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    cursor: z.string().max(1000).optional(),
  }),
  reply: z.object({
    total: z.int().meta({ description: 'All that match the search.' }),
    values: z.array(z.object({ id: z.string(), label: z.string() })),
  }),
})
