import { z } from 'zod'
import { roles } from '#src/access/permissions.ts'
import { ScheduleMembers } from '#src/schedule/shape.ts'
import { aggregates } from '#src/warehouse/catalogue.ts'

/**
 * The shape of a model file (YAML). Names follow Apache Ossie and dbt where those have one. Expressions (`expr`, `filter`,
 * `value_label`, `order_by`) are SQL over the columns of the facts table (bare) and of related tables
 * (`relationship.column`); they are checked against a list of functions when the file is read.
 */

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'use lower-case letters, digits and underscores, beginning with a letter')
const column = z.string().min(1).max(120)
const expression = z.string().min(1).max(4000).meta({ description: 'An SQL expression.' })
const text = z.string().max(4000)
const label = z.string().min(1).max(200).meta({ description: 'What people read.' })
const who = z
  .enum(['public', ...roles])
  .meta({ description: 'The least role that may; public: everybody, even without a token.' })
const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)])

const named = { name, label, description: text.default('') }

const tableChecks = {
  unique: z
    .array(z.array(column).min(1))
    .default([])
    .meta({ description: 'Keys: no two rows may agree on these columns.' }),
  not_null: z.array(column).default([]).meta({ description: 'Columns that may hold no null.' }),
  required_columns: z.array(column).default([]).meta({ description: 'Columns that must be there.' }),
}

const duration = z.string().regex(/^[1-9][0-9]{0,4}(s|m|h|d)$/, 'write a number and s, m, h or d, such as 24h')

const fileForm = {
  format: z
    .enum(['csv', 'parquet', 'json'])
    .optional()
    .meta({ description: 'Default: by the ending of the first file.' }),
  columns: z
    .record(column, z.string())
    .optional()
    .meta({ description: 'Types of columns of CSV and JSON files, where guessing is not enough.' }),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .meta({ description: 'Between the cells of a CSV file; default: guessed.' }),
  header: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a CSV file begins with column names; default: guessed.' }),
}

const fileTable = z.strictObject({
  name,
  files: oneOrMore(z.string().min(1)).meta({
    description:
      'Paths or globs below the models directory or data/ in the data directory (data:…), or in an npm package (package:NAME/PATH).',
  }),
  ...fileForm,
  ...tableChecks,
})

const sqlTable = z.strictObject({
  name,
  sql: z.string().min(1).max(20_000).meta({
    description:
      'One SELECT over other tables of this model. local_day(t) is the day of a timestamp in the time zone of the model; to_timestamp(s) makes a timestamp of Unix seconds.',
  }),
  ...tableChecks,
})

const importTable = z.strictObject({
  name,
  import: name.meta({ description: 'A table that imports offer, such as slurm_jobs.' }),
  ...tableChecks,
})

const urlTable = z.strictObject({
  name,
  url: z
    .url({ protocol: /^https?$/, error: 'write an address that begins with https:// or http://' })
    .max(2000)
    .meta({
      description: 'Fetched at each refresh; not again while its ETag or Last-Modified says that it is the same.',
    }),
  ...fileForm,
  max_megabytes: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .meta({ description: 'Of an answer; a longer one is refused.' }),
  timeout: duration.default('10m').meta({ description: 'For the whole answer.' }),
  ...tableChecks,
})

const queryTable = z.strictObject({
  name,
  connection: name.meta({
    description: 'A name in [sources] of the settings: a PostgreSQL, MySQL or MariaDB database.',
  }),
  query: z
    .string()
    .min(1)
    .max(20_000)
    .meta({ description: 'One SELECT in that database’s SQL; it is run in a transaction that can only read.' }),
  timeout: duration.default('30m').meta({ description: 'For the whole answer.' }),
  incremental: z
    .strictObject({
      watermark: column.meta({ description: 'A column that rises whenever a row is added or changed.' }),
      key: z.array(column).min(1).meta({ description: 'What a changed row is recognised by.' }),
      overlap: duration.optional().meta({
        description:
          'Rows changed up to so long before the highest watermark are asked for again: for changes that were committed later than others with a higher one. Needs a watermark that is a date or timestamp.',
      }),
    })
    .optional()
    .meta({
      description:
        'An incremental refresh asks only for rows whose watermark is at or above the highest one seen, and puts them in place of those with the same key. Rows that were deleted go with the next full refresh.',
    }),
  ...tableChecks,
})

const modelTable = z.strictObject({
  name,
  model: name.meta({ description: 'Another model; what its current snapshot holds.' }),
  rows: z.enum(['raw', 'facts']).optional().meta({
    description:
      'Its raw fields under their names (default, where it has any), or its facts: ids and labels of dimensions (NAME, NAME_label), the day, and the columns that its metrics read.',
  }),
  option_set: name.optional().meta({ description: 'One of its option sets instead: id, label, only_for.' }),
  ...tableChecks,
})

const reportTable = z.strictObject({
  name,
  report: z.string().min(1).max(120).meta({ description: 'A report; what people filled in there.' }),
  block: z.string().min(1).max(120).meta({ description: 'The block with the data-input columns.' }),
  ...tableChecks,
})

const datasetTable = z.strictObject({
  name,
  dataset: z
    .string()
    .regex(/^(perma|doi|hdl):\S{1,300}$/, 'write the persistent id of a dataset, such as perma:tessera/J8SJZB')
    .meta({
      description:
        'The persistent id of a dataset in the repository; its latest published version is read, and the model is refreshed when another is published.',
    }),
  file: z.string().min(1).max(600).meta({
    description: 'The path of a file in it: CSV, TSV, Parquet, JSON or XLSX.',
  }),
  restricted: z.boolean().default(false).meta({
    description:
      'true: the file is read although it is restricted. Who may query the model then sees what is in it; say so only where the depositor agrees.',
  }),
  ...tableChecks,
})

const table = z.union([fileTable, sqlTable, importTable, urlTable, queryTable, modelTable, reportTable, datasetTable])

/** Many rows of `from` to at most one of `to`; `name` is how expressions call the joined table. */
const relationship = z.strictObject({
  name,
  from: name.meta({ description: 'The facts table, or the name of another relationship.' }),
  to: name,
  from_columns: z.array(column).min(1),
  to_columns: z.array(column).min(1),
})

const time = z.union([
  z.strictObject({
    column: column.meta({ description: 'When a fact happened: a date, a timestamp (UTC) or Unix seconds.' }),
    zone: z.string().optional().meta({ description: 'Days are cut in this zone; default: [general] time_zone.' }),
  }),
  z.strictObject({
    spread: z.strictObject({ start: column, end: column }).meta({
      description:
        'Facts last from start to end (timestamps in UTC or Unix seconds): one fact is made per local day touched, end day included. Metrics may use day, start_day, end_day and span_seconds.',
    }),
    zone: z.string().optional(),
  }),
])

const bucket = z.strictObject({
  label,
  id: z.int().optional().meta({ description: 'Default: its position, from 1.' }),
  max: z.number().optional().meta({ description: 'Largest value that belongs here.' }),
  below: z.number().optional().meta({ description: 'Values below this belong here.' }),
})

const dimension = z.strictObject({
  ...named,
  type: z.enum(['string', 'integer']).default('string'),
  expr: expression.meta({ description: 'The id of the value; with buckets: the number that is put into them.' }),
  value_label: expression.optional().meta({ description: 'What people read for a value; default: the id.' }),
  order: z.enum(['label', 'id']).optional().meta({ description: 'Default: by label; integers by id.' }),
  order_by: expression.optional().meta({ description: 'Values follow the least value of this expression.' }),
  buckets: z
    .array(bucket)
    .min(1)
    .optional()
    .meta({ description: 'Rising ranges; the last may be open. Values below none and nulls are unknown.' }),
  unknown: label.default('Unknown').meta({ description: 'What people read where there is no value.' }),
  access: who.default('public').meta({ description: 'Who, of those who may query the model, may use this dimension.' }),
  hidden: z.boolean().default(false),
})

const metric = z.strictObject({
  ...named,
  unit: z.string().max(80).default(''),
  decimals: z.int().min(0).max(15).optional(),
  hidden: z.boolean().default(false),
  standard_error: name.optional().meta({ description: 'The hidden metric that tells the standard error of this one.' }),
  agg: z
    .enum([...aggregates, 'capacity'])
    .optional()
    .meta({ description: 'Leave out for a metric derived from others.' }),
  expr: expression
    .optional()
    .meta({ description: 'With agg: over columns. Without: over other metrics (a / b is 0 where b is 0).' }),
  filter: expression.optional().meta({
    description:
      'Which facts count. period(d) is the first day of the period that day d lies in, by the unit asked for.',
  }),
  once: z.enum(['period', 'answer']).optional().meta({
    description:
      'Of the days of one spread fact only the first counts: in each period; in an aggregate over the whole range either the first of each period (period) or the first of all (answer).',
  }),
  capacity: z
    .strictObject({
      table: name,
      key: column.meta({ description: 'Column of that table.' }),
      of: column.meta({ description: 'Column of the facts; those keys that appear in a group count.' }),
      from: expression.meta({ description: 'Timestamp or Unix seconds; null: ever since.' }),
      until: expression.meta({ description: 'Excluded; null: for ever.' }),
      expr: expression.meta({ description: 'Amount per second.' }),
    })
    .optional(),
})

const rawField = z.strictObject({
  name,
  label,
  description: text.default(''),
  type: z.enum(['string', 'integer', 'number', 'boolean', 'date', 'timestamp']).default('string'),
  expr: expression
    .optional()
    .meta({ description: 'Default: the column of that name. A timestamp may be Unix seconds.' }),
  deidentify: z.boolean().default(false).meta({ description: 'Show SHA-1 of the value and a secret instead.' }),
})

const raw = z.strictObject({
  time: column
    .optional()
    .meta({ description: 'Which day a row belongs to; default: the time column, or the end of a spread.' }),
  order_by: z.array(column).default([]).meta({ description: 'Order within a day.' }),
  fields: z.array(rawField).min(1),
})

const optionSet = z.strictObject({
  ...named,
  table: name.meta({ description: 'The table whose rows are the options.' }),
  id: column.meta({
    description: 'The column that choices are stored by: it should never change. No null, none twice.',
  }),
  label_column: column.optional().meta({ description: 'The column that people read; default: the id.' }),
  filter_by: column.optional().meta({
    description:
      'A column that says for which rows of a report an option may be chosen: those that hold this value. Null: for every row. With it, an id may stand in several rows.',
  }),
  order: z
    .enum(['label', 'id', 'source'])
    .default('label')
    .meta({ description: 'How options follow each other; source: as the rows of the table do.' }),
  may_be_empty: z
    .boolean()
    .default(false)
    .meta({ description: 'Otherwise a refresh that finds no option is refused.' }),
})

const refresh = z.strictObject({
  mode: z
    .enum(['full', 'incremental'])
    .optional()
    .meta({ description: 'What a refresh does unless asked for the other; default: incremental where a table can.' }),
  full_every: duration
    .optional()
    .meta({ description: 'An incremental refresh is a full one when the last full one is older than this.' }),
  key: z.array(column).min(1).optional().meta({
    description:
      'Columns of the facts table that no two rows agree on: with it, each refresh tells how many rows were added, removed and changed. Default: the key of its incremental refresh; the id of the first option set where nothing is counted.',
  }),
  guards: z
    .strictObject({
      min_rows: z.int().min(0).default(0).meta({ description: 'Fewest rows of the facts table.' }),
      max_loss: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .meta({ description: 'Largest share of rows that may be gone since the last refresh.' }),
    })
    .default({ min_rows: 0, max_loss: 1 }),
  schedule: ScheduleMembers.partial({ frequency: true, time_zone: true }).optional().meta({
    description:
      'When to refresh by the clock. Default of time_zone: [general] time_zone; of frequency: cron, where cron is given.',
  }),
  after: z
    .array(name)
    .default([])
    .meta({ description: 'Other models: whenever one of them has a new snapshot, this model is refreshed as well.' }),
  fresh_within: duration.optional().meta({
    description: 'Data older than this is called stale, and a notice is sent, once for each time that it becomes so.',
  }),
  notify: z
    .array(z.email())
    .max(50)
    .optional()
    .meta({ description: 'Who gets that notice; default: administrators with a mail address.' }),
})

const access = z.strictObject({
  query: who.default('viewer'),
  raw: who.default('member'),
  row_filter: z
    .array(
      z.strictObject({
        dimension: name,
        equals: z.enum(['account.name', 'account.id', 'account.role']),
        unless_role: z.enum(roles).optional().meta({ description: 'This role and those above it see every row.' }),
      }),
    )
    .default([]),
})

export const ModelFile = z
  .strictObject({
    version: z.literal(1),
    ...named,
    realm: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .meta({ description: 'Its id in the XDMoD protocol; without one it is not shown there.' }),
    facts: name.optional().meta({
      description:
        'The table with one row per thing that is counted. May be left out where there are only option sets.',
    }),
    tables: z.array(table).min(1),
    relationships: z.array(relationship).default([]),
    time: time.optional(),
    dimensions: z.array(dimension).default([]),
    metrics: z.array(metric).default([]),
    raw: raw.optional(),
    option_sets: z.array(optionSet).default([]).meta({ description: 'Choices for data-input columns of reports.' }),
    refresh: refresh.default({ guards: { min_rows: 0, max_loss: 1 }, after: [] }),
    access: access.default({ query: 'viewer', raw: 'member', row_filter: [] }),
  })
  .transform((file, context) => {
    const wrong = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const counts = [file.metrics, file.dimensions, file.relationships].some((list) => list.length > 0)
    if (file.metrics.length === 0 && file.option_sets.length === 0)
      wrong('metrics', 'there are none; add metrics, or option_sets where nothing is counted')
    if (file.facts === undefined && (counts || file.time !== undefined || file.raw !== undefined))
      wrong('facts', 'is missing; add it')
    return { ...file, facts: file.facts ?? file.option_sets[0]?.table ?? '' }
  })
  .meta({
    id: 'Model',
    title: 'Tessera model',
    description: 'A semantic model: where rows come from and what they mean.',
  })

export type ModelFile = z.output<typeof ModelFile>
export type TableSource = ModelFile['tables'][number]
export type DimensionFile = ModelFile['dimensions'][number]
export type MetricFile = ModelFile['metrics'][number]
