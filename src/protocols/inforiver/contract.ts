import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { ReportId } from '#src/reports/contract.ts'
import { StartedRun } from '#src/runs/contract.ts'
import { inforiverDialect } from './dialect.ts'

export const refreshOptions = endpoint({
  id: 'inforiver-refresh-options',
  method: 'POST',
  path: '/v1/reports/:report/columns/:column/options',
  summary: 'Refresh the options of a data-input column',
  description:
    'The refresh link of a column, as Inforiver’s users know it: a button that was made for theirs works here with another host and token. Refreshes the model that the options come from; the same as `POST /v1/models/{model}/refreshes`, which is the better one for what is new.',
  access: 'models:refresh',
  someResource: true,
  audit: 'model.refresh_requested',
  dialect: inforiverDialect,
  accepts: ['application/json', 'application/x-www-form-urlencoded'],
  params: z.object({ report: ReportId, column: z.string().regex(/^[a-z][a-z0-9_]{0,59}$/) }),
  query: z.looseObject({ 'semantic-refresh': z.literal('true').meta({ description: 'Must be passed.' }) }),
  body: z.looseObject({}).optional(),
  reply: StartedRun,
  status: 202,
})
