/**
 * The address as a path of this very site; anything else becomes the start page. What stands behind `?to=` may come from
 * anybody, and must not lead people who have just signed in to somebody else's page.
 */
export function sameSitePath(to: string): string {
  // Browsers read a backslash as a slash and skip control characters, so that `/\evil` and `/⇥/evil` lead elsewhere.
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(to)) return '/'
  const { origin, pathname, search, hash } = new URL(to, here)
  if (origin !== here || pathname.startsWith('//') || pathname === '/sign-in') return '/'
  return pathname + search + hash
}

/** Stands for this site, whatever its name. */
const here = 'https://here.invalid'
