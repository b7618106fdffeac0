import type { Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Change } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import type { Callback, IfRunning, Run } from '#src/runs/run.ts'
import { type StartedRun, startRun } from '#src/runs/start-run.ts'
import type { FileFormat } from './definition.ts'
import { type RunData, runSubscription } from './jobs.ts'
import { mayEdit, takeSubscription } from './may-see-subscription.ts'
import type { SubscriptionNeeds } from './needs.ts'
import {
  ownerMayNot,
  parameterClosed,
  recipientsUnknown,
  subscriptionInvalid,
  subscriptionResting,
} from './problems.ts'
import { resolveRecipients } from './recipients.ts'
import type { Parameters } from './report-maker.ts'
import { requireRefresh } from './require-own.ts'
import type { Subscription } from './store.ts'

export interface RunAsk {
  readonly cause?: string | undefined
  readonly ifRunning?: IfRunning | undefined
  readonly callback?: Callback | undefined
  readonly parameters?: Parameters | undefined
  readonly recipients?: readonly string[] | undefined
  readonly formats?: readonly FileFormat[] | undefined
  readonly dryRun?: boolean | undefined
  readonly refreshFirst?: boolean | undefined
}

/**
 * Starts a subscription. Who may start it decides when, and for which of its recipients; what they get is the owner's to
 * say. A trial shows the caller no more than they may read anyway.
 */
export async function startSubscriptionRun(
  needs: SubscriptionNeeds,
  change: Change,
  id: string,
  ask: RunAsk,
): Promise<StartedRun> {
  const { caller } = change.actor
  const subscription = await takeSubscription(change.tx, caller, id)
  requirePermission(caller, 'subscriptions:run', id)
  if (subscription.state !== 'active')
    throw subscriptionResting({ detail: `The subscription ${id} is ${subscription.state}.` })
  const owner = await ownerNow(change, subscription)
  const { definition } = subscription
  await checkRefresh(needs, change, owner, subscription, ask.refreshFirst)
  // A trial has no rights but the caller's.
  if (!ask.dryRun) checkOpen(caller, subscription, ask.parameters)
  await checkParameters(needs, change, owner, subscription, ask.parameters)
  if (ask.recipients) await checkRecipients(needs, change, owner, subscription, ask.recipients)
  const trial = ask.dryRun ? trialOf(caller, 'dry_run', definition.report) : undefined
  return start(needs, change, subscription, ask, {
    subscription: id,
    ...(ask.parameters && { parameters: ask.parameters }),
    ...(ask.recipients && { recipients: [...ask.recipients] }),
    ...(ask.formats && { formats: [...ask.formats] }),
    ...(ask.refreshFirst !== undefined && { refresh_first: ask.refreshFirst }),
    ...(trial && { trial }),
  })
}

/**
 * The same once more, for a caller who is asked what who started it was asked. A trial has the rights of one account, so
 * it is that account's to repeat.
 */
export async function repeatSubscriptionRun(
  needs: SubscriptionNeeds,
  change: Change,
  run: Run,
  data: RunData,
): Promise<StartedRun> {
  const { caller } = change.actor
  const subscription = await takeSubscription(change.tx, caller, data.subscription)
  const { trial } = data
  if (trial && trial.account !== caller.accountId)
    throw ownerMayNot({
      detail: 'The run was a trial with the rights of somebody else.',
      hint: 'Start a trial of your own.',
    })
  if (trial?.kind === 'test') requirePermission(caller, 'subscriptions:write', subscription.id)
  if (trial) trialOf(caller, trial.kind, subscription.definition.report)
  if (!trial) checkOpen(caller, subscription, data.parameters)
  await checkRefresh(needs, change, await ownerNow(change, subscription), subscription, data.refresh_first)
  return startRun(needs.runs, change, {
    ...askOf(subscription, data),
    rerunOf: run.id,
    cause: `rerun of ${run.id}`,
    ifRunning: 'queue',
  })
}

/** To whoever asks, and to nobody else; with their own rights. */
export async function testSubscription(needs: SubscriptionNeeds, change: Change, id: string): Promise<StartedRun> {
  const { caller } = change.actor
  const subscription = await takeSubscription(change.tx, caller, id)
  const owner = await ownerNow(change, subscription)
  const { report } = subscription.definition
  await needs.reports.describe(change.tx, owner, report)
  const trial = trialOf(caller, 'test', report)
  // Tests by two people are two tests.
  return start(needs, change, subscription, { cause: 'test', ifRunning: 'queue' }, { subscription: id, trial })
}

async function start(
  { runs }: SubscriptionNeeds,
  change: Change,
  subscription: Subscription,
  { cause, ifRunning, callback }: RunAsk,
  data: RunData,
): Promise<StartedRun> {
  const { id } = subscription
  const started = await startRun(runs, change, { ...askOf(subscription, data), cause, ifRunning, callback })
  if (!started.joined)
    change.note({
      verb: 'subscription.run_requested',
      subjectType: 'subscription',
      subjectId: id,
      detail: {
        run: started.run.id,
        ...(data.trial && { trial: data.trial.kind }),
        ...(data.recipients && { recipients: data.recipients.length }),
      },
    })
  return started
}

/** Files of a trial hold the rows of who asked for it: they are for that account only, while it may read the report. */
const askOf = ({ id, definition }: Subscription, data: RunData) => ({
  kind: runSubscription,
  subject: { type: 'subscription', id },
  data,
  ...(data.trial && { personal: true, filesNeed: `reports:read:${definition.report}` }),
})

async function ownerNow(change: Change, { owner }: Subscription): Promise<Caller> {
  const caller = await callerOfAccount(change.tx, owner.id)
  if (caller) return caller
  throw ownerMayNot({ detail: `The account ${owner.userName}, which owns it, is disabled.` })
}

/** The report is read with the owner's rights: who only starts it doesn't choose what is read. */
function checkOpen(caller: Caller, subscription: Subscription, given: Parameters = {}): void {
  if (mayEdit(caller, subscription)) return
  const open = new Set(subscription.definition.open_parameters)
  const closed = Object.keys(given).filter((name) => !open.has(name))
  if (closed.length === 0) return
  throw parameterClosed({
    detail: `The subscription ${subscription.id} lets nobody but its owner set ${closed.slice(0, 20).join(', ')}.`,
    errors: closed.slice(0, 100).map((name) => ({
      pointer: `#/parameters/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      detail: 'This parameter is not open to whoever starts a run.',
    })),
  })
}

async function checkRefresh(
  { reports }: SubscriptionNeeds,
  { tx, actor: { caller } }: Change,
  owner: Caller,
  { definition }: Subscription,
  asked: boolean | undefined,
): Promise<void> {
  const { models } = await reports.describe(tx, owner, definition.report)
  if (asked) requireRefresh(caller, models)
}

async function checkParameters(
  { reports }: SubscriptionNeeds,
  change: Change,
  owner: Caller,
  { definition }: Subscription,
  given: Parameters | undefined,
): Promise<void> {
  const errors = await reports.checkParameters(change.tx, owner, definition.report, {
    ...definition.parameters,
    ...given,
  })
  if (errors.length === 0) return
  throw subscriptionInvalid({ detail: errors[0]?.detail ?? '', errors })
}

async function checkRecipients(
  needs: SubscriptionNeeds,
  change: Change,
  owner: Caller,
  subscription: Subscription,
  asked: readonly string[],
): Promise<void> {
  const known = await resolveRecipients({ ...needs, db: change.tx }, owner, subscription)
  const names = new Set(known.map(({ recipient }) => recipient))
  const others = asked.flatMap((name, at) => (names.has(name) ? [] : [{ pointer: `#/recipients/${at}`, name }]))
  if (others.length === 0) return
  throw recipientsUnknown({
    detail: `${others.length} of ${asked.length} are no recipients of ${subscription.id}.`,
    errors: others
      .slice(0, 100)
      .map(({ pointer }) => ({ pointer, detail: 'This is no recipient of the subscription.' })),
  })
}

/** A token that may start a subscription need not be one that may read its data. */
function trialOf(caller: Caller, kind: 'dry_run' | 'test', report: string): NonNullable<RunData['trial']> {
  if (caller.accountId === null) throw ownerMayNot({ detail: 'A trial needs an account whose rights it has.' })
  requirePermission(caller, 'reports:read', report)
  return { kind, account: caller.accountId }
}
