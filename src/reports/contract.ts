import { z } from 'zod'
import { roles } from '#src/access/permissions.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { flag, many, pageQuery } from '#src/http/parameters.ts'
import { units } from '#src/warehouse/ask.ts'
import {
  chartTypes,
  Definition,
  entryRoles,
  Format,
  Line,
  ParameterValue,
  ParameterValues,
  Prose,
} from './definition.ts'

/** Part of addresses and of permissions (`reports:read:weekly-usage`). */
export const ReportId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'is made of small letters, digits and -, at most 80')
  .meta({ examples: ['weekly-usage'] })
const params = z.object({ report: ReportId })
const columnParams = z.object({ report: ReportId, column: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/) })
const moment = z.iso.datetime()
const Description = Prose.max(2000)
const Note = Line.optional().meta({ description: 'What was changed, for the list of versions.' })

export const sharedWith = ['owner', ...roles] as const
const SharedWith = z.enum(sharedWith).meta({
  description: 'The least role that sees it; `owner`: nobody but its owner.',
})

const summary = {
  id: ReportId,
  title: z.string(),
  description: z.string(),
  owner: z.string().nullable().meta({ description: 'A user name; null: it came with the product.' }),
  shared_with: z.enum(sharedWith),
  version: z.int().meta({ description: 'Counts up with every change; the `ETag` of the report.' }),
  created_at: moment,
  updated_at: moment,
  updated_by: z.string().nullable(),
  inputs_changed_at: moment.nullable().meta({ description: 'When somebody last filled something in.' }),
  may: z
    .object({
      write: z.boolean(),
      input: z.boolean().meta({ description: 'Whether you may fill in anything at all.' }),
      manage: z.boolean().meta({ description: 'Whether you may delete it and share it with others.' }),
    })
    .meta({ description: 'What you may do with it, as you are asking now.' }),
}

export const ReportSummary = z.object(summary).meta({ id: 'ReportSummary' })
export const Report = z.object({ ...summary, definition: Definition }).meta({ id: 'Report' })

const written = {
  title: Line,
  description: Description.default(''),
  shared_with: SharedWith.default('owner'),
  definition: Definition,
  note: Note,
}

const bodyLimit = 256 * 1024

export const listReports = endpoint({
  id: 'list-reports',
  method: 'GET',
  path: '/v1/reports',
  summary: 'List the reports that you may see, by title',
  access: 'reports:read',
  someResource: true,
  query: z.object({
    ...pageQuery(),
    search: z.string().max(200).optional().meta({ description: 'Part of title, description or id.' }),
    mine: flag().optional().meta({ description: 'Only those that you own.' }),
  }),
  reply: z.object({ items: z.array(ReportSummary), total: z.int() }),
})

export const createReport = endpoint({
  id: 'create-report',
  method: 'POST',
  path: '/v1/reports',
  summary: 'Make a report',
  description:
    'Everything that it names is checked against the models; all that is wrong is told at once. You need to be able to read every model that it asks.',
  access: 'reports:write',
  someResource: true,
  audit: 'report.created',
  idempotent: true,
  body: z.object({ id: ReportId.optional().meta({ description: 'Default: made from the title.' }), ...written }),
  bodyLimit,
  reply: Report,
  status: 201,
})

export const getReport = endpoint({
  id: 'get-report',
  method: 'GET',
  path: '/v1/reports/:report',
  summary: 'Show a report: its definition, not its data',
  access: 'reports:read',
  resource: 'report',
  params,
  reply: Report,
})

export const putReport = endpoint({
  id: 'put-report',
  method: 'PUT',
  path: '/v1/reports/:report',
  summary: 'Change a report',
  description:
    'Makes a new version. Send the `ETag` that you have read as `If-Match`: when somebody else was faster, nothing is lost and you are told (412). What people have filled in stays, also where its column is taken out.',
  access: 'reports:write',
  resource: 'report',
  audit: 'report.changed',
  params,
  body: z.object({ ...written, shared_with: SharedWith.optional().meta({ description: 'Default: as it is.' }) }),
  bodyLimit,
  reply: Report,
})

export const deleteReport = endpoint({
  id: 'delete-report',
  method: 'DELETE',
  path: '/v1/reports/:report',
  summary: 'Delete a report with its versions and all that was filled in',
  description: 'Only its owner and administrators may. Refused while something, such as a subscription, needs it.',
  access: 'reports:write',
  resource: 'report',
  audit: 'report.deleted',
  params,
})

// — Versions

const versionFacts = {
  version: z.int(),
  title: z.string(),
  changed_at: moment,
  changed_by: z.string().nullable(),
  note: z.string().nullable(),
}
const versionParams = z.object({ report: ReportId, version: z.string().regex(/^[1-9][0-9]{0,8}$/) })

export const listReportVersions = endpoint({
  id: 'list-report-versions',
  method: 'GET',
  path: '/v1/reports/:report/versions',
  summary: 'List the versions of a report, newest first',
  access: 'reports:read',
  resource: 'report',
  params,
  query: z.object(pageQuery()),
  reply: z.object({ items: z.array(z.object(versionFacts).meta({ id: 'ReportVersionSummary' })) }),
})

export const getReportVersion = endpoint({
  id: 'get-report-version',
  method: 'GET',
  path: '/v1/reports/:report/versions/:version',
  summary: 'Show a version of a report',
  access: 'reports:read',
  resource: 'report',
  params: versionParams,
  reply: z.object({ ...versionFacts, description: z.string(), definition: Definition }).meta({ id: 'ReportVersion' }),
})

export const restoreReportVersion = endpoint({
  id: 'restore-report-version',
  method: 'POST',
  path: '/v1/reports/:report/versions/:version/restore',
  summary: 'Make a report again what it was in a version',
  description: 'As a new version, so that nothing is lost; with whom it is shared stays as it is now.',
  access: 'reports:write',
  resource: 'report',
  audit: 'report.changed',
  params: versionParams,
  reply: Report,
})

// — Data

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()])
const Choice = z
  .object({
    id: z.string(),
    label: z.string(),
    colour: z.string().optional(),
    retired: z
      .boolean()
      .meta({ description: 'It was chosen once and is no longer among the options; it stays until changed.' }),
  })
  .meta({ id: 'InputChoice' })

/** The ids of a row's dimensions by name; in a series its `period` besides. What values of inputs belong to. */
export const RowKey = z
  .record(z.string().max(120), Prose.max(1000))
  .meta({ id: 'ReportRowKey', description: 'Ids by dimension; in a series the first day of the `period` besides.' })

export const InputValue = z
  .union([Prose.max(4000), z.number().min(-1e15).max(1e15), z.boolean(), z.array(Prose.max(1000)).max(100), z.null()])
  .meta({
    id: 'InputValue',
    description:
      'Text, number, true or false, a date as text, a user name, the id of an option, or a list of ids; null: empty.',
  })

export const InputCell = z
  .object({
    value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
    shown: z.string().nullable().meta({ description: 'The value as a person reads it.' }),
    choices: z.array(Choice).optional().meta({ description: 'Of selects and persons: what the ids stand for.' }),
    version: z
      .int()
      .meta({ description: 'Counts the changes of this cell; 0: never filled in. Send it along when you change it.' }),
    changed_at: moment.nullable(),
    changed_by: z.string().nullable(),
  })
  .meta({ id: 'InputCell' })

const InputColumnState = z
  .object({
    id: z.string(),
    label: z.string(),
    description: z.string(),
    type: z.enum(['text', 'number', 'checkbox', 'date', 'person', 'single_select', 'multi_select']),
    required: z.boolean(),
    locked_after: z.iso.date().nullable(),
    locked: z.boolean().meta({ description: 'Whether that day is over.' }),
    entry: z.enum(entryRoles),
    may_input: z.boolean().meta({ description: 'Whether you may fill it in now.' }),
    missing: z.int().meta({ description: 'Rows in which a required value is missing.' }),
    options: z
      .object({
        version: z
          .string()
          .nullable()
          .meta({ description: 'Names the option set’s data; null: typed into the report.' }),
        by_row: z
          .boolean()
          .meta({ description: 'Whether each row has options of its own; then ask `…/columns/{column}/options`.' }),
        total: z.int(),
        items: z.array(Choice).meta({ description: 'The first 200; retired ones that are in use come last.' }),
        problem: z.string().nullable().meta({ description: 'Why the option set cannot be read now.' }),
      })
      .nullable()
      .meta({ description: 'Of selects.' }),
    min: z.union([z.number(), z.string()]).nullable(),
    max: z.union([z.number(), z.string()]).nullable(),
    max_length: z.int().nullable(),
    decimals: z.int().nullable(),
    unit: z.string().nullable(),
    formats: z.array(Format),
  })
  .meta({ id: 'InputColumnState' })

const DataColumn = z
  .object({
    name: z.string(),
    label: z.string(),
    role: z.enum(['period', 'dimension', 'metric']),
    unit: z.string(),
    decimals: z.int().nullable(),
    additive: z.boolean(),
    formats: z.array(Format),
  })
  .meta({ id: 'ReportColumn' })

const DayRange = z.object({ start: z.iso.date(), end: z.iso.date() })
const drill = z
  .object({
    explore: z.string().nullable().meta({
      description: 'The same question in Explore: an address of the portal; null where Explore has no words for it.',
    }),
    rows: z
      .string()
      .nullable()
      .meta({ description: 'The raw rows behind it, in the portal; null: you may not read them.' }),
  })
  .meta({
    id: 'ReportDrill',
    description: 'Add `&filter=dimension:id` for one row.',
  })
const answered = {
  id: z.string(),
  title: z.string(),
  description: z.string(),
  model: z.string(),
  snapshot: z.string(),
  unit: z.enum(units),
  period: DayRange.nullable().meta({ description: 'The days that were counted.' }),
  drill,
}
const cut = z
  .object({ shown: z.int(), of: z.int().nullable() })
  .nullable()
  .meta({ description: 'Of more rows than a report holds: how many are left.' })

export const BlockData = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), id: z.string(), markdown: z.string() }),
    z.object({
      type: z.literal('number'),
      ...answered,
      metric: DataColumn,
      value: z.number().nullable(),
      comparison: z
        .object({
          label: z.string().meta({ description: 'The days that it is compared with.' }),
          period: DayRange,
          value: z.number().nullable(),
          change_percent: z.number().nullable().meta({ description: 'Null where there was nothing before.' }),
        })
        .nullable(),
    }),
    z.object({
      type: z.literal('table'),
      ...answered,
      columns: z.array(DataColumn),
      inputs: z.array(InputColumnState),
      rows: z.array(
        z.object({
          key: RowKey.nullable().meta({ description: 'Null: the row stands for several ("Others").' }),
          cells: z.array(Cell).meta({ description: 'One for each of `columns`; dimensions by label.' }),
          inputs: z.array(InputCell).meta({ description: 'One for each of `inputs`; none where the row has no key.' }),
        }),
      ),
      totals: z.array(Cell).nullable(),
      cut,
    }),
    z.object({
      type: z.literal('pivot'),
      ...answered,
      row_columns: z.array(DataColumn).meta({ description: 'The dimensions that name the rows.' }),
      column_of: z.object({ name: z.string(), label: z.string() }),
      column_keys: z.array(z.object({ id: z.string().nullable(), label: z.string() })),
      metrics: z.array(DataColumn),
      rows: z.array(
        z.object({
          key: RowKey,
          labels: z.array(z.string().nullable()),
          cells: z.array(z.array(Cell)).meta({ description: 'For each of `column_keys` one for each of `metrics`.' }),
          totals: z.array(Cell).nullable(),
        }),
      ),
      totals: z.object({ cells: z.array(z.array(Cell)), totals: z.array(Cell) }).nullable(),
      cut,
      columns_cut: cut,
    }),
    z.object({
      type: z.literal('chart'),
      ...answered,
      chart: z.enum(chartTypes),
      categories: z.array(z.object({ id: z.string().nullable(), label: z.string() })),
      series: z.array(
        z.object({
          name: z.string(),
          values: z.array(z.number().nullable()),
          others: z.boolean().optional(),
        }),
      ),
      value_unit: z.string(),
      decimals: z.int().nullable(),
      cut,
      series_cut: cut,
    }),
    z
      .object({
        type: z.literal('failed'),
        id: z.string(),
        of: z.enum(['number', 'table', 'pivot', 'chart']),
        title: z.string(),
        problem: z.object({ code: z.string(), title: z.string(), detail: z.string(), hint: z.string().nullable() }),
      })
      .meta({
        description:
          'What this block asks cannot be answered, e.g. because the model has lost a column; the others stand.',
      }),
  ])
  .meta({ id: 'ReportBlockData' })

const ShownParameter = z
  .object({
    name: z.string(),
    label: z.string(),
    type: z.enum(['text', 'number', 'date', 'period', 'choice']),
    value: ParameterValue,
    shown: z.string().meta({ description: 'The value as a person reads it; "All" where there is none.' }),
  })
  .meta({ id: 'ShownParameter' })

export const ReportData = z
  .object({
    report: ReportId.nullable(),
    version: z.int().nullable(),
    title: z.string(),
    description: z.string(),
    parameters: z.array(ShownParameter),
    snapshots: z.record(z.string(), z.string()).meta({ description: 'Which snapshot of each model was read.' }),
    data_as_of: moment.nullable().meta({ description: 'The oldest of them: as of when the data are.' }),
    may_input: z.boolean(),
    missing: z.int().meta({ description: 'Required values that are missing, in all blocks.' }),
    blocks: z.array(BlockData),
  })
  .meta({ id: 'ReportData' })

const dataDescription =
  'Every block with its rows, as you may see them: filters that a model puts on your rows hold here as everywhere. The `ETag` stays the same until the report, the data, the options or what is filled in change; ask with `If-None-Match`, and 304 costs next to nothing: so an open page stays up to date.'

export const readReportData = endpoint({
  id: 'read-report-data',
  method: 'POST',
  path: '/v1/reports/:report/data',
  summary: 'Read a report: its blocks with their data',
  description: dataDescription,
  access: 'reports:read',
  resource: 'report',
  reads: true,
  params,
  body: z.object({ parameters: ParameterValues.default({}) }).optional(),
  reply: ReportData,
})

export const previewReport = endpoint({
  id: 'preview-report',
  method: 'POST',
  path: '/v1/report-previews',
  summary: 'Read a report that is not saved yet',
  description:
    'Checks a definition as saving it would, and answers it. Of a saved report (`report`), what is filled in is shown as well.',
  access: 'reports:write',
  someResource: true,
  reads: true,
  body: z.object({
    report: ReportId.optional(),
    title: Line.default('Preview'),
    definition: Definition,
    parameters: ParameterValues.default({}),
  }),
  bodyLimit,
  reply: ReportData,
})

export const fileFormats = ['pdf', 'xlsx', 'csv', 'html', 'png', 'svg'] as const
export type FileFormat = (typeof fileFormats)[number]
export const fileMedia: Readonly<Record<FileFormat, string>> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
  html: 'text/html',
  png: 'image/png',
  svg: 'image/svg+xml',
}

const parametersQuery = many(
  z
    .string()
    .max(20_000)
    .regex(/^[a-z][a-z0-9_]*:/, 'write name:value'),
).meta({
  description:
    'Repeatable: `name:value`. Several ids are set apart by commas, a comma or backslash within one has a backslash before it; a period is a name or `first/last`.',
})

export const readReportFile = endpoint({
  id: 'read-report-file',
  method: 'GET',
  path: '/v1/reports/:report/file',
  summary: 'Take a report with its data as a file',
  description:
    'PDF, XLSX with real drop-downs where columns are filled in, CSV, HTML, or one chart as a picture: made for you, with the rows that you may see. Whatever had to be left out is told in the file.',
  access: 'reports:read',
  resource: 'report',
  params,
  query: z.object({
    format: z.enum(fileFormats).default('pdf'),
    parameter: parametersQuery.optional(),
    block: z
      .string()
      .max(60)
      .optional()
      .meta({ description: 'The id of a block: only this one. Of several charts, the one to make a picture of.' }),
    spreadsheet: flag().optional().meta({
      description:
        'Of CSV. Default: true, for people: with labels, totals, and no text that a spreadsheet takes for a formula; false: names, and texts as they are.',
    }),
  }),
  media: Object.values(fileMedia),
  perMinute: 120,
})

// — Data inputs

export const InputTable = z
  .object({
    block: z.string(),
    dimensions: z.array(z.object({ name: z.string(), label: z.string() })),
    columns: z.array(z.object({ id: z.string(), label: z.string(), type: z.string() })),
    rows: z.array(
      z.object({
        key: RowKey,
        labels: z.array(z.string().nullable()).meta({ description: 'One for each of `dimensions`.' }),
        orphaned: z.boolean().meta({ description: 'Whether the model has no such row any more.' }),
        cells: z.array(InputCell).meta({ description: 'One for each of `columns`.' }),
      }),
    ),
  })
  .meta({ id: 'InputTable' })

export const readInputs = endpoint({
  id: 'read-report-inputs',
  method: 'GET',
  path: '/v1/reports/:report/inputs',
  summary: 'Read what is filled in, as a table',
  description:
    'Rows in which something is filled in, of those that you may see. Values belong to the ids of a row and survive refreshes; rows that the model has lost are shown when asked for (`orphaned`) to those whose rows are not filtered. As CSV with ids, labels, values, and when and by whom they were changed.',
  access: 'reports:read',
  resource: 'report',
  params,
  query: z.object({
    block: z.string().max(60).optional().meta({ description: 'The id of the table; needed when several have inputs.' }),
    orphaned: flag().optional().meta({ description: 'Whether to show rows that are no longer in the model as well.' }),
    format: z.enum(['json', 'csv']).default('json'),
    spreadsheet: flag().optional().meta({
      description:
        'Of CSV. Default: true, for people: no text that a spreadsheet takes for a formula; false: texts as they are.',
    }),
  }),
  reply: InputTable,
  media: ['text/csv'],
})

export const patchInputs = endpoint({
  id: 'fill-in-report',
  method: 'PATCH',
  path: '/v1/reports/:report/inputs',
  summary: 'Fill in cells of data-input columns',
  description:
    'Up to 1,000 cells; all of them are changed, or none. Each names the `version` that you have seen: when somebody has changed a cell since, the problem (409) says what it holds now, who changed it and when.',
  access: 'reports:input',
  resource: 'report',
  audit: 'report.filled_in',
  params,
  body: z.object({
    cells: z
      .array(
        z.strictObject({
          row: RowKey,
          column: z.string().max(60).meta({ description: 'The id of the data-input column.' }),
          value: InputValue,
          version: z.int().min(0).meta({ description: 'That you have seen; 0: never filled in.' }),
        }),
      )
      .min(1)
      .max(1000),
    note: Line.optional().meta({ description: 'Why, for the history.' }),
  }),
  bodyLimit: 8 * 2 ** 20,
  reply: z.object({
    cells: z.array(z.object({ row: RowKey, column: z.string(), cell: InputCell })),
  }),
})

export const readInputHistory = endpoint({
  id: 'read-report-input-history',
  method: 'GET',
  path: '/v1/reports/:report/inputs/history',
  summary: 'Read who filled in what, newest first',
  access: 'reports:read',
  resource: 'report',
  params,
  query: z.object({
    ...pageQuery(),
    column: z.string().max(60).optional(),
    row: z
      .string()
      .max(10_000)
      .optional()
      .meta({ description: 'The key of a row, as JSON; together with `column`: of one cell.' }),
  }),
  reply: z.object({
    items: z.array(
      z
        .object({
          row: RowKey,
          column: z.string(),
          value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
          shown: z.string().nullable(),
          before: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
          version: z.int(),
          changed_at: moment,
          changed_by: z.string().nullable(),
          token_id: z.string().nullable(),
          note: z.string().nullable(),
        })
        .meta({ id: 'InputChange' }),
    ),
  }),
})

export const listInputOptions = endpoint({
  id: 'list-input-options',
  method: 'GET',
  path: '/v1/reports/:report/columns/:column/options',
  summary: 'List what may be chosen in a data-input column',
  description:
    'Options of a select as the option set is now, those of one row where rows have their own; of a person column, accounts.',
  access: 'reports:read',
  resource: 'report',
  params: columnParams,
  query: z.object({
    search: z.string().max(200).optional(),
    row: z.string().max(10_000).optional().meta({ description: 'The key of the row, as JSON.' }),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
  }),
  reply: z.object({
    version: z.string().nullable(),
    total: z.int().nullable(),
    items: z.array(Choice),
  }),
})
