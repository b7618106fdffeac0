import { z } from 'zod'
import { roles } from '#src/access/permissions.ts'
import { Period, units } from '#src/warehouse/ask.ts'

/**
 * What a report is: parameters, and blocks over queries of models. Kept as it was written, version by version; what its
 * names mean is asked of the models whenever it is saved or read.
 */

const word = z.string().min(1).max(120)
const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,59}$/,
    'begins with a small letter and goes on with small letters, digits and _, at most 60',
  )
  .meta({ examples: ['queue'] })
// No pattern of the schema: not every reader of JSON Schema knows classes of Unicode.
const oneLine = /^[^\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]*$/u
/** Read in lists, mails and heads of files: no line breaks, and nothing that turns the text after it around. */
export const Line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => oneLine.test(text), 'is one line of text, without marks that turn its direction')
/** Text of several lines that PostgreSQL can keep. */
export const Prose = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'holds a character that cannot be kept')
const Text = Prose.max(1000)
const day = z.iso.date()
const number = z.number().min(-1e15).max(1e15)

const ParameterRef = z
  .strictObject({ parameter: Name })
  .meta({ id: 'ParameterRef', description: 'The value of a declared parameter.' })
export type ParameterRef = z.output<typeof ParameterRef>

// — Parameters

const parameterFacts = {
  name: Name.meta({ description: 'As which it is given and referred to.', examples: ['queue'] }),
  label: Line.meta({ examples: ['Queue'] }),
  description: Text.optional(),
  required: z.boolean().default(false).meta({
    description:
      'Whether the report cannot be read without it. Otherwise, without a value, what refers to it is left out.',
  }),
}

export const Parameter = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), ...parameterFacts, default: Text.optional() }),
    z.strictObject({
      type: z.literal('number'),
      ...parameterFacts,
      min: number.optional(),
      max: number.optional(),
      default: number.optional(),
    }),
    z.strictObject({ type: z.literal('date'), ...parameterFacts, default: day.optional() }),
    z.strictObject({ type: z.literal('period'), ...parameterFacts, default: Period.optional() }),
    z.strictObject({
      type: z.literal('choice'),
      ...parameterFacts,
      model: word,
      dimension: word.meta({ description: 'Whose values may be chosen, by id.' }),
      multiple: z.boolean().default(false),
      default: z.array(Text).max(1000).optional().meta({ description: 'Ids; one, unless `multiple`.' }),
    }),
  ])
  .meta({ id: 'ReportParameter' })
export type Parameter = z.output<typeof Parameter>

/** Values for parameters, by name. */
export const ParameterValue = z.union([
  Text,
  number,
  z.array(Text).max(1000),
  z.strictObject({ start: day, end: day }),
  z.null(),
])
export type ParameterValue = z.output<typeof ParameterValue>
export const ParameterValues = z.record(z.string().max(60), ParameterValue).meta({
  description:
    'By name. A text or date as text, a number as a number, a period by name or as `{start, end}`, a choice as an id or a list of ids; null: none, not even the default.',
})

// — Queries

const BlockFilter = z
  .strictObject({
    dimension: word,
    values: z
      .union([z.array(Text).min(1).max(10_000), ParameterRef])
      .optional()
      .meta({ description: 'Ids.' }),
    labels: z.union([z.array(Text).min(1).max(10_000), ParameterRef]).optional(),
    min: z.union([number, ParameterRef]).optional(),
    max: z.union([number, ParameterRef]).optional(),
    exclude: z.boolean().default(false),
  })
  .refine((f) => f.values ?? f.labels ?? f.min ?? f.max, 'give values, labels, min or max')
  .meta({ id: 'ReportFilter', description: 'Left out while a parameter that it refers to has no value.' })

const scope = {
  model: word.meta({ examples: ['jobs'] }),
  filters: z.array(BlockFilter).max(30).default([]).meta({ description: 'All of them must hold.' }),
  period: z.union([Period, ParameterRef]).optional().meta({ description: 'Default: everything there is.' }),
}
const metrics = z.array(word).min(1).max(30)
const unit = z.enum([...units, 'auto']).default('auto')
const order = z
  .array(z.strictObject({ by: word, descending: z.boolean().default(false) }))
  .max(12)
  .default([])
const series = z.boolean().default(false).meta({ description: 'One row per period and group.' })

/** The most rows of a table, of which a report then says how many there are. */
export const mostRows = 10_000

const BlockQuery = z
  .strictObject({
    ...scope,
    metrics,
    dimensions: z.array(word).max(8).default([]),
    unit,
    series,
    order,
    limit: z.int().min(1).max(mostRows).optional(),
    others: z.boolean().default(false).meta({ description: 'Add the groups beyond the limit together as "Others".' }),
    totals: z.boolean().default(false).meta({ description: 'Each metric over everything, as the last row.' }),
  })
  .meta({ id: 'ReportQuery', description: 'As `POST /v1/query` takes it; filters and period may refer to parameters.' })
export type BlockQuery = z.output<typeof BlockQuery>

// — Formats

const colours = ['red', 'amber', 'green', 'blue', 'grey'] as const
export const Format = z
  .union([
    z.strictObject({
      when: z.enum(['<', '<=', '=', '>', '>=', 'between', 'empty']),
      value: z.union([number, Text, z.boolean()]).optional().meta({ description: 'Not needed by `empty`.' }),
      value2: z
        .union([number, Text])
        .optional()
        .meta({ description: 'The other end of `between`; both belong to it.' }),
      colour: z.enum(colours),
      bold: z.boolean().optional(),
    }),
    z.strictObject({ scale: z.enum(['data_bar', 'colour_scale']) }),
  ])
  .meta({ id: 'ReportFormat', description: 'How a cell looks; the first that applies counts.' })
export type Format = z.output<typeof Format>

const ColumnLook = z
  .strictObject({
    name: word.meta({ description: 'A metric, a dimension, `period`, or the id of an input column.' }),
    label: Line.optional().meta({ description: 'Instead of the model’s own.' }),
    decimals: z.int().min(0).max(10).optional(),
    formats: z.array(Format).max(10).default([]),
  })
  .meta({ id: 'ReportColumnLook' })

// — Data-input columns

const Choices = z.union([
  z.strictObject({
    values: z
      .array(z.strictObject({ id: Text.min(1), label: Line, colour: z.enum(colours).optional() }))
      .min(1)
      .max(1000),
  }),
  z.strictObject({
    model: word,
    option_set: word,
    filter_by: word.optional().meta({
      description:
        'The dimension whose id says which options a row gets, where the set has options for some rows only. Default: the one that the set itself names, where the table has it.',
    }),
  }),
])

export const entryRoles = ['owner', ...roles] as const
const inputFacts = {
  id: Name.meta({
    description:
      'Unique in the report, and kept for good: values belong to it. A column of another type gets another id.',
    examples: ['cost_center'],
  }),
  label: Line,
  description: Text.optional(),
  required: z
    .boolean()
    .default(false)
    .meta({ description: 'Empty cells are counted as missing, and none can be emptied.' }),
  locked_after: day.optional().meta({ description: 'The last day on which it may be filled in.' }),
  entry: z.enum(entryRoles).default('member').meta({
    description: 'The least role that may fill it in (with `reports:input`), or `owner`: whoever owns the report.',
  }),
}

export const InputColumn = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), ...inputFacts, max_length: z.int().min(1).max(4000).default(1000) }),
    z.strictObject({
      type: z.literal('number'),
      ...inputFacts,
      min: number.optional(),
      max: number.optional(),
      decimals: z.int().min(0).max(10).optional(),
      unit: Line.max(40).optional(),
    }),
    z.strictObject({ type: z.literal('checkbox'), ...inputFacts }),
    z.strictObject({ type: z.literal('date'), ...inputFacts, min: day.optional(), max: day.optional() }),
    z.strictObject({ type: z.literal('person'), ...inputFacts }),
    z.strictObject({ type: z.literal('single_select'), ...inputFacts, options: Choices }),
    z.strictObject({
      type: z.literal('multi_select'),
      ...inputFacts,
      options: Choices,
      most: z.int().min(1).max(100).default(100),
    }),
  ])
  .meta({ id: 'InputColumn' })
export type InputColumn = z.output<typeof InputColumn>

// — Blocks

const blockFacts = { id: Name.meta({ description: 'Names it in addresses.', examples: ['usage'] }) }
const titled = { ...blockFacts, title: Line, description: Text.optional() }

export const chartTypes = ['bar', 'stacked_bar', 'line', 'area', 'pie'] as const
export const comparisons = ['previous_period', 'previous_year'] as const

export const Block = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('text'),
      ...blockFacts,
      markdown: Prose.max(20_000).meta({
        description: 'CommonMark without HTML. `{{name}}` stands for the value of a parameter.',
      }),
    }),
    z.strictObject({
      type: z.literal('number'),
      ...titled,
      query: z.strictObject({ ...scope, metrics: z.array(word).length(1), unit }),
      decimals: z.int().min(0).max(10).optional(),
      compare: z.enum(comparisons).optional().meta({ description: 'Needs a period.' }),
    }),
    z.strictObject({
      type: z.literal('table'),
      ...titled,
      query: BlockQuery,
      columns: z
        .array(ColumnLook)
        .max(60)
        .default([])
        .meta({ description: 'How columns look; they come in the order of the query.' }),
      inputs: z.array(InputColumn).max(20).default([]).meta({
        description:
          'Data-input columns. Their values belong to the row: to the ids of its dimensions, and its period in a series.',
      }),
    }),
    z.strictObject({
      type: z.literal('pivot'),
      ...titled,
      query: z.strictObject({ ...scope, metrics, unit, totals: z.boolean().default(false) }),
      rows: z.array(word).min(1).max(4).meta({ description: 'Dimensions that name the rows.' }),
      columns: word.meta({ description: 'The dimension whose values become columns, or `period`.' }),
      looks: z.array(ColumnLook).max(30).default([]).meta({ description: 'How the metrics look.' }),
    }),
    z.strictObject({
      type: z.literal('chart'),
      ...titled,
      chart: z.enum(chartTypes),
      query: BlockQuery.meta({
        description:
          'Along the axis stands the period in a series, else the first dimension; each further dimension and metric makes series of its own.',
      }),
    }),
  ])
  .meta({ id: 'ReportBlock' })
export type Block = z.output<typeof Block>
export type BlockOf<T extends Block['type']> = Extract<Block, { type: T }>

export const Definition = z
  .strictObject({
    parameters: z.array(Parameter).max(30).default([]),
    blocks: z.array(Block).min(1).max(100),
  })
  .meta({ id: 'ReportDefinition' })
export type Definition = z.output<typeof Definition>
/** As written, with defaults left out. */
export type DefinitionInput = z.input<typeof Definition>

/** Every data-input column, with the block it stands in. */
export const inputColumnsOf = (definition: Definition): { block: BlockOf<'table'>; column: InputColumn }[] =>
  definition.blocks.flatMap((block) =>
    block.type === 'table' ? block.inputs.map((column) => ({ block, column })) : [],
  )
