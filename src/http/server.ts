import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
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
import type { AwaitRun } from './hold-run.ts'
import type { Logger } from './log.ts'
import { refuseOtherMethods } from './methods.ts'
import type { Metrics } from './metrics.ts'
import { notFound } from './problems.ts'
import { makeRateLimits, type RateLimits } from './rate-limit.ts'
import { makeCallOf } from './request.ts'
import { makeRequestIds } from './request-id.ts'
import { makeRequestLog } from './request-log.ts'
import type { Response } from './respond.ts'
import { httpRoutes } from './routes.ts'
import { securityHeaders } from './security-headers.ts'
import { makeSender } from './send.ts'
import { type Route, serve } from './serve.ts'
import { limitSlowBodies, type Patience } from './slow-bodies.ts'

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
  /** What a person finds at an address where nothing is; programs get a problem document there. */
  lostPage?(): Promise<Response>
  /** Waits for runs (`Prefer: wait=n`); left out, nothing is waited for. */
  readonly awaitRun?: AwaitRun
  /** With clients that are slow to send. */
  readonly patience?: Partial<Patience>
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
  const requestIds = makeRequestIds()
  const dialects = [...new Set(needs.routes.flatMap(({ contract }) => contract.dialect ?? []))]
  const app = fastify({
    // Its log would cost each request more than its token does; ours are written where things happen.
    logger: false,
    genReqId: requestIds,
    routerOptions: { maxParamLength: 256 },
    exposeHeadRoutes: false,
    bodyLimit: 1024 * 1024,
    // Bodies have limits of their own (`slow-bodies.ts`).
    requestTimeout: 0,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // XDMoD's clients put long lists of fields and filters into addresses.
    http: { maxHeaderSize: 32 * 1024, headersTimeout: 60_000 },
    rewriteUrl: ({ url = '/' }) => respelt(url, dialects),
    clientErrorHandler(error, socket) {
      const id = requestIds()
      log.debug({ request: id, client: socket.remoteAddress, err: error.code }, 'bytes came that are no request')
      answerBrokenRequest(error, socket, fixedHeaders, id)
    },
    frameworkErrors: (error, request, reply) => send.problem(error, request, reply),
  })
  // Whoever waits with a body is told to send it only when it is wanted.
  app.server.on('checkContinue', (request, response) => app.routing(request, response))
  limitSlowBodies(app, { wholeMs: 120_000, pauseMs: 120_000, lingerMs: 30_000, ...needs.patience })
  const { isClosing } = drainOnClose(app, needs.drainMs ?? 30_000)
  const callOf = makeCallOf(makeAddressOf(needs.trustedProxies), isClosing)
  const cors = makeCors(needs.corsDomains)
  const limits = makeRateLimits(needs.rateLimits)
  const health = makeHealth(needs.checks, (check, err) => log.warn({ check, err }, 'a readiness check fails'))
  const { sessionCookie } = needs.verifiers
  const own = httpRoutes({ ...needs, sessionCookie, health, contracts: () => app.contracts })
  const routes = [...needs.routes, ...own]
  app.decorate('contracts', Object.freeze(routes.map(({ contract }) => contract)))

  const send = makeSender({
    log,
    logRequest: makeRequestLog(needs),
    callOf,
    cors,
    fixedHeaders,
    siteAddress: needs.siteAddress,
    dialects,
    ...(needs.onRefused && { onRefused: needs.onRefused }),
  })

  app.decorateRequest('call', null)
  app.setErrorHandler(send.problem)
  const isForPrograms = apiRoots(app.contracts)
  app.setNotFoundHandler((request, reply) => {
    const { lostPage } = needs
    if (!lostPage || !looksForPage(request) || isForPrograms(request.url))
      return send.problem(notFound(), request, reply)
    return lostPage().then(
      ({ parts }) => {
        const headers = { ...parts.headers, 'content-type': parts.type ?? 'text/html' }
        send.reply(reply, callOf(request, reply.raw), undefined, { status: 404, headers, payload: String(parts.body) })
      },
      () => send.problem(notFound(), request, reply),
    )
  })
  registerBodies(app)
  const { verifiers, changer, siteAddress, awaitRun } = needs
  for (const route of routes) serve(app, route, { verifiers, siteAddress, changer, limits, callOf, send, awaitRun })
  refuseOtherMethods(app, routes, { cors, callOf, send })
  return app
}

/** An address of a dialect as its contracts spell it. */
function respelt(url: string, dialects: readonly Dialect[]): string {
  for (const { prefixes = [], rewrite } of dialects) {
    if (!rewrite || !prefixes.some((prefix) => url.startsWith(prefix))) continue
    const end = url.indexOf('?')
    return end < 0 ? rewrite(url) : rewrite(url.slice(0, end)) + url.slice(end)
  }
  return url
}

/** A browser that goes somewhere, as against a program or a script that fetches. */
const looksForPage = ({ method, headers }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && String(headers.accept ?? '').includes('text/html')

/** Whether an address lies below one of the API's, where problem documents are expected whoever asks. */
function apiRoots(contracts: readonly Endpoint[]): (url: string) => boolean {
  const rootOf = (url: string): string => url.split(/[/?]/, 2)[1] ?? ''
  const served = contracts.filter(({ media }) => !media?.includes('text/html'))
  const roots = new Set(served.map(({ path }) => rootOf(path)))
  return (url) => roots.has(rootOf(url))
}
