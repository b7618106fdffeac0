import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { findTokens, type TokenFilter, type TokenRow } from './store.ts'

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
