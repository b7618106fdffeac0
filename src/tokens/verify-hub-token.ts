import { verify as isSignedBy, type KeyObject } from 'node:crypto'
import type pg from 'pg'
import { z } from 'zod'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { findByUserName } from '#src/accounts/find-by-user-name.ts'
import type { ShownFrom } from '#src/http/authenticate.ts'
import { inTime, unanswered } from './load-evidence.ts'
import { effectiveGrants } from './verify-token.ts'

/** Why a hub's token was refused: for the audit trail, never for the caller. */
export type HubRefusalReason =
  | 'jwt_too_big'
  | 'jwt_malformed'
  | 'jwt_header'
  | 'jwt_signature'
  | 'jwt_claims'
  | 'jwt_audience'
  | 'jwt_expired'
  | 'jwt_not_yet'
  | 'jwt_long_lived'
  | 'jwt_no_person'
  | 'account_disabled'

export interface RefusedHubToken {
  readonly reason: HubRefusalReason
  readonly accountId: string | null
  readonly accountName: string | null
  readonly from: ShownFrom
}

export interface HubVerifierNeeds {
  readonly pool: pg.Pool
  readonly key: KeyObject
  /** Whom a token must be meant for, if it says: [general] site_address. */
  readonly siteAddress: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Hears of every refusal. Must be cheap. */
  readonly onRefused: (refused: RefusedHubToken) => void
}

/** Of the text, in characters. */
const longest = 8192
const leewaySeconds = 30
const longestLifeSeconds = 3600
/** What a notebook needs, and no more: nobody chose grants for such a token. */
const grants = ['warehouse:read', 'warehouse:raw']

/**
 * What a header may say. The algorithm is ours to choose, and so is the key: a header that brings its own (`jwk`, `jku`,
 * `x5c`), or asks for anything else (`crit`), is refused as it stands.
 */
const Header = z.strictObject({
  alg: z.literal('RS256'),
  typ: z.string().regex(/^JWT$/i).optional(),
  kid: z.string().optional(),
})

const Claims = z.object({
  // A user name as accounts have them. Postgres knows letters beyond ASCII whose small form is ASCII.
  sub: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  exp: z.number(),
  iat: z.number().optional(),
  nbf: z.number().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
})

/**
 * Verifies the JSON Web Tokens (RFC 7519) of a JupyterHub: RS256 under its public key, for a person by user name. Nothing is
 * remembered; Postgres is asked for each, and only once the signature is right. Throws `verification-unavailable` when it
 * can't be.
 */
export function makeHubTokenVerifier(needs: HubVerifierNeeds) {
  return async (text: string, from: ShownFrom): Promise<Caller | null> => {
    const refuse = (reason: HubRefusalReason, account?: { id: string; user_name: string }): null => {
      needs.onRefused({ reason, accountId: account?.id ?? null, accountName: account?.user_name ?? null, from })
      return null
    }
    const read = readHubToken(text, needs)
    if (typeof read === 'string') return refuse(read)
    const account = await inTime(findByUserName(needs.pool, read.userName)).catch((cause: unknown) => {
      throw unanswered(cause)
    })
    if (account === null || account.kind !== 'person') return refuse('jwt_no_person')
    if (account.state !== 'active') return refuse('account_disabled', account)
    return {
      ...anonymous,
      via: 'token',
      accountId: account.id,
      accountName: account.user_name,
      role: account.role,
      grants: effectiveGrants({ grants, role: account.role }),
    }
  }
}

type Read = { readonly userName: string } | HubRefusalReason

/** Whom the hub vouches for; or why that isn't to be believed. No claim is looked at before the signature is right. */
function readHubToken(text: string, { key, siteAddress, now }: HubVerifierNeeds): Read {
  if (text.length > longest) return 'jwt_too_big'
  const [header, claims, signature] = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/.exec(text)?.slice(1) ?? []
  if (header === undefined || claims === undefined || signature === undefined) return 'jwt_malformed'
  if (!Header.safeParse(jsonOf(header)).success) return 'jwt_header'
  const signed = Buffer.from(`${header}.${claims}`)
  if (!isSignedBy('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) return 'jwt_signature'
  const read = Claims.safeParse(jsonOf(claims))
  if (!read.success) return 'jwt_claims'
  const { sub, aud } = read.data
  // RFC 7519 §4.1.3: what is meant for others only must be refused. The hub may sign for other services too.
  if (aud !== undefined && ![aud].flat().some((meant) => meant.replace(/\/$/, '') === siteAddress))
    return 'jwt_audience'
  return wrongTime(read.data, now() / 1000) ?? { userName: sub }
}

function wrongTime({ exp, iat, nbf }: z.infer<typeof Claims>, at: number): HubRefusalReason | null {
  if (exp + leewaySeconds <= at) return 'jwt_expired'
  if (Math.max(nbf ?? at, iat ?? at) > at + leewaySeconds) return 'jwt_not_yet'
  // Nobody can take such a token back, so that it must end soon by itself.
  return exp - (iat ?? at) > longestLifeSeconds ? 'jwt_long_lived' : null
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
