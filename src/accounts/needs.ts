import type { Pool } from 'pg'
import type { RefusalLog } from '#src/audit/refusals.ts'
import type { Changer, Database } from '#src/database/change.ts'
import type { Announce } from '#src/database/lease.ts'
import type { PasswordHasher } from './password-hash.ts'

/** The section `[sign_in]` of the settings. */
export interface SignInPolicy {
  readonly sessionIdleMinutes: number
  readonly sessionLifetimeHours: number
  readonly lockoutFailures: number
  readonly lockoutMinutes: number
  readonly passwordMinimumLength: number
}

/** Everything that acts on accounts need; each takes the part it uses. */
export interface AccountsNeeds {
  readonly db: Database
  /** For the one named statement that every request with a session sends. */
  readonly pool: Pool
  /** For acts that hash a password and must not hold a connection meanwhile. */
  readonly change: Changer
  readonly announce: Announce
  readonly passwords: PasswordHasher
  readonly refusals: Pick<RefusalLog, 'refused'>
  readonly policy: SignInPolicy
  /** `address` without closing slash. */
  readonly site: { readonly address: string; readonly title: string }
  readonly clock: { now(): Date }
}

const minuteMs = 60_000

/** Which sessions are alive now. */
export function liveAt({ clock, policy }: Pick<AccountsNeeds, 'clock' | 'policy'>): { now: Date; idleSince: Date } {
  const now = clock.now()
  return { now, idleSince: new Date(now.getTime() - policy.sessionIdleMinutes * minuteMs) }
}
