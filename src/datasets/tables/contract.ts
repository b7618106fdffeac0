import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { tableFormats } from './formats.ts'
import { columnTypes } from './table-facts.ts'

const params = z.object({
  file: z
    .string()
    .regex(/^[1-9][0-9]{0,14}$/)
    .meta({ examples: ['7'] }),
})

const Statistics = z.object({
  missing: z.int(),
  distinct: z.int().meta({ description: 'Different values; above 1,000 about so many.' }),
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  deviation: z.number().nullable().meta({ description: 'The standard deviation of the sample.' }),
  quartiles: z.tuple([z.string(), z.string(), z.string()]).nullable().meta({ description: 'Estimated.' }),
  top: z.array(z.object({ value: z.string(), count: z.int() })).meta({
    description: 'The most frequent values; empty where there are very many, or none comes twice.',
  }),
})

export const showTable = endpoint({
  id: 'show-file-table',
  method: 'GET',
  path: '/v1/files/:file/table',
  summary: 'What is in the table of a file: columns, statistics, first rows',
  description:
    'CSV, TSV, Parquet, JSON (an array of objects, or one per line) and XLSX files are read behind the upload; until then `state` is `waiting` or `reading`. `failed` says why the file is no table. Needs the right to download the file.',
  access: 'optional',
  params,
  reply: z
    .object({
      file: z.object({ id: z.int(), name: z.string() }),
      format: z.enum(tableFormats),
      state: z.enum(['waiting', 'reading', 'read', 'failed']),
      trouble: z.string().nullable(),
      rows: z.int().nullable(),
      columns: z.array(
        z.object({
          name: z.string(),
          type: z.enum(columnTypes),
          label: z.string().nullable(),
          statistics: Statistics.nullable(),
        }),
      ),
      preview: z.array(z.array(z.string().nullable())).meta({ description: 'The first rows, cells as texts.' }),
    })
    .meta({ id: 'FileTable' }),
})

export const downloadRows = endpoint({
  id: 'download-file-table-rows',
  method: 'GET',
  path: '/v1/files/:file/table/rows',
  summary: 'All rows of the table of a file, in the form that you want',
  description:
    'Streamed. Needs the right to download the file, and counts as a download of it. As CSV and NDJSON at most `[files] table_download_limit` bytes are sent: what cannot fit is refused (`table-too-long`), what proves larger is broken off. Parquet is sent as it is kept, whole.',
  access: 'optional',
  params,
  query: z.object({ format: z.enum(['csv', 'ndjson', 'parquet']).default('csv') }),
  media: ['text/csv', 'application/x-ndjson', 'application/vnd.apache.parquet'],
})

export const suggestTableModel = endpoint({
  id: 'suggest-table-model',
  method: 'GET',
  path: '/v1/files/:file/table/model',
  summary: 'A model file over the table of a file, for an administrator to put in place',
  description:
    'With it the deposit can be queried in the warehouse and reported on, and each new published version refreshes the model. Dimensions and metrics are guessed from the columns.',
  access: 'optional',
  params,
  media: ['application/yaml'],
})
