import { anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { type Role, roles } from '#src/access/permissions.ts'
import type { AccountsNeeds } from './needs.ts'
import { liveAt } from './needs.ts'
import { hashSecret, isSecretShaped } from './secrets.ts'

const grantsOf = Object.fromEntries(roles.map((role) => [role, Grants.ofRole(role)])) as Record<Role, Grants>

/** How old the note of the last use may grow before a request renews it. */
const seenEveryMs = 60_000

const statement = {
  name: 'verify-session',
  text: `
    with live as (
      select s.id, s.account_id, s.last_seen_at, a.user_name, a.role
      from sessions s join accounts a on a.id = s.account_id
      where s.secret_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and a.state = 'active'
    ), seen as (
      update sessions set last_seen_at = $2 where id = (select id from live where last_seen_at < $4) and last_seen_at < $4
    )
    select id, account_id, user_name, role from live`,
}

/**
 * Who a session's cookie speaks for; null when it speaks for nobody. Asked anew for every request, by one statement and
 * without a cache: what ends a session, disables an account or changes a role holds from the next request on.
 */
export async function verifySession(
  needs: Pick<AccountsNeeds, 'pool' | 'clock' | 'policy'>,
  secret: string,
): Promise<Caller | null> {
  if (!isSecretShaped(secret)) return null
  const { now, idleSince } = liveAt(needs)
  const { rows } = await needs.pool.query<{ id: string; account_id: string; user_name: string; role: Role }>({
    ...statement,
    values: [hashSecret(secret), now, idleSince, new Date(now.getTime() - seenEveryMs)],
  })
  const row = rows[0]
  if (!row) return null
  return {
    ...anonymous,
    via: 'session',
    accountId: row.account_id,
    accountName: row.user_name,
    role: row.role,
    sessionId: row.id,
    grants: grantsOf[row.role],
  }
}
