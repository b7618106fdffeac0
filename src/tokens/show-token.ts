import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { mayManage } from './change-token.ts'
import { tokenNotFound } from './problems.ts'
import { findDays, findToken, findTokens, type TokenFilter, type TokenRow } from './store.ts'

/** A token of the caller's account; admins see everyone's. Others' don't exist. */
export async function showToken(db: Database, caller: Caller, id: string): Promise<TokenRow> {
  const token = await findToken(db, id)
  if (!token || !mayManage(caller, token)) throw tokenNotFound()
  return token
}

export interface ListAsk extends Omit<TokenFilter, 'accountId' | 'ids'> {
  readonly everyone: boolean
}

/** The caller's own tokens; everyone's or another account's for admins. */
export async function listTokens(
  db: Database,
  caller: Caller,
  { everyone, ...filter }: ListAsk,
  page: Parameters<typeof findTokens>[2],
): Promise<TokenRow[]> {
  const own = filter.accountName?.toLowerCase() === caller.accountName?.toLowerCase()
  if (everyone || (filter.accountName !== undefined && !own)) {
    requirePermission(caller, 'tokens:admin')
    return findTokens(db, filter, page)
  }
  if (caller.accountId === null) return []
  return findTokens(db, { ...filter, accountId: caller.accountId }, page)
}

const dayMs = 86_400_000

/** Uses per day (UTC) up to today, days without any as 0. */
export async function tokenUses(
  db: Database,
  id: string,
  days: number,
  now: Date,
): Promise<{ day: string; uses: number }[]> {
  const today = Math.floor(now.getTime() / dayMs)
  const wanted = Array.from({ length: days }, (_, i) =>
    new Date((today - days + 1 + i) * dayMs).toISOString().slice(0, 10),
  )
  const found = new Map((await findDays(db, id, wanted[0]!)).map(({ day, uses }) => [day, uses]))
  return wanted.map((day) => ({ day, uses: found.get(day) ?? 0 }))
}
