import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { pageQuery } from '#src/http/parameters.ts'
import { Artifact, Run, runAskMembers, StartedRun } from '#src/runs/contract.ts'
import { Ask, RawAsk } from '#src/warehouse/ask.ts'
import { exportFormats } from './jobs.ts'

const ExportFormat = z.enum(exportFormats).meta({ id: 'ExportFormat' })

const asked = {
  query: Ask.optional().meta({ description: 'Metrics by dimensions, as `POST /v1/query` takes it.' }),
  raw: RawAsk.optional().meta({ description: 'Raw rows, as `POST /v1/models/{model}/raw` takes it, with the model.' }),
}

export const startExport = endpoint({
  id: 'start-export',
  method: 'POST',
  path: '/v1/exports',
  summary: 'Export the rows of a question to a file',
  description:
    'For answers too long to wait for: a run writes them to a file, which is downloaded from it until it expires. Give `query` or `raw`. Needs `warehouse:read` or `warehouse:raw` on the model, now and when the run begins; the file holds the rows that you may see then.',
  access: 'signed_in',
  audit: 'export.requested',
  idempotent: true,
  startsRun: true,
  body: z
    .strictObject({
      ...asked,
      format: ExportFormat,
      name: z.string().trim().min(1).max(150).optional().meta({
        description: 'Of the file, without its ending. Default: the model and the moment.',
      }),
      cause: runAskMembers.cause,
      callback: runAskMembers.callback,
    })
    .refine(({ query, raw }) => (query === undefined) !== (raw === undefined), 'give either query or raw')
    .meta({
      examples: [{ query: { model: 'jobs', metrics: ['job_count'], dimensions: ['person'] }, format: 'parquet' }],
    }),
  reply: StartedRun,
  status: 202,
})

export const listExports = endpoint({
  id: 'list-exports',
  method: 'GET',
  path: '/v1/exports',
  summary: 'List your exports, newest first',
  access: 'signed_in',
  query: z.object(pageQuery()),
  reply: z.object({
    exports: z.array(
      z
        .object({
          run: Run,
          model: z.string(),
          format: ExportFormat,
          ...asked,
          file: Artifact.nullable().meta({ description: 'Null until the run has made it.' }),
        })
        .meta({ id: 'Export' }),
    ),
  }),
})
