import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import type { TokenSort } from './contract.ts'
import { countTokens, findTokens, type TokenFilter, type TokenPage, type TokenRow } from './store.ts'

export interface ListAsk extends Omit<TokenFilter, 'accountId' | 'ids'> {
  readonly everyone: boolean
}

export interface Listed {
  readonly tokens: TokenRow[]
  /** All that match, on whatever page. */
  readonly total: number
}

/** The caller's own tokens; everyone's or another account's for admins. */
export async function listTokens(
  db: Database,
  caller: Caller,
  { everyone, ...filter }: ListAsk,
  page: TokenPage,
): Promise<Listed> {
  const own = filter.accountName?.toLowerCase() === caller.accountName?.toLowerCase()
  if (everyone || (filter.accountName !== undefined && !own)) {
    requirePermission(caller, 'tokens:admin')
    return find(db, filter, page)
  }
  if (caller.accountId === null) return { tokens: [], total: 0 }
  return find(db, { ...filter, accountId: caller.accountId }, page)
}

async function find(db: Database, filter: TokenFilter, page: TokenPage): Promise<Listed> {
  const [tokens, total] = await Promise.all([findTokens(db, filter, page), countTokens(db, filter, page.now)])
  return { tokens, total }
}

/** What a token is sorted by, which with its id names its place in the list. */
export function sortKeyOf(token: TokenRow, sort: TokenSort): Date | string | null {
  if (sort.endsWith('name')) return token.name
  if (sort.endsWith('expires')) return token.expires_at
  return sort.endsWith('last_used') ? token.last_used_at : token.created_at
}
