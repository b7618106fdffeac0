import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Endpoint } from './endpoint.ts'
import { isMutating } from './endpoint.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'

/**
 * After each reply: a figure for Prometheus and, where it tells something, a line in the log. Changes are logged at
 * `info`, everything else at `debug`: a line costs a third of what a small request does, refusals are in the audit
 * trail, and failures have been logged where they happened. The query is left out, because XDMoD's clients put tokens there.
 */
export function makeRequestLog({ log, metrics }: { log: Logger; metrics: Metrics }) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const { contract } = request.routeOptions.config as { contract?: Endpoint }
    const { statusCode, elapsedTime } = reply
    metrics.observe(contract?.id ?? 'none', statusCode, elapsedTime / 1000)
    const { call } = request
    const level = contract && isMutating(contract) && statusCode < 400 ? 'info' : 'debug'
    if (call === null || !log.isLevelEnabled(level)) return
    log[level](
      {
        request: call.id,
        endpoint: contract?.id,
        method: request.method,
        path: call.url.split('?', 1)[0],
        status: statusCode,
        ms: Math.round(elapsedTime * 10) / 10,
        address: call.address,
        account: call.caller.accountName ?? undefined,
        token: call.caller.tokenId ?? undefined,
        complete: reply.raw.writableFinished,
      },
      'request',
    )
  }
}
