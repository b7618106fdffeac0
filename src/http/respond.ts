import type { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'

export interface ResponseParts<Body> {
  /** Default: what the contract promises. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Goes through the contract's reply schema; a string or bytes when the contract promises media types instead. */
  readonly body?: Body
  readonly stream?: Readable | ReadableStream
  /** The media type. Default: `application/json`, or the first one that the contract promises. */
  readonly type?: string
  /** Opaque text naming the state that the reply shows; becomes `ETag` and answers `If-None-Match`. */
  readonly etag?: string
  /** A change found nothing to change, so that there is nothing to audit. */
  readonly unchanged?: true
}

/** A reply that says more than its body. */
export class Response<Body = unknown> {
  readonly parts: ResponseParts<Body>

  constructor(parts: ResponseParts<Body>) {
    this.parts = parts
  }
}

/** What a route returns when status, headers, a stream or an ETag matter; otherwise it returns the plain reply. */
export const respond = <Body = never>(parts: ResponseParts<Body>): Response<Body> => new Response(parts)
