import ipaddr from 'ipaddr.js'

/** Says of an address whether we may talk to it. */
export type MayReach = (address: string) => boolean

/**
 * Public addresses may be reached, others (loopback, private, link-local, shared, documentation…) only within networks
 * that an administrator allowed. An IPv6 address that stands for an IPv4 one is judged as that one.
 */
export function reachable(allowedNetworks: readonly string[]): MayReach {
  const allowed = allowedNetworks.map((network) =>
    ipaddr.parseCIDR(
      network.includes('/') ? network : `${network}/${ipaddr.parse(network).kind() === 'ipv6' ? 128 : 32}`,
    ),
  )
  return (text) => {
    if (!ipaddr.isValid(text)) return false
    const address = meant(ipaddr.parse(text))
    if (address.range() === 'unicast') return true
    return allowed.some((network) => address.kind() === network[0].kind() && address.match(network))
  }
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** What `::ffff:10.0.0.1` (mapped) and `64:ff9b::10.0.0.1` (NAT64) lead to. */
function meant(address: Address): Address {
  if (address.kind() !== 'ipv6') return address
  const six = address as ipaddr.IPv6
  if (six.isIPv4MappedAddress()) return six.toIPv4Address()
  const range = six.range()
  if (range === 'rfc6052' || range === 'rfc6145') return ipaddr.fromByteArray(six.toByteArray().slice(12))
  return address
}
