import { type Endpoint, isMutating } from './endpoint.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Call } from './request.ts'

/** Told of every reply, once it has been handed over or, if it is streamed, has ended. */
export type LogRequest = (call: Call, contract: Endpoint | undefined, status: number, complete: boolean) => void

/**
 * A figure for Prometheus and, where it tells something, a line in the log. Changes are logged at `info`, everything else
 * at `debug`: a line costs a third of what a small request does, refusals are in the audit trail, and failures have been
 * logged where they happened. The query is left out, because XDMoD's clients put tokens there.
 */
export function makeRequestLog({ log, metrics }: { log: Logger; metrics: Metrics }): LogRequest {
  return (call, contract, status, complete) => {
    const ms = performance.now() - call.startedAt
    metrics.observe(contract?.id ?? 'none', status, ms / 1000)
    const level = contract !== undefined && status < 400 && isMutating(contract) ? 'info' : 'debug'
    if (!log.isLevelEnabled(level)) return
    log[level](
      {
        request: call.id,
        endpoint: contract?.id,
        method: call.raw.method,
        path: call.url.split('?', 1)[0],
        status,
        ms: Math.round(ms * 10) / 10,
        address: call.address,
        account: call.caller.accountName ?? undefined,
        token: call.caller.tokenId ?? undefined,
        complete,
      },
      'request',
    )
  }
}
