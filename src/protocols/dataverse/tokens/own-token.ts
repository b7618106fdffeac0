import type { Actor, Caller } from '#src/access/caller.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { showToken } from '#src/tokens/show-token.ts'
import { createInSlot, deleteSlot, recreateInSlot, showSlot } from '#src/tokens/token-slots.ts'
import type { PeopleNeeds } from '../needs.ts'
import { authenticatedOnly, refused } from '../problems.ts'
import { writeSqlTime } from '../times.ts'

// The words of these messages are split at single spaces by Dataverse's TypeScript client: no word may come or go.

/** The token that asks and when it expires; asked by session, the expiry of the account's own one. */
export async function showOwnToken({ accounts, timeZone }: PeopleNeeds, caller: Caller, shown: string | null) {
  if (caller.accountId === null) throw authenticatedOnly()
  const asking = caller.tokenId === null ? null : await showToken(accounts.db, caller, caller.tokenId)
  const token = asking ?? (await showSlot(accounts.db, caller, 'dataverse'))
  if (!token) throw refused(404, 'Token not found.')
  // Only what this request has brought itself can be told: of all others we keep a hash.
  const secret = asking && shown ? shown : `tsr_${token.id}_…`
  return `Token ${secret} expires on ${writeSqlTime(token.expires_at, timeZone)}`
}

/** Makes the account's one token for this protocol, or makes it anew; the one before is dead when this has returned. */
export async function recreateOwnToken(
  { accounts, tokens, timeZone }: PeopleNeeds,
  actor: Actor,
  { returnExpiration }: { returnExpiration: boolean },
) {
  const { accountName } = actor.caller
  if (accountName === null) throw refused(404, 'Token for :guest is not eligible for recreation.')
  const { token, secret } = await accounts.change(actor, (change) => recreateInSlot(tokens, change, 'dataverse'))
  const expiry = returnExpiration ? ` and expires on ${writeSqlTime(token.expires_at, timeZone)}` : ''
  return `New token for ${accountName} is ${secret}${expiry}`
}

/** Revokes it: when this has returned, no process accepts it. */
export async function deleteOwnToken({ accounts, tokens }: PeopleNeeds, actor: Actor) {
  const { accountName } = actor.caller
  if (accountName === null) throw refused(404, 'Token for :guest not eligible for deletion.')
  await accounts.change(actor, (change) => deleteSlot(tokens, change, 'dataverse'))
  return `Token for ${accountName} deleted.`
}

/** The token of an account that has none yet. */
export const makeFirstToken = async ({ accounts, tokens }: PeopleNeeds, actor: Actor): Promise<string> =>
  (await accounts.change(actor, (change) => createInSlot(tokens, change, 'dataverse'))).secret

export const actorOf = (caller: Caller, { id: requestId, address, client }: RequestFacts): Actor => ({
  caller,
  requestId,
  address,
  client,
})
