import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { removeSchedule } from '#src/runs/schedules/set-schedule.ts'
import { checkSubscription } from './check-subscription.ts'
import type { SubscriptionState } from './contract.ts'
import { webhooksOf } from './definition.ts'
import { keepSchedule, scheduleKey } from './keep-schedule.ts'
import { holdSubscription } from './may-see-subscription.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { ownerMayNot, subscriptionInvalid } from './problems.ts'
import { reread } from './save-subscription.ts'
import {
  deleteSubscription as deleteRow,
  lockSubscription,
  type Subscription,
  updateOwner,
  updateState,
} from './store.ts'
import { type NewSecret, renewSecret } from './webhook-secrets.ts'

type Needs = Pick<SubscriptionNeeds, 'clock'>

interface Changed {
  readonly subscription: Subscription
  readonly changed: boolean
}

/** Paused or archived its schedule rests, and nobody can run it. */
export async function changeState(
  needs: Needs,
  change: Change,
  id: string,
  state: Extract<SubscriptionState, 'active' | 'paused' | 'archived'>,
): Promise<Changed> {
  const before = await holdSubscription(change, id)
  if (before.state === state) return { subscription: before, changed: false }
  return { subscription: await moveTo(needs, change, before, state, null), changed: true }
}

/** Without being asked: its schedule has ended, or it has rested for long. */
export async function settleState(
  needs: Needs,
  change: Change,
  id: string,
  from: readonly SubscriptionState[],
  state: Extract<SubscriptionState, 'completed' | 'archived'>,
  reason: string,
): Promise<void> {
  const before = await lockSubscription(change.tx, id)
  if (before && from.includes(before.state)) await moveTo(needs, change, before, state, reason)
}

async function moveTo(
  needs: Needs,
  change: Change,
  before: Subscription,
  state: SubscriptionState,
  reason: string | null,
): Promise<Subscription> {
  const { id } = before
  await updateState(change.tx, id, state, reason, needs.clock.now())
  const subscription = await reread(change, id)
  await keepSchedule(needs, change, subscription)
  change.note({
    verb: 'subscription.state_changed',
    subjectType: 'subscription',
    subjectId: id,
    detail: { from: before.state, to: state, ...(reason !== null && { reason }) },
  })
  return subscription
}

/**
 * From now on it runs with the new owner's rights, so it must be something that they may have. Whoever gave theirs to an
 * account with more rights would have its rows sent to recipients of their own choice: only an administrator may.
 */
export async function changeOwner(
  needs: SubscriptionNeeds,
  change: Change,
  id: string,
  accountId: string,
): Promise<Changed> {
  const before = await holdSubscription(change, id)
  requirePermission(change.actor.caller, 'accounts:admin')
  if (before.owner.id === accountId) return { subscription: before, changed: false }
  const owner = await callerOfAccount(change.tx, accountId)
  if (!owner)
    throw subscriptionInvalid({
      detail: 'The new owner has no active account.',
      errors: [{ pointer: '#/account', detail: 'There is no active account with this id.' }],
    })
  if (!owner.grants.allows('subscriptions:write', id))
    throw ownerMayNot({
      detail: `${owner.accountName} may not have subscriptions.`,
      hint: 'Give them the role manager first.',
    })
  await checkSubscription({ ...needs, db: change.tx }, owner, before.definition)
  await updateOwner(change.tx, id, accountId, needs.clock.now())
  const subscription = await reread(change, id)
  await keepSchedule(needs, change, subscription)
  change.note({
    verb: 'subscription.owner_changed',
    subjectType: 'subscription',
    subjectId: id,
    detail: { from: before.owner.userName, to: subscription.owner.userName },
  })
  return { subscription, changed: true }
}

export async function deleteSubscription(change: Change, id: string): Promise<void> {
  const { definition, owner } = await holdSubscription(change, id)
  await removeSchedule(change, scheduleKey(id))
  await deleteRow(change.tx, id)
  change.note({
    verb: 'subscription.deleted',
    subjectType: 'subscription',
    subjectId: id,
    detail: { name: definition.name, report: definition.report, owner: owner.userName },
  })
}

export async function renewWebhookSecret(
  needs: SubscriptionNeeds,
  change: Change,
  id: string,
  webhook: string,
): Promise<NewSecret> {
  const { definition } = await holdSubscription(change, id)
  if (!webhooksOf(definition).some((one) => one.id === webhook))
    throw subscriptionInvalid({ detail: `The subscription has no webhook ${webhook}.`, hint: 'Add it first.' })
  const made = await renewSecret(needs, change.tx, id, webhook)
  change.note({ verb: 'subscription.webhook_renewed', subjectType: 'subscription', subjectId: id, detail: { webhook } })
  return made
}
