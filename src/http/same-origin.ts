import type { IncomingMessage } from 'node:http'
import { crossSite } from './problems.ts'

type Incoming = Pick<IncomingMessage, 'headers' | 'method'>

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Where a request comes from, as far as browsers tell. A page elsewhere can make a browser send our cookie, but not
 * forge `Sec-Fetch-Site` or `Origin`, nor send a header of its own without a preflight, which we grant no cookies.
 */
export function isSameOrigin(raw: Incoming, siteAddress: string | null = null): boolean | 'unknown' {
  const { 'sec-fetch-site': site, origin, host } = raw.headers
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && isSafe(raw))
  if (origin === undefined) return 'unknown'
  // Behind a proxy the Host may be an inner name; the public address is ours as well.
  return URL.canParse(origin) && (new URL(origin).host === host || new URL(origin).origin === originOf(siteAddress))
}

const originOf = (address: string | null): string | null => (address === null ? null : new URL(address).origin)

/** May the session cookie speak for this request? Unsafe methods ask for proof that our own page sent it. */
export function acceptsCookie(raw: Incoming, siteAddress: string | null): boolean {
  const sameOrigin = isSameOrigin(raw, siteAddress)
  if (sameOrigin !== 'unknown') return sameOrigin
  return isSafe(raw) || raw.headers['x-requested-with'] !== undefined
}

export const isSafe = (raw: Incoming): boolean => safeMethods.has(raw.method ?? '')

export const refuseCrossSite = () =>
  crossSite({
    detail: 'The request carries a session cookie, but nothing shows that one of our own pages sent it.',
    hint: 'Programs use an API token. With a cookie, send the Origin of this site or a header X-Requested-With.',
  })
