/** Where a link within a text may lead: to a page of the portal, to another site, or into the mail program. Null: nowhere. */
export function safeTarget(address: string): { readonly address: string; readonly isHere: boolean } | null {
  // A browser reads `/\` and `//` as another site, and passes over control characters.
  if (/^\/(?![/\\])[^\p{Cc}]*$/u.test(address)) return { address, isHere: true }
  if (!URL.canParse(address)) return null
  const { protocol, href } = new URL(address)
  return ['https:', 'http:', 'mailto:'].includes(protocol) ? { address: href, isHere: false } : null
}
