import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { type Actor, anonymous, type Caller } from '#src/access/caller.ts'
import type { Spent } from './rate-limit.ts'

/** What an act or a route may know of the request besides what was asked. */
export interface RequestFacts {
  readonly id: string
  /** The client's address, seen through trusted proxies. */
  readonly address: string
  /** The User-Agent, cut to 200 characters. */
  readonly client: string | null
  readonly headers: IncomingHttpHeaders
  /** Path and query as sent, for links; a foreign dialect's may hold a token, so it is never logged as it is. */
  readonly url: string
  /** Aborts when the client hangs up before the reply is complete. */
  readonly signal: AbortSignal
  /** Whether the server is closing, so that this is the connection's last reply: whoever holds one back sends it now. */
  readonly isLast: () => boolean
  /** The token that a client of a foreign dialect showed, wherever it stood; null without one. A secret. */
  shown(): string | null
}

/** One request on its way through the duties. */
export class Call implements RequestFacts {
  readonly id: string
  readonly address: string
  readonly raw: IncomingMessage
  /** Milliseconds of the monotonic clock. */
  readonly startedAt = performance.now()
  readonly #response: ServerResponse
  #continued = false
  #abort: AbortController | undefined
  #shown: string | null = null
  caller: Caller = anonymous
  /** Whether it has passed the door once. */
  admitted = false
  params: unknown
  /** What the rate limits say after this request. */
  spent: Spent | null = null

  readonly isLast: () => boolean

  constructor(id: string, address: string, raw: IncomingMessage, response: ServerResponse, isLast: () => boolean) {
    this.isLast = isLast
    this.id = id
    this.address = address
    this.raw = raw
    this.#response = response
  }

  showed(token: string): void {
    this.#shown = token
  }

  shown(): string | null {
    return this.#shown
  }

  /** Tells a client that waits with its body (`Expect: 100-continue`) to send it. */
  continueBody(): void {
    if (this.raw.headers.expect === undefined || this.#continued) return
    this.#continued = true
    this.#response.writeContinue()
  }

  /** Whether the client still keeps its body back. */
  get waitsWithBody(): boolean {
    return this.raw.headers.expect !== undefined && !this.#continued
  }

  get client(): string | null {
    return this.raw.headers['user-agent']?.slice(0, 200) ?? null
  }

  get headers(): IncomingHttpHeaders {
    return this.raw.headers
  }

  get url(): string {
    return this.raw.url ?? '/'
  }

  /** Made on demand: an AbortController for every request would cost more than checking its token. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      const abort = new AbortController()
      const response = this.#response
      if (response.destroyed) abort.abort()
      else response.once('close', () => response.writableFinished || abort.abort())
      this.#abort = abort
    }
    return this.#abort.signal
  }

  get actor(): Actor {
    return { caller: this.caller, requestId: this.id, address: this.address, client: this.client }
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    call: Call | null
  }
}

/** Makes the `Call` of a request the first time it is asked for. */
export type CallOf = (request: FastifyRequest, response: ServerResponse) => Call

export function makeCallOf(addressOf: (raw: IncomingMessage) => string, isClosing: () => boolean): CallOf {
  return (request, response) => {
    request.call ??= new Call(request.id, addressOf(request.raw), request.raw, response, isClosing)
    return request.call
  }
}
