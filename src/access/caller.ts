import { Grants } from './grants.ts'
import type { Role } from './permissions.ts'
import type { Verb } from './verbs.ts'

/** Who is asking. Travels with the request as an argument; there is no ambient "current user". */
export interface Caller {
  readonly via: 'anonymous' | 'session' | 'token' | 'command' | 'system'
  readonly accountId: string | null
  /** The account's user name, for row filters and the audit trail. */
  readonly accountName: string | null
  readonly role: Role | null
  /** The token's public id when `via` is `token`; null for a token that somebody else issued (a JupyterHub). */
  readonly tokenId: string | null
  /** The session's id when `via` is `session`. */
  readonly sessionId: string | null
  /** What this caller may do now: the token's grants cut down to the account's role. */
  readonly grants: Grants
}

export const anonymous: Caller = {
  via: 'anonymous',
  accountId: null,
  accountName: null,
  role: null,
  tokenId: null,
  sessionId: null,
  grants: Grants.none,
}

/** The person at the command line, or the product itself: may do everything, and the audit trail says so. */
export function localCaller(via: 'command' | 'system', name: string): Caller {
  return { ...anonymous, via, accountName: name, role: 'admin', grants: Grants.ofRole('admin') }
}

/** Who acted and from where, as the audit trail keeps it. */
export interface Actor {
  readonly caller: Caller
  readonly requestId: string | null
  readonly address: string | null
  /** The User-Agent, cut to 200 characters. */
  readonly client: string | null
}

export const actor = (caller: Caller): Actor => ({ caller, requestId: null, address: null, client: null })

/** One line for the audit trail, noted by an act inside its change. */
export interface AuditNote {
  readonly verb: Verb
  readonly subjectType: string
  readonly subjectId: string | null
  /** Facts worth keeping; never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>
}
