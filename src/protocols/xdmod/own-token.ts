import type { Caller } from '#src/access/caller.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { tokenNotFound } from '#src/tokens/problems.ts'
import { createInSlot, deleteSlot, showSlot } from '#src/tokens/token-slots.ts'
import type { PeopleNeeds } from './needs.ts'
import { whoAsks } from './who-asks.ts'
import { writeMoment } from './write-moment.ts'

/** Dates of the account's one token for this protocol, even of an expired one. */
export async function showOwnToken({ accounts, timeZone }: PeopleNeeds, caller: Caller, request: RequestFacts) {
  const actor = await whoAsks(accounts, caller, request)
  const token = await showSlot(accounts.db, actor.caller, 'xdmod')
  if (!token) throw tokenNotFound()
  const created_on = writeMoment(token.created_at, timeZone)
  return { success: true as const, data: { created_on, expiration_date: writeMoment(token.expires_at, timeZone) } }
}

/** Makes it; refused while there is one, even an expired one. */
export async function makeOwnToken({ accounts, tokens, timeZone }: PeopleNeeds, caller: Caller, request: RequestFacts) {
  const actor = await whoAsks(accounts, caller, request)
  const { token, secret } = await accounts.change(actor, (change) => createInSlot(tokens, change, 'xdmod'))
  return {
    success: true as const,
    data: { token: secret, expiration_date: writeMoment(token.expires_at, timeZone) },
  }
}

/** Revokes it: when this has returned, no process accepts it. */
export async function revokeOwnToken({ accounts, tokens }: PeopleNeeds, caller: Caller, request: RequestFacts) {
  const actor = await whoAsks(accounts, caller, request)
  await accounts.change(actor, (change) => deleteSlot(tokens, change, 'xdmod'))
  return { success: true as const, message: 'Token successfully revoked.' }
}
