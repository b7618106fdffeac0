import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Actor } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import { makeAddressOf } from './address.ts'
import type { Verifiers } from './authenticate.ts'
import { registerBodies } from './bodies.ts'
import { answerBrokenRequest } from './client-error.ts'
import { makeCors } from './cors.ts'
import type { Dialect } from './dialect.ts'
import { drainOnClose } from './drain.ts'
import type { Endpoint } from './endpoint.ts'
import { type Check, makeHealth } from './health.ts'
import type { Logger } from './log.ts'
import { refuseOtherMethods } from './methods.ts'
import type { Metrics } from './metrics.ts'
import { setLateHeaders } from './present.ts'
import { notFound } from './problems.ts'
import { makeRateLimits, type RateLimits } from './rate-limit.ts'
import { renderProblem, toProblem } from './render-problem.ts'
import { type CallOf, makeCallOf } from './request.ts'
import { makeRequestIds } from './request-id.ts'
import { makeRequestLog } from './request-log.ts'
import { httpRoutes } from './routes.ts'
import { securityHeaders } from './security-headers.ts'
import { type Route, serve } from './serve.ts'

export interface ServerNeeds {
  readonly routes: readonly Route[]
  readonly verifiers: Verifiers
  readonly changer: Changer
  readonly log: Logger
  readonly metrics: Metrics
  /** What must work for the process to be ready: `{ database: () => … }`. */
  readonly checks: Readonly<Record<string, Check>>
  readonly version: string
  /** The public address, for links; null until it is known (a free port). */
  readonly siteAddress: string | null
  readonly trustedProxies: readonly string[]
  readonly corsDomains: readonly string[]
  readonly rateLimits: RateLimits
  /** Somebody known was refused (403); for the audit trail. `reason` is the problem's code. */
  onRefused?(reason: string, actor: Actor): void
  /** How long requests in flight may take to finish once the server closes. Default 30 s. */
  readonly drainMs?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Everything that is served, our own health and description included; for docs and the sweep over all endpoints. */
    contracts: readonly Endpoint[]
  }
}

/** Builds the server from the routes. `listen` and `close` are Fastify's own; closing lets requests in flight finish. */
export function openServer(needs: ServerNeeds): FastifyInstance {
  const { log } = needs
  const fixedHeaders = securityHeaders(needs.siteAddress)
  const app = fastify({
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: makeRequestIds(),
    routerOptions: { maxParamLength: 256 },
    exposeHeadRoutes: false,
    bodyLimit: 1024 * 1024,
    requestTimeout: 120_000,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // XDMoD's clients put long lists of fields and filters into addresses.
    http: { maxHeaderSize: 32 * 1024 },
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, fixedHeaders),
    frameworkErrors: (error, request, reply) => {
      stamp(request, reply)
      sendProblem(error, request, reply)
    },
  })
  const { isClosing } = drainOnClose(app, needs.drainMs ?? 30_000)
  const callOf = makeCallOf(makeAddressOf(needs.trustedProxies), isClosing)
  const cors = makeCors(needs.corsDomains)
  const limits = makeRateLimits(needs.rateLimits)
  const health = makeHealth(needs.checks, (check, err) => log.warn({ check, err }, 'a readiness check fails'))
  const { sessionCookie } = needs.verifiers
  const own = httpRoutes({ ...needs, sessionCookie, health, contracts: () => app.contracts })
  const routes = [...needs.routes, ...own]
  app.decorate('contracts', Object.freeze(routes.map(({ contract }) => contract)))

  const stamp = (request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request, reply.raw)
    reply.headers(fixedHeaders)
    reply.header('x-request-id', call.id)
    if (needs.corsDomains.length === 0) return
    reply.header('vary', 'Origin')
    const granted = cors.headersFor(request.raw)
    if (granted) reply.headers(granted)
  }
  const sendProblem = problemSender(needs, callOf, new Set(app.contracts.flatMap(({ dialect }) => dialect ?? [])))

  // The request's id stands in our own lines; a child logger for each request would cost more than its token.
  app.setChildLoggerFactory((logger) => logger)
  app.decorateRequest('call', null)
  app.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply)
    done()
  })
  const logRequest = makeRequestLog(needs)
  app.addHook('onResponse', (request, reply, done) => {
    logRequest(request, reply)
    done()
  })
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply))
  registerBodies(app)
  for (const route of routes) serve(app, route, { verifiers: needs.verifiers, changer: needs.changer, limits, callOf })
  refuseOtherMethods(app, routes, { cors, callOf })
  return app
}

function problemSender(needs: ServerNeeds, callOf: CallOf, dialects: ReadonlySet<Dialect>) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request, reply.raw)
    const problem = toProblem(error)
    const { contract } = request.routeOptions.config as { contract?: Endpoint }
    const dialect = contract ? contract.dialect : dialectAt(dialects, call.url)
    const rendered = renderProblem(problem, dialect, { requestId: call.id, method: request.method, url: call.url })
    if (rendered.status >= 500)
      needs.log.error(
        { request: call.id, endpoint: contract?.id, err: problem.details.cause ?? problem },
        'a request failed',
      )
    if (problem.kind === 'forbidden') needs.onRefused?.(problem.code, call.actor)
    setLateHeaders(reply, call)
    reply.code(rendered.status).headers(rendered.headers).send(rendered.body)
  }
}

/** Whose clients ask for an address that nobody serves. */
function dialectAt(dialects: ReadonlySet<Dialect>, url: string): Dialect | undefined {
  for (const dialect of dialects) if (dialect.prefixes?.some((prefix) => url.startsWith(prefix))) return dialect
  return undefined
}
