import type { Pool } from 'pg'
import type { Role } from '#src/access/permissions.ts'

export interface NamedAccount {
  readonly id: string
  readonly user_name: string
  readonly kind: 'person' | 'service'
  readonly role: Role
  readonly state: 'active' | 'disabled'
}

const statement = {
  name: 'account-by-user-name',
  text: 'select id, user_name, kind, role, state from accounts where lower(user_name) = lower($1)',
}

/**
 * The account of that name, in any case; null when there is none. Asked anew for every request that somebody else vouches
 * for: what disables an account or changes its role holds from the next request on.
 */
export async function findByUserName(pool: Pool, userName: string): Promise<NamedAccount | null> {
  const { rows } = await pool.query<NamedAccount>({ ...statement, values: [userName] })
  return rows[0] ?? null
}
