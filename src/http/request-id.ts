import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const sane = /^[A-Za-z0-9._-]{8,64}$/

/** The caller's `X-Request-Id` when it is one, or our own: unique by a random start and a count. */
export function makeRequestIds(): (raw?: IncomingMessage) => string {
  const start = randomBytes(6).toString('hex')
  let count = 0
  return (raw) => {
    const given = raw?.headers['x-request-id']
    return typeof given === 'string' && sane.test(given) ? given : `${start}-${(count++).toString(36)}`
  }
}
