import { Readable } from 'node:stream'
import type { Endpoint } from './endpoint.ts'
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
