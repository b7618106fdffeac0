import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { accountCannotHoldTokens, tokenNotAlive, tokenNotFound } from './problems.ts'
import { lockToken, type TokenRow } from './store.ts'
import { isAlive } from './token-state.ts'

/** Whose tokens a caller may see and revoke: its own account's, or everyone's. Others' don't exist for it. */
export const mayManage = (caller: Caller, token: Pick<TokenRow, 'account_id'>): boolean =>
  token.account_id === caller.accountId || caller.grants.allows('tokens:admin')

/** The token, held against other changes until the change ends. */
export async function takeToken(change: Change, id: string): Promise<TokenRow> {
  const token = await lockToken(change.tx, id)
  if (!token || !mayManage(change.actor.caller, token)) throw tokenNotFound()
  return token
}

export async function takeLiveToken(change: Change, id: string, now: Date): Promise<TokenRow> {
  const token = await takeToken(change, id)
  if (!isAlive(token, now)) throw tokenNotAlive({ detail: token.revoked_at ? 'It was revoked.' : 'It has expired.' })
  return token
}

/** Whoever makes a token's successor sees its secret: admins therefore do it for service accounts, not for other people. */
export function requireMaySeeSecret({ via, accountId }: Caller, token: TokenRow): void {
  if (token.account_id === accountId || token.account_kind === 'service' || via === 'command') return
  throw accountCannotHoldTokens({
    detail: 'Nobody makes tokens for another person: who makes a token has seen its secret.',
    hint: 'Revoke it, and let its owner make a new one.',
  })
}
