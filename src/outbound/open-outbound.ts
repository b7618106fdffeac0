import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import { Problem } from '#src/problem/problem.ts'
import { type Fetched, type FetchOptions, fetchGuarded } from './fetch-guarded.ts'
import { reachable } from './networks.ts'
import { addressRefused } from './problems.ts'
import { type SignedMessage, sendSigned } from './send-signed.ts'

/** The one way by which the product calls addresses that people gave it. */
export interface Outbound {
  /** The address, if it may be asked for as far as can be told without a look-up; else a problem. */
  check(url: string): URL
  /** Fetches a document; follows redirects, each as guarded as the first. */
  fetch(url: string, options: FetchOptions): Promise<Fetched>
  /** Posts a signed webhook; follows nothing. Resolves when the other side has accepted it, throws a problem when not. */
  send(message: SignedMessage): Promise<void>
  close(): Promise<void>
}

interface OutboundNeeds {
  /** Networks that may be reached although they are not public. */
  readonly allowedNetworks: readonly string[]
  /** Sent as User-Agent. */
  readonly agent: string
  /** Default: the system's. */
  readonly lookup?: typeof dns.lookup
}

/** A connection to an address that may not be reached was about to be used. */
class Refused extends Error {
  readonly code = 'ADDRESS_REFUSED'
}

/**
 * No address is reached that is not public or allowed: a name counts by what it resolves to, and what the socket is
 * really connected to is looked at again, so that a name which resolves differently the second time gains nothing.
 */
export function openOutbound({ allowedNetworks, agent, lookup = dns.lookup }: OutboundNeeds): Outbound {
  const mayReach = reachable(allowedNetworks)

  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const open = addresses.filter(({ address }) => mayReach(address))
      if (open.length === 0) return callback(new Refused(), '', 0)
      if (options.all) return callback(null, open)
      callback(null, open[0]!.address, open[0]!.family)
    })
  }
  const connector = buildConnector({ timeout: 10_000, lookup: guardedLookup, maxCachedSessions: 0 })
  const connect: buildConnector.connector = (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    // A numeric address is connected to without a look-up.
    if (isIP(host) && !mayReach(host)) return callback(new Refused(), null)
    connector(options, (...[error, socket]) => {
      if (error) return callback(error, null)
      if (mayReach(socket.remoteAddress ?? '')) return callback(null, socket)
      socket.destroy()
      callback(new Refused(), null)
    })
  }
  const dispatcher: Dispatcher = new Agent({
    connect,
    // A connection is asked about when it is made, so none is kept for longer than it takes to follow a redirect.
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 1000,
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
    maxHeaderSize: 16_384,
  })

  function check(text: string): URL {
    const url = URL.canParse(text) ? new URL(text) : null
    if (!url || !/^https?:$/.test(url.protocol))
      throw addressRefused({ detail: 'The address does not begin with http:// or https://.' })
    if (url.username !== '' || url.password !== '')
      throw addressRefused({ detail: 'The address has a user name or password in it.' })
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (isIP(host) && !mayReach(host)) throw addressRefused({ detail: `${host} is not a public address.` })
    return url
  }

  const call = { dispatcher, agent, check }
  return {
    check,
    fetch: (url, options) => fetchGuarded(call, url, options),
    send: (message) => sendSigned(call, message),
    close: () => dispatcher.destroy(),
  }
}

/** What calls need of the guard. */
export interface Guard {
  readonly dispatcher: Dispatcher
  readonly agent: string
  check(url: string): URL
}

/** Whether the guard itself said no; then no retry helps. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Problem
    ? error.code === addressRefused.code
    : (error as { code?: string })?.code === 'ADDRESS_REFUSED'
