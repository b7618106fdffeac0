import { isLoopback } from './address.ts'
import * as contract from './contract.ts'
import type { Endpoint } from './endpoint.ts'
import { etagOf } from './etag.ts'
import type { Health } from './health.ts'
import type { Metrics } from './metrics.ts'
import { type ApiFacts, describeApi } from './openapi.ts'
import { requirePermission } from './permission.ts'
import { postmanCollection } from './postman.ts'
import type { RequestFacts } from './request.ts'
import { type Response, respond } from './respond.ts'
import { type Route, route } from './serve.ts'

export interface OwnNeeds extends ApiFacts {
  readonly metrics: Metrics
  health(): Promise<Health>
  /** All endpoints, these included. */
  contracts(): readonly Endpoint[]
}

/** What the server tells of itself. */
export function httpRoutes(needs: OwnNeeds): Route[] {
  const openApi = document(() => describeApi(needs.contracts(), needs))
  const postman = document(() => postmanCollection(needs.contracts(), needs))
  return [
    route(contract.readLiveness, () => ({ status: 'live' })),
    route(contract.readReadiness, async () => {
      const { ready, checks } = await needs.health()
      return respond({ status: ready ? 200 : 503, body: { status: ready ? 'ready' : 'not_ready', checks } })
    }),
    route(contract.readMetrics, async ({ caller, request }) => {
      if (!isFromHere(request)) requirePermission(caller, 'settings:read')
      return respond({ body: await needs.metrics.text(), type: needs.metrics.registry.contentType })
    }),
    route(contract.readOpenApi, openApi),
    route(contract.readPostman, postman),
  ]
}

/** A proxy on this machine that nobody declared trusted makes the whole world look like loopback; its header tells. */
const isFromHere = ({ address, headers }: RequestFacts): boolean =>
  isLoopback(address) && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined

/** Built when first asked for; the same until the next start. */
function document(build: () => unknown): () => Response {
  let made: Response | undefined
  return () => {
    if (!made) {
      const body = JSON.stringify(build(), null, 2)
      const headers = { 'cache-control': 'public, max-age=300', vary: 'Origin' }
      made = respond({ body, type: 'application/json; charset=utf-8', etag: etagOf(body), headers })
    }
    return made
  }
}
