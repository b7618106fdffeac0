import type { z } from 'zod'
import type * as contract from './contract.ts'
import type { Account, Session } from './store.ts'

const iso = (time: Date | null): string | null => time?.toISOString() ?? null

/** An account as replies show it. */
export const presentAccount = (account: Account): z.input<typeof contract.Account> => ({
  ...account,
  password_changed_at: iso(account.password_changed_at),
  last_signed_in_at: iso(account.last_signed_in_at),
  created_at: account.created_at.toISOString(),
  updated_at: account.updated_at.toISOString(),
  disabled_at: iso(account.disabled_at),
})

/** A session as replies show it to whoever sent the request with the session `currentId`. */
export const presentSession = (
  { id, address, client, ...session }: Session,
  currentId: string | null,
): z.input<typeof contract.Session> => ({
  id,
  address,
  client,
  current: id === currentId,
  created_at: session.created_at.toISOString(),
  authenticated_at: session.authenticated_at.toISOString(),
  last_seen_at: session.last_seen_at.toISOString(),
  expires_at: session.expires_at.toISOString(),
})
