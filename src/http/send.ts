import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#src/access/caller.ts'
import type { Problem } from '#src/problem/problem.ts'
import type { Cors } from './cors.ts'
import type { Dialect } from './dialect.ts'
import type { Endpoint } from './endpoint.ts'
import { matches } from './etag.ts'
import type { Logger } from './log.ts'
import type { Ready } from './present.ts'
import { internalError } from './problems.ts'
import { setRateHeaders } from './rate-limit.ts'
import { type ProblemFacts, type RenderedProblem, renderProblem, toProblem } from './render-problem.ts'
import type { Call, CallOf } from './request.ts'
import type { LogRequest } from './request-log.ts'

export interface SenderNeeds {
  readonly log: Logger
  readonly logRequest: LogRequest
  readonly callOf: CallOf
  readonly cors: Cors
  readonly fixedHeaders: Readonly<Record<string, string>>
  /** Whose clients may ask for addresses that nobody serves. */
  readonly dialects: readonly Dialect[]
  readonly siteAddress: string | null
  onRefused?(reason: string, actor: Actor): void
}

export interface Sender {
  /** Sends a reply: 304 when the caller already has it, no body to HEAD. */
  reply(reply: FastifyReply, call: Call, contract: Endpoint | undefined, ready: Ready): void
  /** Sends whatever was thrown as a problem, in the words of whoever asked. */
  problem(error: unknown, request: FastifyRequest, reply: FastifyReply): void
}

/** The one way out: every reply goes through here, and gets the headers that every reply has. */
export function makeSender(needs: SenderNeeds): Sender {
  const { log, logRequest, callOf, cors, fixedHeaders } = needs

  const stamp = (reply: FastifyReply, call: Call): void => {
    reply.headers(fixedHeaders).header('x-request-id', call.id)
    setRateHeaders(reply, call)
    // Who was not told to go on may send the body or not: what comes next on the connection cannot be known.
    if (call.isLast() || call.waitsWithBody) reply.header('connection', 'close')
    const granted = cors.headersFor(call.raw)
    if (granted) reply.headers(granted)
  }

  return {
    reply(reply, call, contract, ready) {
      stamp(reply, call)
      reply.headers(ready.headers as Record<string, string>)
      const { payload } = ready
      if (ready.headers.etag !== undefined && isKnown(reply, call, ready)) {
        discard(payload)
        reply.removeHeader('content-type').code(304).send()
      } else if (payload instanceof Readable && call.raw.method !== 'HEAD') {
        sendStream(reply.code(ready.status), call, payload, log)
        reply.raw.once('close', () => logRequest(call, contract, reply.statusCode, reply.raw.writableFinished))
        return
      } else {
        discard(payload)
        reply.code(ready.status).send(payload instanceof Readable ? undefined : bytesOf(payload))
      }
      logRequest(call, contract, reply.statusCode, true)
    },

    problem(error, request, reply) {
      const call = callOf(request, reply.raw)
      const problem = toProblem(error, request.routeOptions.bodyLimit)
      const { contract } = request.routeOptions.config as { contract?: Endpoint }
      const dialect = contract ? contract.dialect : needs.dialects.find((one) => speaks(one, call.url))
      const rendered = renderSafely(
        problem,
        dialect,
        { requestId: call.id, method: request.method, url: call.url, site: needs.siteAddress, caller: call.caller },
        log,
      )
      if (rendered.status >= 500) {
        const err = problem.details.cause ?? problem
        // Who has hung up made the work stop; that is no failure of ours.
        const level = reply.raw.destroyed ? 'debug' : 'error'
        log[level]({ request: call.id, endpoint: contract?.id, err }, 'a request failed')
      }
      if (problem.kind === 'forbidden') needs.onRefused?.(problem.code, call.actor)
      // A stream that fails before its first byte leaves the headers of a reply that never was.
      for (const name of Object.keys(reply.getHeaders())) reply.removeHeader(name)
      stamp(reply, call)
      reply.code(rendered.status).headers(rendered.headers).send(rendered.body)
      logRequest(call, contract, rendered.status, true)
    },
  }
}

/** The last resort must hold: a foreign tongue that fails to say what is wrong is no reason to say nothing. */
function renderSafely(
  problem: Problem,
  dialect: Dialect | undefined,
  facts: ProblemFacts,
  log: Logger,
): RenderedProblem {
  try {
    return renderProblem(problem, dialect, facts)
  } catch (err) {
    log.error({ request: facts.requestId, err }, `a problem could not be told to a client of ${dialect?.name}`)
    return renderProblem(internalError(), undefined, facts)
  }
}

/** Answers `If-None-Match`; a reply with a tag may be kept by its reader, who asks whether it still holds. */
function isKnown(reply: FastifyReply, call: Call, { headers, status }: Ready): boolean {
  if (headers['cache-control'] === undefined) reply.header('cache-control', 'private, no-cache')
  if (headers.vary === undefined) reply.header('vary', 'Authorization, Cookie, Accept, Origin')
  const { method } = call.raw
  const known = call.headers['if-none-match']
  if (known === undefined || (method !== 'GET' && method !== 'HEAD')) return false
  return (status === 200 || status === 204) && matches(known, String(headers.etag))
}

/** Fastify breaks the connection off when the stream fails, so that half an answer never looks whole. */
function sendStream(reply: FastifyReply, call: Call, stream: Readable, log: Logger): void {
  stream.once('error', (err) => {
    if (reply.raw.headersSent) log.error({ request: call.id, err }, 'a streamed reply broke off')
  })
  reply.send(stream)
}

const bytesOf = (payload: string | Uint8Array | null): string | Buffer | undefined =>
  payload instanceof Uint8Array
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    : (payload ?? undefined)

const discard = (payload: Ready['payload']): void => {
  if (payload instanceof Readable) payload.on('error', () => undefined).destroy()
}

const speaks = ({ prefixes = [] }: Dialect, url: string): boolean => prefixes.some((prefix) => url.startsWith(prefix))
