/** Names and texts of the two cookies that sign-in sets. */
export interface SessionCookies {
  readonly session: string
  /** Tells a browser that has signed in before from a stranger; opens nothing. */
  readonly device: string
  /** `Set-Cookie` values of a new session, and of the browser that signed in. */
  set(signedIn: { secret: string; device?: string; seconds: number }): string[]
  /** `Set-Cookie` value that forgets the session. */
  clear(): string
}

const deviceSeconds = 365 * 24 * 3600

/**
 * Over https the names begin with `__Host-`, so that no other host and no plain connection can plant one. Browsers refuse
 * that prefix over http, where the plain name must do.
 */
export function sessionCookies(siteAddress: string): SessionCookies {
  const secure = siteAddress.startsWith('https:')
  const session = secure ? '__Host-tessera' : 'tessera'
  const device = `${session}-device`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    session,
    device,
    set: (signedIn) => [
      `${session}=${signedIn.secret}; Max-Age=${signedIn.seconds}; ${attributes}`,
      ...(signedIn.device ? [`${device}=${signedIn.device}; Max-Age=${deviceSeconds}; ${attributes}`] : []),
    ],
    clear: () => `${session}=; Max-Age=0; ${attributes}`,
  }
}
