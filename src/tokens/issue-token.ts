import type { Change } from '#src/database/change.ts'
import { requireTerms } from './accept-terms.ts'
import { chooseExpiry, type ExpiryAsk, type TokenPolicy } from './choose-expiry.ts'
import { chooseGrants } from './choose-grants.ts'
import type { Terms } from './open-terms.ts'
import type { Peppers } from './peppers.ts'
import { accountCannotHoldTokens, personalTokensOff, slotTaken, tokenUnacceptable } from './problems.ts'
import { findToken, type Holder, insertToken, lockHolder, lockToken, type NewToken, type TokenRow } from './store.ts'
import { makeSecret } from './token-format.ts'
import { deadAt } from './token-state.ts'

export interface IssueNeeds {
  readonly peppers: Peppers
  readonly policy: TokenPolicy
  /** Of use; null where there are none. */
  readonly terms: Terms | null
  readonly clock: { now(): Date }
}

export interface IssueAsk extends ExpiryAsk {
  readonly name: string
  readonly description?: string | undefined
  readonly permissions: readonly string[]
  readonly not_before?: string | undefined
  /** User name of the account it is to speak for, when not the maker's own. */
  readonly account?: string | undefined
}

export interface Issued {
  readonly token: TokenRow
  /** The token itself: leaves once, here. We keep a hash. */
  readonly secret: string
}

/**
 * Makes a token for the caller's own account; admins also for service accounts, the command line for any. It is never
 * stronger than its maker, and when a token makes it, never longer-living than that one.
 */
export async function issueToken(needs: IssueNeeds, change: Change, ask: IssueAsk): Promise<Issued> {
  const { caller } = change.actor
  const holder = await holderFor(change, ask.account)
  if (holder.kind === 'person' && caller.via !== 'command') requirePersonalTokens(needs.policy)
  const now = needs.clock.now()
  const expires_at = chooseExpiry(needs.policy, ask, { now, noLaterThan: await endOfMaker(change) })
  return writeToken(needs, change, {
    holder,
    name: ask.name,
    description: ask.description ?? '',
    grants: chooseGrants(ask.permissions, caller.grants, holder.role),
    not_before: startOf(ask.not_before, now, expires_at),
    expires_at,
    now,
  })
}

export const allowsPersonalTokens = ({ expirationInterval }: Pick<TokenPolicy, 'expirationInterval'>): boolean =>
  expirationInterval !== null

export function requirePersonalTokens(policy: TokenPolicy): void {
  if (!allowsPersonalTokens(policy))
    throw personalTokensOff({
      hint: 'An administrator sets [api_token] expiration_interval to allow it. Existing tokens go on working.',
    })
}

/** Whom a token is to speak for, held so that neither role nor state changes beside us. */
async function holderFor(change: Change, name: string | undefined): Promise<Holder> {
  const { caller } = change.actor
  const own = name === undefined || name.toLowerCase() === caller.accountName?.toLowerCase()
  if (own && caller.accountId !== null) return requireAlive(await lockHolder(change.tx, { id: caller.accountId }))
  if (name === undefined)
    throw tokenUnacceptable({
      detail: 'Say which account the token is for.',
      errors: [{ pointer: '#/account', detail: 'is missing' }],
    })
  if (!caller.grants.allows('tokens:admin'))
    throw accountCannotHoldTokens({ detail: 'You can make tokens only for yourself.' })
  const holder = requireAlive(await lockHolder(change.tx, { name }))
  if (holder.kind === 'person' && caller.via !== 'command')
    throw accountCannotHoldTokens({
      detail: 'Nobody makes tokens for another person: who makes a token has seen its secret.',
      hint: 'Make a service account.',
    })
  return holder
}

export function requireAlive(holder: Holder | null): Holder {
  if (holder === null) throw accountCannotHoldTokens({ detail: 'There is no such account.' })
  if (holder.state !== 'active') throw accountCannotHoldTokens({ detail: 'The account is disabled.' })
  return holder
}

/**
 * When the token ends that the caller shows; held, so that it cannot be cut short beside us. The one that is just being
 * replaced counts as it was before.
 */
export async function endOfMaker({ actor, tx }: Change, replaced?: TokenRow): Promise<Date | undefined> {
  const { tokenId } = actor.caller
  if (tokenId === null) return undefined
  const maker = replaced?.id === tokenId ? replaced : await lockToken(tx, tokenId)
  if (!maker || maker.revoked_at !== null)
    throw accountCannotHoldTokens({ detail: 'The token that you show does not work any more.' })
  return deadAt(maker)
}

function startOf(text: string | undefined, now: Date, expires: Date): Date | null {
  if (text === undefined) return null
  const start = new Date(text)
  if (start >= expires)
    throw tokenUnacceptable({
      detail: 'The token would expire before it begins.',
      errors: [{ pointer: '#/not_before', detail: 'is not before the expiry' }],
    })
  return start > now ? start : null
}

export interface WriteAsk extends Pick<NewToken, 'name' | 'description' | 'grants' | 'expires_at'> {
  readonly holder: Holder
  readonly not_before?: Date | null
  readonly slot?: NewToken['slot']
  readonly predecessor?: string
  readonly now: Date
  /** What the audit trail calls it. Default: `token.issued`. */
  readonly verb?: 'token.rotated' | 'token.recreated'
}

/** Makes the secret and the row, and tells the audit trail; the rules of this token have been applied. */
export async function writeToken({ peppers, terms }: IssueNeeds, change: Change, ask: WriteAsk): Promise<Issued> {
  const { caller } = change.actor
  await requireTerms(terms, change)
  const { id, secret } = makeSecret('token')
  const written = await insertToken(change.tx, {
    id,
    account_id: ask.holder.id,
    name: ask.name,
    description: ask.description,
    grants: ask.grants,
    slot: ask.slot ?? null,
    sealed: peppers.seal(secret),
    created_at: ask.now,
    not_before: ask.not_before ?? null,
    expires_at: ask.expires_at,
    predecessor_id: ask.predecessor ?? null,
    issued_by: caller.accountId,
    issued_with: caller.tokenId,
  })
  if (!written) throw slotTaken({ hint: 'Delete or recreate the one that exists.' })
  change.note({
    verb: ask.verb ?? 'token.issued',
    subjectType: 'token',
    subjectId: ask.predecessor ?? id,
    detail: {
      ...(ask.predecessor && { successor: id }),
      account: ask.holder.user_name,
      name: ask.name,
      permissions: ask.grants,
      expires_at: ask.expires_at.toISOString(),
      slot: ask.slot ?? undefined,
    },
  })
  return { token: (await findToken(change.tx, id))!, secret }
}
