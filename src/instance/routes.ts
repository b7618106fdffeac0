import type { Log } from '#src/database/log.ts'
import { etagOf } from '#src/http/etag.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { LoadedSettings } from '#src/settings/load-settings.ts'
import * as contract from './contract.ts'
import { type CheckNeeds, healthChecks } from './health-checks.ts'
import { listProblems } from './list-problems.ts'
import { listSettings } from './list-settings.ts'
import { makeHealthReport } from './show-health.ts'
import { type InstanceNeeds, showInstance } from './show-instance.ts'

export interface InstanceRouteNeeds extends InstanceNeeds, CheckNeeds {
  readonly loaded: LoadedSettings
  readonly log: Log
}

export function instanceRoutes(needs: InstanceRouteNeeds): Route[] {
  const showHealth = makeHealthReport({ ...needs, checks: healthChecks(needs) })
  return [
    route(contract.showInstance, ({ caller }) => showInstance(needs, caller)),
    route(contract.listSettings, () => listSettings(needs.loaded)),
    route(contract.showHealth, showHealth),
    ...problemRoutes(),
  ]
}

/** The same until the next start, and for everybody: who asked before need not ask again. */
export function problemRoutes(): Route[] {
  const problems = listProblems()
  const answer = respond({
    headers: { 'cache-control': 'public, max-age=300', vary: 'Origin' },
    body: { problems },
    etag: etagOf(JSON.stringify(problems)),
  })
  return [route(contract.listProblems, () => answer)]
}
