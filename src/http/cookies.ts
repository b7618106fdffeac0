/** The value of one cookie; null when it is absent. The first one counts: it has the longest path (RFC 6265 §5.4). */
export function cookieOf(header: string | undefined, name: string): string | null {
  if (header === undefined) return null
  for (const pair of header.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
