import type { Change } from '#src/database/change.ts'
import type { Announce } from '#src/database/lease.ts'
import { takeToken } from './change-token.ts'
import { tokensChanged } from './problems.ts'
import { lockTokens, markRevoked, type TokenFilter } from './store.ts'

export interface RevokeNeeds {
  readonly announce: Announce
  readonly clock: { now(): Date }
}

/** Stops a token for good. When this has returned, no process accepts it. False when it had been revoked before. */
export async function revokeToken(
  needs: RevokeNeeds,
  change: Change,
  ask: { id: string; reason?: string | undefined },
): Promise<boolean> {
  const token = await takeToken(change, ask.id)
  if (token.revoked_at !== null) return false
  const named = { id: token.id, name: token.name, account_name: token.account_name }
  await revokeAll(needs, change, { tokens: [named], reason: ask.reason ?? 'revoked' })
  return true
}

/** Stops every token that the filter finds; with `dryRun` only counts them. Where so many were `expected`, no other number is. */
export async function revokeTokens(
  needs: RevokeNeeds,
  change: Change,
  ask: { filter: TokenFilter; reason: string; dryRun: boolean; expected?: number | undefined },
): Promise<number> {
  const tokens = await lockTokens(change.tx, ask.filter, needs.clock.now())
  if (ask.expected !== undefined && ask.expected !== tokens.length) {
    throw tokensChanged({ detail: `${ask.expected} tokens were expected; ${tokens.length} are found now.` })
  }
  if (!ask.dryRun && tokens.length > 0) await revokeAll(needs, change, { tokens, reason: ask.reason })
  return tokens.length
}

export interface NamedToken {
  readonly id: string
  readonly name: string
  readonly account_name: string
}

/** Revokes, notes and announces; the tokens are held by the change. */
export async function revokeAll(
  { announce, clock }: RevokeNeeds,
  change: Change,
  {
    tokens,
    reason,
    verb = 'token.revoked',
  }: { tokens: readonly NamedToken[]; reason: string; verb?: 'token.revoked' | 'token.leaked' },
): Promise<void> {
  const revoked = new Set(
    await markRevoked(
      change.tx,
      tokens.map((token) => token.id),
      reason,
      clock.now(),
    ),
  )
  for (const { id, name, account_name } of tokens.filter((token) => revoked.has(token.id)))
    change.note({ verb, subjectType: 'token', subjectId: id, detail: { account: account_name, name, reason } })
  await announce(
    change,
    [...revoked].map((id) => `token:${id}` as const),
  )
}
