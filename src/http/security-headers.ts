/**
 * Fixed headers of every reply, errors included. Pages bring their own policy: whatever a route sets itself is kept.
 * The API needs no more than this; a header library would cost as much as the rest of the request.
 */
export function securityHeaders(siteAddress: string | null): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    // Promised only where the public address really is HTTPS: on plain HTTP browsers ignore it anyway.
    ...(siteAddress?.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
}
