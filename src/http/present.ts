import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Endpoint } from './endpoint.ts'
import { matches } from './etag.ts'
import { setRateHeaders } from './rate-limit.ts'
import type { Call } from './request.ts'
import { Response, type ResponseParts } from './respond.ts'

/** A reply in the form in which it leaves. */
export interface Ready {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly payload: string | Uint8Array | Readable | null
}

/** A handler returned what its contract does not promise: our mistake, so the caller gets a 500. */
export class BrokenPromise extends Error {
  constructor(contract: Endpoint, what: string, cause?: unknown) {
    super(`${contract.id} ${what}`, { cause })
    this.name = 'BrokenPromise'
  }
}

const nothing: Ready['headers'] = {}
const json = 'application/json; charset=utf-8'

/** Turns what a handler returned into a reply. The reply schema is the presenter: what it does not name cannot leak. */
export function presenter(contract: Endpoint): (answer: unknown) => Ready {
  const { reply, media, status = 200 } = contract
  const show = (body: unknown): string => {
    if (!reply) throw new BrokenPromise(contract, 'replies with an object but promises no shape')
    const shown = reply.safeParse(body)
    if (!shown.success) throw new BrokenPromise(contract, 'replies otherwise than it promises', shown.error.issues)
    return JSON.stringify(shown.data)
  }
  const plain = { 'content-type': json }
  return (answer) => {
    if (!(answer instanceof Response)) {
      if (answer !== undefined) return { status, headers: plain, payload: show(answer) }
      return { status: contract.status ?? 204, headers: nothing, payload: null }
    }
    const { parts } = answer as Response
    const headers: Record<string, string | readonly string[]> = { ...parts.headers }
    if (parts.etag !== undefined) headers.etag = `"${parts.etag}"`
    const payload = payloadOf(parts, show)
    if (payload !== null)
      headers['content-type'] =
        parts.type ?? (reply && typeof parts.body !== 'string' && !parts.stream ? json : withCharset(media?.[0]))
    return { status: parts.status ?? (payload === null ? (contract.status ?? 204) : status), headers, payload }
  }
}

const withCharset = (type = 'application/octet-stream'): string =>
  /^text\/|json$/.test(type) ? `${type}; charset=utf-8` : type

function payloadOf(parts: ResponseParts<unknown>, show: (body: unknown) => string): Ready['payload'] {
  if (parts.stream) return parts.stream instanceof Readable ? parts.stream : Readable.fromWeb(parts.stream)
  if (parts.body === undefined) return null
  if (parts.body instanceof Uint8Array) return parts.body
  // With a media type of its own, text is already what is to be sent.
  if (typeof parts.body === 'string' && parts.type !== undefined) return parts.body
  return show(parts.body)
}

/** What is known only once the request has walked through. */
export function setLateHeaders(reply: FastifyReply, call: Call): void {
  setRateHeaders(reply, call)
  if (call.isLast()) reply.header('connection', 'close')
}

/** Sends a reply: 304 when the caller already has it, no body to HEAD. */
export function sendReady(reply: FastifyReply, call: Call, ready: Ready): void {
  const { method } = call.raw
  const etag = ready.headers.etag
  setLateHeaders(reply, call)
  reply.headers(ready.headers as Record<string, string>)
  if (etag !== undefined) {
    if (ready.headers['cache-control'] === undefined) reply.header('cache-control', 'private, no-cache')
    if (ready.headers.vary === undefined) reply.header('vary', 'Authorization, Cookie, Accept, Origin')
    const known = call.headers['if-none-match']
    if (
      known !== undefined &&
      (method === 'GET' || method === 'HEAD') &&
      (ready.status === 200 || ready.status === 204) &&
      matches(known, String(etag))
    ) {
      discard(ready.payload)
      reply.removeHeader('content-type')
      reply.code(304).send()
      return
    }
  }
  reply.code(ready.status)
  if (method === 'HEAD' && ready.payload instanceof Readable) {
    discard(ready.payload)
    reply.send()
  } else if (ready.payload instanceof Readable) {
    // Fastify breaks the connection off, so that half an answer never looks whole; why it did is for the log.
    ready.payload.once('error', (err) => reply.log.error({ request: call.id, err }, 'a streamed reply broke off'))
    reply.send(ready.payload)
  } else if (ready.payload instanceof Uint8Array)
    reply.send(Buffer.from(ready.payload.buffer, ready.payload.byteOffset, ready.payload.byteLength))
  else reply.send(ready.payload ?? undefined)
}

const discard = (payload: Ready['payload']): void => {
  if (payload instanceof Readable) payload.on('error', () => {}).destroy()
}
