import { Grants } from '#src/access/grants.ts'
import type { Change, Tx } from '#src/database/change.ts'
import type { Announce } from '#src/database/lease.ts'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { requireMaySeeSecret, takeLiveToken, takeToken } from './change-token.ts'
import { chooseExpiry, type ExpiryAsk } from './choose-expiry.ts'
import { chooseGrants } from './choose-grants.ts'
import {
  endOfMaker,
  type Issued,
  type IssueNeeds,
  requireAlive,
  requirePersonalTokens,
  writeToken,
} from './issue-token.ts'
import { accountCannotHoldTokens, tokenAlreadyRotated } from './problems.ts'
import { findToken, lockHolder, markRevoked, type TokenRow, updateToken } from './store.ts'
import { isAlive } from './token-state.ts'

export interface RotateNeeds extends IssueNeeds {
  readonly announce: Announce
}

/**
 * Gives a token a successor of the same name and rights, and lets the old one work on until the overlap ends (0: it stops
 * at once). Asking twice makes no second successor, so a repeated request cannot kill the first one's answer.
 */
export async function rotateToken(
  needs: RotateNeeds,
  change: Change,
  ask: ExpiryAsk & { id: string; overlapSeconds: number },
): Promise<Issued> {
  const now = needs.clock.now()
  const old = await takeLiveToken(change, ask.id, now)
  if (ask.overlapSeconds === 0) await markRevoked(change.tx, [old.id], 'rotated', now)
  else await updateToken(change.tx, old.id, { closes_at: endOfOverlap(old, now, ask.overlapSeconds) })
  const issued = await succeed(needs, change, { old, ask, now, verb: 'token.rotated' })
  await needs.announce(change, `token:${old.id}`)
  return issued
}

/** A token that is being replaced already keeps its end: nothing gives a token more time. */
function endOfOverlap({ closes_at }: TokenRow, now: Date, seconds: number): Date {
  const end = new Date(now.getTime() + seconds * 1000)
  return closes_at !== null && closes_at < end ? closes_at : end
}

/** Makes a token anew, with the same name and no more rights, when it leaked or has expired. The old one stops at once. */
export async function recreateToken(
  needs: RotateNeeds,
  change: Change,
  ask: ExpiryAsk & { id: string },
): Promise<Issued> {
  const now = needs.clock.now()
  const old = await takeToken(change, ask.id)
  await markRevoked(change.tx, [old.id], 'recreated', now)
  const issued = await succeed(needs, change, { old, ask, now, verb: 'token.recreated' })
  await needs.announce(change, `token:${old.id}`)
  return issued
}

interface Succession {
  readonly old: TokenRow
  readonly ask: ExpiryAsk
  readonly now: Date
  readonly verb: 'token.rotated' | 'token.recreated'
}

async function succeed(needs: RotateNeeds, change: Change, { old, ask, now, verb }: Succession): Promise<Issued> {
  const { caller } = change.actor
  requireMaySeeSecret(caller, old)
  await refuseSecondSuccessor(change.tx, old, now)
  const holder = requireAlive(await lockHolder(change.tx, { id: old.account_id }))
  if (holder.kind === 'person' && caller.via !== 'command') requirePersonalTokens(needs.policy)
  const noLaterThan = await endOfMaker(change, old)
  const chosen = ask.expires_at !== undefined || ask.expires_in_days !== undefined
  return writeToken(needs, change, {
    holder,
    name: old.name,
    description: old.description,
    grants: successorGrants(change, old, holder.role),
    expires_at: chosen
      ? chooseExpiry(needs.policy, ask, { now, noLaterThan })
      : sameLife(needs, old, { now, noLaterThan }),
    slot: old.slot,
    predecessor: old.id,
    now,
    verb,
  })
}

/** What the old one held and its account may still do; refused when that is more than the maker's own. */
export function successorGrants({ actor }: Change, old: TokenRow, role: TokenRow['account_role']): string[] {
  const kept = Grants.of(old.grants).and(Grants.ofRole(role)).toTexts()
  if (kept.length === 0)
    throw accountCannotHoldTokens({ detail: 'Nothing that the old token was for is still allowed to its account.' })
  return chooseGrants(kept, actor.caller.grants, role)
}

async function refuseSecondSuccessor(tx: Tx, old: TokenRow, now: Date): Promise<void> {
  const successor = old.successor_id === null ? null : await findToken(tx, old.successor_id)
  if (!successor || !isAlive(successor, now)) return
  throw tokenAlreadyRotated({
    detail: `Its successor is ${successor.id}.`,
    hint: 'If that one’s secret was lost on the way, revoke it and ask again.',
    extensions: { successor: successor.id },
  })
}

/** As long a life as the old one was given, as far as it goes. */
function sameLife(
  { policy }: RotateNeeds,
  old: TokenRow,
  { now, noLaterThan }: { now: Date; noLaterThan: Date | undefined },
): Date {
  const life = old.expires_at.getTime() - old.created_at.getTime()
  const bounds = [addRelative(policy.maximum, now, policy.timeZone), ...(noLaterThan ? [noLaterThan] : [])]
  return new Date(Math.min(now.getTime() + life, ...bounds.map((bound) => bound.getTime())))
}
