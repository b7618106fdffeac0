import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { Changer } from '#src/database/change.ts'
import { makeAddressOf } from './address.ts'
import type { Verifiers } from './authenticate.ts'
import { registerBodies } from './bodies.ts'
import { makeCors } from './cors.ts'
import type { Dialect } from './dialect.ts'
import type { Endpoint } from './endpoint.ts'
import type { Logger } from './log.ts'
import { refuseOtherMethods } from './methods.ts'
import { notFound } from './problems.ts'
import { makeRateLimits, type RateLimits, rateHeaders } from './rate-limit.ts'
import { renderProblem, toProblem } from './render-problem.ts'
import { makeCallOf } from './request.ts'
import { makeRequestIds } from './request-id.ts'
import { securityHeaders } from './security-headers.ts'
import { type Route, serve } from './serve.ts'

export interface ServerNeeds {
  readonly routes: readonly Route[]
  readonly verifiers: Verifiers
  readonly changer: Changer
  readonly log: Logger
  /** The public address, for links; null until it is known (a free port). */
  readonly siteAddress: string | null
  readonly trustedProxies: readonly string[]
  readonly corsDomains: readonly string[]
  readonly rateLimits: RateLimits
  /** How long requests in flight may take to finish once the server closes. Default 30 s. */
  readonly drainMs?: number
}

/** Builds the server from the routes. `listen` and `close` are Fastify's own; closing lets requests in flight finish. */
export function openServer(needs: ServerNeeds): FastifyInstance {
  const { routes, log } = needs
  const callOf = makeCallOf(makeAddressOf(needs.trustedProxies))
  const cors = makeCors(needs.corsDomains)
  const limits = makeRateLimits(needs.rateLimits)
  const fixedHeaders = securityHeaders(needs.siteAddress)
  const dialects = new Set(routes.flatMap(({ contract }) => contract.dialect ?? []))

  const stamp = (request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request, reply.raw)
    reply.headers(fixedHeaders)
    reply.header('x-request-id', call.id)
    if (needs.corsDomains.length === 0) return
    reply.header('vary', 'Origin')
    const granted = cors.headersFor(request.raw)
    if (granted) reply.headers(granted)
  }

  const sendProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request, reply.raw)
    const problem = toProblem(error)
    const { contract } = request.routeOptions.config as { contract?: Endpoint }
    const dialect = contract ? contract.dialect : dialectAt(dialects, call.url)
    const rendered = renderProblem(problem, dialect, {
      requestId: call.id,
      method: request.method,
      url: call.url,
    })
    if (rendered.status >= 500)
      log.error({ request: call.id, endpoint: contract?.id, err: problem.details.cause ?? problem }, 'request failed')
    reply.code(rendered.status).headers(rateHeaders(call)).headers(rendered.headers).send(rendered.body)
  }

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
    // XDMoD clients put long lists of fields and filters into addresses.
    http: { maxHeaderSize: 32 * 1024 },
    frameworkErrors: (error, request, reply) => {
      stamp(request, reply)
      sendProblem(error, request, reply)
    },
  })
  app.decorateRequest('call', null)
  app.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply)
    done()
  })
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) => sendProblem(notFound(), request, reply))
  registerBodies(app)
  for (const route of routes) serve(app, route, { verifiers: needs.verifiers, changer: needs.changer, limits, callOf })
  refuseOtherMethods(app, routes, { cors, callOf })
  return app
}

/** Whose clients ask for an address that nobody serves. */
function dialectAt(dialects: ReadonlySet<Dialect>, url: string): Dialect | undefined {
  for (const dialect of dialects) if (dialect.prefixes?.some((prefix) => url.startsWith(prefix))) return dialect
  return undefined
}
