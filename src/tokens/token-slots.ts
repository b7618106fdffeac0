import type { Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Change, Database } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { chooseExpiry, type TokenPolicy } from './choose-expiry.ts'
import type { Slot } from './contract.ts'
import { endOfMaker, type Issued, requireAlive, requirePersonalTokens, writeToken } from './issue-token.ts'
import { accountCannotHoldTokens, slotTaken, tokenNotFound } from './problems.ts'
import { revokeAll } from './revoke-token.ts'
import { type RotateNeeds, successorGrants } from './rotate-token.ts'
import { findSlot, type Holder, lockHolder, lockSlot, markRevoked, type TokenRow } from './store.ts'

/**
 * XDMoD and Dataverse know one token for each account. Beside any number of named tokens an account has one slot for
 * each of them, on which their own endpoints act.
 */
const slotFacts: Record<Slot, { name: string; permissions: readonly Permission[] }> = {
  xdmod: { name: 'XDMoD Data Analytics Framework', permissions: ['warehouse:read', 'warehouse:raw'] },
  dataverse: { name: 'Dataverse', permissions: ['datasets:read', 'datasets:write', 'datasets:publish'] },
}

/** The caller's token in the slot, even an expired one; null without one. */
export async function showSlot(db: Database, caller: Caller, slot: Slot): Promise<TokenRow | null> {
  return caller.accountId === null ? null : findSlot(db, caller.accountId, slot)
}

/** When a token made now in the slot would end; null where nobody makes tokens for themselves. */
export function slotEnd(policy: TokenPolicy, slot: Slot, now: Date): Date | null {
  const life = policy.expirationInterval === null ? null : usualLife(policy, slot)
  return life === null ? null : addRelative(life, now, policy.timeZone)
}

const usualLife = (policy: TokenPolicy, slot: Slot) =>
  slot === 'dataverse' ? policy.dataverseLifetime : policy.expirationInterval

/** Fills the caller's slot. An expired token still fills it, as in XDMoD: it must be deleted or recreated. */
export async function createInSlot(needs: RotateNeeds, change: Change, slot: Slot): Promise<Issued> {
  const { caller } = change.actor
  requirePermission(caller, 'tokens:write')
  const holder = await ownHolder(change)
  if (await lockSlot(change.tx, holder.id, slot)) throw slotTaken({ hint: 'Delete or recreate the one that exists.' })
  return fill(needs, change, { slot, holder, grants: slotGrants(slot, caller, holder) })
}

/**
 * Replaces the token in the slot, which stops at once, or fills an empty slot. The successor never gains rights. The token
 * itself may ask, as Dataverse's clients do; since it stops, its successor may live the slot's whole life again.
 */
export async function recreateInSlot(needs: RotateNeeds, change: Change, slot: Slot): Promise<Issued> {
  const { caller } = change.actor
  const holder = await ownHolder(change)
  const old = await lockSlot(change.tx, holder.id, slot)
  if (old?.id !== caller.tokenId) requirePermission(caller, 'tokens:write')
  if (!old) return fill(needs, change, { slot, holder, grants: slotGrants(slot, caller, holder) })
  const grants = successorGrants(change, old, holder.role)
  await markRevoked(change.tx, [old.id], 'recreated', needs.clock.now())
  const issued = await fill(needs, change, { slot, holder, grants, old })
  await needs.announce(change, `token:${old.id}`)
  return issued
}

/** Empties the slot; the token stops at once. The token itself may ask. */
export async function deleteSlot(needs: RotateNeeds, change: Change, slot: Slot): Promise<void> {
  const { caller } = change.actor
  const old = caller.accountId === null ? null : await lockSlot(change.tx, caller.accountId, slot)
  if (!old) throw tokenNotFound()
  if (old.id !== caller.tokenId) requirePermission(caller, 'tokens:write')
  await revokeAll(needs, change, { tokens: [old], reason: 'deleted' })
}

async function fill(
  needs: RotateNeeds,
  change: Change,
  { slot, holder, grants, old }: { slot: Slot; holder: Holder; grants: string[]; old?: TokenRow },
): Promise<Issued> {
  const { policy } = needs
  requirePersonalTokens(policy)
  const now = needs.clock.now()
  const itself = old !== undefined && old.id === change.actor.caller.tokenId
  const usual = usualLife(policy, slot)
  return writeToken(needs, change, {
    holder,
    name: slotFacts[slot].name,
    description: '',
    grants,
    expires_at: chooseExpiry(policy, {}, { now, usual, noLaterThan: itself ? undefined : await endOfMaker(change) }),
    slot,
    now,
    ...(old && { predecessor: old.id, verb: 'token.recreated' as const }),
  })
}

async function ownHolder({ actor, tx }: Change): Promise<Holder> {
  const { accountId } = actor.caller
  if (accountId === null) throw accountCannotHoldTokens({ detail: 'Only accounts have tokens.' })
  return requireAlive(await lockHolder(tx, { id: accountId }))
}

/** What the slot is for, as far as the account's role and the caller go. */
function slotGrants(slot: Slot, caller: Caller, holder: Holder): string[] {
  const grants = Grants.of(slotFacts[slot].permissions).and(Grants.ofRole(holder.role)).and(caller.grants).toTexts()
  if (grants.length === 0)
    throw accountCannotHoldTokens({ detail: 'Nothing that this token is for is allowed to the account.' })
  return grants
}
