import type { Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { requireMatch } from '#src/http/etag.ts'
import { requirePermission } from '#src/http/permission.ts'
import type { RequestFacts } from '#src/http/request.ts'
import { checkSubscription, isSame } from './check-subscription.ts'
import { reservedIds } from './contract.ts'
import type { Definition } from './definition.ts'
import { keepSchedule } from './keep-schedule.ts'
import { holdSubscription } from './may-see-subscription.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { ownerMayNot, subscriptionExists, subscriptionInvalid } from './problems.ts'
import { requireOwn, requireRefresh } from './require-own.ts'
import { findSubscription, insertSubscription, type Subscription, updateDefinition } from './store.ts'
import { keepSecrets, type NewSecret } from './webhook-secrets.ts'

export interface Saved {
  readonly subscription: Subscription
  readonly secrets: readonly NewSecret[]
  readonly changed: boolean
}

/** Whoever makes it owns it: it runs with their rights, so it may hold nothing that they could not have themselves. */
export async function createSubscription(
  needs: SubscriptionNeeds,
  change: Change,
  { id, ...definition }: Definition & { id: string },
): Promise<Saved> {
  const { caller } = change.actor
  requirePermission(caller, 'subscriptions:write', id)
  if ((reservedIds as readonly string[]).includes(id))
    throw subscriptionInvalid({
      detail: `The id ${id} is taken by the portal itself.`,
      errors: [{ pointer: '#/id', detail: 'Choose another id.' }],
    })
  const owner = await ownerOf(change, caller)
  requireOwn(caller, id, definition)
  const { models } = await checkSubscription({ ...needs, db: change.tx }, owner, definition)
  if (definition.refresh_first) requireRefresh(caller, models)
  const ask = { id, definition, ownerId: owner.accountId ?? '', at: needs.clock.now() }
  if (!(await insertSubscription(change.tx, ask)))
    throw subscriptionExists({ detail: `There is a subscription ${id} already.` })
  const secrets = await keepSecrets(needs, change.tx, id, definition)
  const subscription = await reread(change, id)
  await keepSchedule(needs, change, subscription)
  change.note({ verb: 'subscription.created', subjectType: 'subscription', subjectId: id, detail: facts(definition) })
  return { subscription, secrets, changed: true }
}

/** What it reads is read with the rights of the account. */
async function ownerOf(change: Change, caller: Caller): Promise<Caller> {
  const owner = caller.accountId === null ? null : await callerOfAccount(change.tx, caller.accountId)
  if (owner) return owner
  throw ownerMayNot({ detail: 'A subscription needs an account that owns it.', hint: 'Sign in, or use a token.' })
}

/** The whole of it anew. What the owner may today is asked, whoever changes it. */
export async function updateSubscription(
  needs: SubscriptionNeeds,
  change: Change,
  request: RequestFacts,
  { id, ...definition }: Definition & { id: string },
): Promise<Saved> {
  const before = await holdSubscription(change, id)
  requireMatch(ofDefinition(request), tagOf(before), { required: true })
  if (isSame(before.definition, definition)) return { subscription: before, secrets: [], changed: false }
  const owner = await callerOfAccount(change.tx, before.owner.id)
  if (!owner) throw ownerMayNot({ detail: `The account ${before.owner.userName} is disabled.` })
  const { caller } = change.actor
  requireOwn(caller, id, definition)
  const { models } = await checkSubscription({ ...needs, db: change.tx }, owner, definition)
  if (definition.refresh_first) requireRefresh(caller, models)
  await updateDefinition(change.tx, id, definition, needs.clock.now())
  const secrets = await keepSecrets(needs, change.tx, id, definition)
  const subscription = await reread(change, id)
  await keepSchedule(needs, change, subscription)
  change.note({ verb: 'subscription.updated', subjectType: 'subscription', subjectId: id, detail: facts(definition) })
  return { subscription, secrets, changed: true }
}

export async function reread(change: Change, id: string): Promise<Subscription> {
  const subscription = await findSubscription(change.tx, id)
  if (!subscription) throw new Error(`subscription ${id} was there a moment ago`)
  return subscription
}

/** What was read besides the definition may have changed by itself since; that is no reason to refuse a change. */
function ofDefinition(request: RequestFacts): RequestFacts {
  const wanted = request.headers['if-match']
  if (wanted === undefined) return request
  return { ...request, headers: { ...request.headers, 'if-match': wanted.replace(/\.[\w-]{22}"/g, '"') } }
}

export const tagOf = ({ id, version }: Pick<Subscription, 'id' | 'version'>): string => `${id}.${version}`

/** For the audit trail: who gets what, without the words of the mail. */
const facts = ({ name, report, recipients, destinations, burst, formats }: Definition) => ({
  name,
  report,
  recipients: burst ? 'burst' : recipients.length,
  destinations: destinations.map((one) => (one.type === 'folder' ? `folder:${one.path}` : one.type)),
  formats,
})
