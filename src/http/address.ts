import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Reads an address as proxies write it: with port, brackets or zone, IPv4 inside IPv6; null when it is none. */
function parse(text: string): Address | null {
  const bare = text
    .trim()
    .replace(/^\[([^\]]+)\](?::\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : null
}

function parseNetwork(text: string): [Address, number] {
  const [address = '', bits] = text.split('/')
  const network = ipaddr.process(address)
  return [network, bits === undefined ? (network.kind() === 'ipv4' ? 32 : 128) : Number(bits)]
}

/**
 * Who is really asking. `X-Forwarded-For` is read from the right and believed only as far as each hop is one of the
 * trusted proxies, so that a client cannot choose the address that limits, logs and the audit trail see.
 */
export function makeAddressOf(trustedProxies: readonly string[]): (raw: IncomingMessage) => string {
  const trusted = trustedProxies.map(parseNetwork)
  const isTrusted = (address: Address) =>
    trusted.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))
  return (raw) => {
    const peer = plain(raw.socket.remoteAddress ?? '')
    const forwarded = trusted.length === 0 ? undefined : raw.headers['x-forwarded-for']
    if (forwarded === undefined) return peer
    let address = parse(peer)
    if (!address || !isTrusted(address)) return peer
    const hops = (Array.isArray(forwarded) ? forwarded.join() : forwarded).split(',')
    for (const hop of hops.reverse()) {
      const next = parse(hop)
      if (!next) break
      address = next
      if (!isTrusted(next)) break
    }
    return address.toString()
  }
}

/** Sockets that listen on both families show IPv4 clients as `::ffff:192.0.2.1`. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address)

/** What a limit counts as one address: in IPv6 the /64 network, since one subscriber holds all of it. */
export function limitedAddress(address: string): string {
  if (!address.includes(':')) return address
  const parsed = parse(address)
  return parsed?.kind() === 'ipv6'
    ? (parsed as ipaddr.IPv6).parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')
    : address
}

/** Whether the address is this machine's own. */
export const isLoopback = (address: string): boolean => parse(address)?.range() === 'loopback'
