import { requirePermission } from '#src/http/permission.ts'
import { type Route, route } from '#src/http/serve.ts'
import { type RequestNeeds, requestRefresh } from '#src/models/request-refresh.ts'
import { modelOfColumn } from '#src/reports/model-of-column.ts'
import { startedRun } from '#src/runs/started-run.ts'
import * as contract from './contract.ts'

export const inforiverRoutes = (needs: RequestNeeds): Route[] => [
  route(contract.refreshOptions, async ({ caller, change, params }) => {
    const model = await modelOfColumn(change.tx, caller, params.report, params.column)
    requirePermission(caller, 'models:refresh', model)
    const cause = `Refresh link of ${params.column} in ${params.report}`
    return startedRun(await requestRefresh(needs, change, model, { cause }))
  }),
]
