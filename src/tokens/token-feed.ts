import type { Caller } from '#src/access/caller.ts'
import type { Change, Database } from '#src/database/change.ts'
import type { Peppers } from './peppers.ts'
import { accountCannotHoldTokens, feedNotFound } from './problems.ts'
import { deleteFeed, findFeed, findTokens, putFeed, type TokenRow } from './store.ts'
import { makeSecret, publicIdOf } from './token-format.ts'
import { isAlive } from './token-state.ts'

/** When the account's calendar got its present address; null without one. */
export async function showFeed(db: Database, caller: Caller): Promise<Date | null> {
  if (caller.accountId === null) return null
  return (await findFeed(db, { accountId: caller.accountId }))?.created_at ?? null
}

/** Gives the account's calendar a new secret address; the one before stops working. */
export async function renewFeed(
  { peppers, clock }: { peppers: Peppers; clock: { now(): Date } },
  change: Change,
): Promise<{ secret: string; created_at: Date }> {
  const accountId = accountOf(change)
  const { id, secret } = makeSecret('feed')
  const now = clock.now()
  await putFeed(change.tx, { id, accountId, sealed: peppers.seal(secret), now })
  change.note({ verb: 'token.feed_renewed', subjectType: 'account', subjectId: accountId, detail: { feed: id } })
  return { secret, created_at: now }
}

/** False when there was none. */
export async function endFeed(change: Change): Promise<boolean> {
  const accountId = accountOf(change)
  if (!(await deleteFeed(change.tx, accountId))) return false
  change.note({ verb: 'token.feed_ended', subjectType: 'account', subjectId: accountId })
  return true
}

/** The tokens that the calendar behind a secret address shows. */
export async function readFeed(
  { db, peppers, clock }: { db: Database; peppers: Peppers; clock: { now(): Date } },
  shown: string,
): Promise<TokenRow[]> {
  const secret = shown.replace(/\.ics$/, '')
  const id = publicIdOf(secret, 'feed')
  const feed = id === null ? null : await findFeed(db, { id })
  if (!feed || !peppers.matches(secret, { pepper: feed.pepper, hash: feed.secret_hash })) throw feedNotFound()
  const now = clock.now()
  const tokens = await findTokens(db, { accountId: feed.account_id }, { now, limit: 1000, after: null })
  return tokens.filter((token) => isAlive(token, now))
}

function accountOf({ actor }: Change): string {
  if (actor.caller.accountId === null) throw accountCannotHoldTokens({ detail: 'Only accounts have a calendar.' })
  return actor.caller.accountId
}
