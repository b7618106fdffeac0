import type { IncomingMessage } from 'node:http'

/**
 * Pages of the listed origins may call the API with a token. Never with cookies: no reply ever carries
 * `Access-Control-Allow-Credentials`, and a session cookie from another origin is not looked at.
 */
export interface Cors {
  headersFor(raw: IncomingMessage): Readonly<Record<string, string>> | null
  preflightFor(raw: IncomingMessage, methods: string): Readonly<Record<string, string>> | null
}

const requestHeaders =
  'Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key, X-Request-Id, X-Dataverse-key, Range'
const replyHeaders =
  'ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, WWW-Authenticate, X-Request-Id, Idempotency-Replayed, Content-Disposition, Content-Encoding, Accept-Ranges, Content-Range'

export function makeCors(domains: readonly string[]): Cors {
  const allowed = new Set(domains)
  const originOf = (raw: IncomingMessage): string | null => {
    const { origin } = raw.headers
    return origin !== undefined && allowed.has(origin) ? origin : null
  }
  return {
    headersFor(raw) {
      const origin = originOf(raw)
      if (allowed.size === 0) return null
      return origin === null
        ? { vary: 'Origin' }
        : {
            vary: 'Origin',
            'access-control-allow-origin': origin,
            'access-control-expose-headers': replyHeaders,
          }
    },
    preflightFor(raw, methods) {
      const origin = originOf(raw)
      if (origin === null || raw.headers['access-control-request-method'] === undefined) return null
      return {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': methods,
        'access-control-allow-headers': requestHeaders,
        'access-control-max-age': '600',
      }
    },
  }
}
