import type { Caller } from '#src/access/caller.ts'
import { parseGrant } from '#src/access/grants.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { notTheOwner, subscriptionNotFound } from './problems.ts'
import { findSubscription, lockSubscription, type Subscription } from './store.ts'

type Facts = Pick<Subscription, 'id' | 'owner'>

const isOwner = (caller: Caller, { owner }: Facts): boolean => caller.accountId === owner.id

/** Who may run or edit it; and its owner, signed in, also after losing the role for it. */
export const maySee = (caller: Caller, subscription: Facts): boolean =>
  caller.grants.allows('subscriptions:run', subscription.id) ||
  caller.grants.allows('subscriptions:write', subscription.id) ||
  (caller.via === 'session' && isOwner(caller, subscription))

export const mayRun = (caller: Caller, { id }: Facts): boolean => caller.grants.allows('subscriptions:run', id)

/** It runs with the owner's rights: whoever else changed it could have those rows sent to themselves. */
export const mayEdit = (caller: Caller, subscription: Facts): boolean =>
  caller.grants.allows('subscriptions:write', subscription.id) &&
  (isOwner(caller, subscription) || caller.role === 'admin')

/** Recipients are as the owner's rights find them, with addresses of people. */
export const mayKnowRecipients = (caller: Caller, subscription: Facts): boolean =>
  isOwner(caller, subscription) || mayEdit(caller, subscription)

/** One that the caller may not see does not exist for them. */
export async function takeSubscription(db: Database | Tx, caller: Caller, id: string): Promise<Subscription> {
  const subscription = await findSubscription(db, id)
  if (!subscription || !maySee(caller, subscription)) throw notThere(id)
  return subscription
}

/** The same, for a caller who may change it. */
export async function takeOwnSubscription(db: Database | Tx, caller: Caller, id: string): Promise<Subscription> {
  const subscription = await takeSubscription(db, caller, id)
  if (!mayEdit(caller, subscription)) throw notTheOwner({ detail: `It belongs to ${subscription.owner.userName}.` })
  return subscription
}

/** The subscription, held against other changes until the change ends, for a caller who may change it. */
export async function holdSubscription(change: Change, id: string): Promise<Subscription> {
  const { caller } = change.actor
  requirePermission(caller, 'subscriptions:write', id)
  const subscription = await lockSubscription(change.tx, id)
  if (!subscription) throw notThere(id)
  if (!mayEdit(caller, subscription)) throw notTheOwner({ detail: `It belongs to ${subscription.owner.userName}.` })
  return subscription
}

export const notThere = (id: string) =>
  subscriptionNotFound({
    detail: `There is no subscription ${id} that you may see.`,
    hint: 'GET /v1/subscriptions lists those that you may see.',
  })

/** Which ones a caller sees besides those that they own: null: all. */
export function namedFor({ grants }: Caller): string[] | null {
  if (grants.allows('subscriptions:run') || grants.allows('subscriptions:write')) return null
  return grants.toTexts().flatMap((text) => {
    const grant = parseGrant(text)
    const mine = grant?.permission === 'subscriptions:run' || grant?.permission === 'subscriptions:write'
    return mine && grant.resource !== null ? [grant.resource] : []
  })
}
