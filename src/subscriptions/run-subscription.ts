import { setTimeout as sleep } from 'node:timers/promises'
import { actor, type Caller } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import { getRun } from '#src/runs/get-run.ts'
import { holdRun } from '#src/runs/hold-run.ts'
import type { RunHandler, RunOutcome } from '#src/runs/run.ts'
import { deliverAll, writeDown } from './deliver-run.ts'
import { cancelPending, countDeliveries, insertDeliveries, settleSending } from './delivery-store.ts'
import { isWhole, type RunData } from './jobs.ts'
import { makeSlices } from './make-slices.ts'
import type { PlannedSlice } from './plan-run.ts'
import { deliveryFailed, ownerMayNot, reportNotUsable, subscriptionNotFound } from './problems.ts'
import { type Recipient, resolveRecipients } from './recipients.ts'
import { holderOf, type Prepared, type RunNeeds, type Work } from './run-needs.ts'
import { dropSlices, findFiles } from './slice-store.ts'
import { findSubscription, keepMade, keepMadeAsLast, type Subscription } from './store.ts'

/**
 * Makes a report once for all who get the same and brings it to each. Everything is made before anything is sent, and what
 * is to be sent is written down before it leaves.
 */
export const runSubscriptionHandler =
  (needs: RunNeeds): RunHandler<RunData> =>
  async (work) => {
    try {
      return await perform(needs, work)
    } finally {
      const stopped = work.signal.aborted ? String(work.signal.reason) : null
      if (stopped === 'cancelled' || stopped === 'timed_out')
        await cancelPending(
          needs.db,
          work.run.id,
          stopped === 'cancelled' ? 'The run was cancelled before.' : 'The run’s time was up before.',
        )
    }
  }

async function perform(needs: RunNeeds, work: Work): Promise<RunOutcome> {
  const prepared = await work.step('prepare', () => prepare(needs, work))
  const { subscription, definition } = prepared
  if (!mayGoOn(work, prepared))
    return { state: 'skipped', text: `The subscription is ${subscription.state}.`, counts: { total: 0 } }
  if (!prepared.begun) {
    if (work.data.refresh_first ?? definition.refresh_first)
      await work.step('refresh data', () => refreshModels(needs, work, prepared))
    else work.log('The data are not refreshed first.')
    const made = await makeSlices(needs, work, prepared)
    if ('skipped' in made) {
      await needs.db.transaction().execute(async (tx) => {
        await holdRun(tx, holderOf(work))
        await insertDeliveries(tx, { id: work.run.id, subscription, report: definition.report }, made.deliveries)
      })
      const { length: total } = made.deliveries
      return { state: 'skipped', text: made.skipped, counts: { total, delivered: 0 }, ...made.outcome }
    }
    if (work.data.trial?.kind === 'dry_run') return keepDryRun(needs, work, prepared, made.slices)
    await needs.db.transaction().execute(async (tx) => {
      await writeDown(needs, tx, work, prepared, made.deliveries)
      if (isWhole(work.data)) await keepMade(tx, subscription.id, { run: work.run.id, ...made.last })
    })
  } else work.log('An earlier attempt had begun to send; the rest of it goes on.', 'warn')
  await work.step('deliver', () => deliverAll(needs, work, prepared))
  work.signal.throwIfAborted()
  return conclude(needs, work, prepared)
}

/** What has begun to send is ended, and what was planned is done although the schedule has come to its end with it. */
function mayGoOn({ data, run }: Work, { subscription: { state }, begun }: Prepared): boolean {
  return begun || state === 'active' || data.trial !== undefined || (state === 'completed' && run.scheduledFor !== null)
}

async function prepare(needs: RunNeeds, work: Work): Promise<Prepared> {
  const { db } = needs
  const { data, run } = work
  const subscription = await findSubscription(db, data.subscription)
  if (!subscription) throw subscriptionNotFound({ detail: `The subscription ${data.subscription} was deleted.` })
  const { trial } = data
  const caller = await callerOfAccount(db, trial?.account ?? subscription.owner.id)
  if (!caller?.grants.allows('subscriptions:run', subscription.id))
    throw ownerMayNot({
      detail: trial
        ? 'Whoever asked for this trial may not run subscriptions any more.'
        : `${subscription.owner.userName}, who owns it, ${caller ? 'may not run subscriptions any more' : 'has no active account any more'}.`,
    })
  const definition = { ...subscription.definition, ...(data.formats && { formats: data.formats }) }
  const { unconfirmed, begun } = await db.transaction().execute(async (tx) => {
    await holdRun(tx, holderOf(work))
    const unconfirmed = await settleSending(tx, run.id)
    const begun = Object.keys(await countDeliveries(tx, run.id)).length > 0
    if (!begun) await dropSlices(tx, run.id)
    return { unconfirmed, begun }
  })
  if (unconfirmed > 0)
    work.log(
      `${unconfirmed} mails were being sent when the worker before was lost; whether they arrived is not known, so they are not sent again.`,
      'warn',
    )
  const recipients = begun ? [] : await recipientsOf(needs, work, subscription, caller)
  return {
    subscription,
    definition,
    parameters: { ...definition.parameters, ...data.parameters },
    caller,
    recipients,
    begun,
  }
}

async function recipientsOf(
  needs: RunNeeds,
  { data }: Work,
  subscription: Subscription,
  caller: Caller,
): Promise<readonly Recipient[]> {
  if (data.trial?.kind === 'test') {
    const own = { recipients: [{ account: data.trial.account }], burst: null }
    const [me] = await resolveRecipients(needs, caller, { id: null, definition: own })
    return me ? [me] : []
  }
  const all = await resolveRecipients(needs, caller, subscription)
  const wanted = data.recipients && new Set(data.recipients)
  return wanted ? all.filter(({ recipient }) => wanted.has(recipient)) : all
}

/** Each on its own run, so that who watches sees it; the report is made of what they bring, or not at all. */
async function refreshModels(
  needs: RunNeeds,
  work: Work,
  { caller, definition, subscription }: Prepared,
): Promise<void> {
  const { models } = await needs.reports.describe(needs.db, caller, definition.report)
  for (const model of models) {
    if (!caller.grants.allows('models:refresh', model))
      throw ownerMayNot({ detail: `${caller.accountName} may not refresh the model ${model}.` })
    const { run } = await needs.changer(actor(caller), (change) =>
      requestRefresh(needs, change, model, { cause: `subscription ${subscription.id}` }),
    )
    work.log(`Refreshing ${model} (run ${run.id}).`)
    for (;;) {
      const now = await getRun(needs, { ...caller, via: 'system', grants: caller.grants }, run.id)
      if (now.finishedAt) {
        if (now.state === 'succeeded') break
        throw reportNotUsable({
          detail: `The model ${model} could not be refreshed first (${now.state}): ${now.error?.message ?? 'no reason was given'}`,
          hint: `See run ${run.id}. Nothing was sent.`,
        })
      }
      await sleep(200, undefined, { signal: work.signal })
    }
  }
  await needs.catchUp()
}

async function keepDryRun(
  needs: RunNeeds,
  work: Work,
  { recipients }: Prepared,
  slices: readonly PlannedSlice[],
): Promise<RunOutcome> {
  let files = 0
  for (const [at, { label }] of slices.entries()) {
    for (const file of await findFiles(needs.db, work.run.id, at)) {
      if (file.format === 'view') continue
      const content = await needs.contents.read(file.sha256)
      if (!content) continue
      await work.addArtifact({ name: file.name, mediaType: file.mediaType, content })
      files++
    }
    if (label) work.log(`Made the report for ${label}.`)
  }
  return {
    counts: { reports: slices.length, files, recipients: recipients.length },
    text: 'Made, and not sent',
  }
}

async function conclude(needs: RunNeeds, work: Work, prepared: Prepared): Promise<RunOutcome> {
  const { subscription } = prepared
  const states = await countDeliveries(needs.db, work.run.id)
  const { delivered = 0, failed = 0, unconfirmed = 0, skipped = 0, unsubscribed = 0 } = states
  const counts = {
    total: Object.values(states).reduce((sum, count) => sum + count, 0),
    delivered,
    failed,
    unconfirmed,
    skipped,
    unsubscribed,
  }
  const wrong = failed + unconfirmed
  if (delivered === 0 && wrong > 0)
    throw deliveryFailed({
      detail: `${wrong === 1 ? 'The one delivery' : `None of ${wrong} deliveries`} ${wrong === 1 ? 'did not arrive, or nobody knows' : 'is known to have arrived'}.`,
      hint: 'The deliveries of the run say why; run it again for what failed.',
    })
  const state = delivered === 0 ? 'skipped' : wrong > 0 ? 'partially_failed' : 'succeeded'
  return {
    state,
    counts,
    text:
      delivered === 0 ? 'There was nobody to send it to' : `${delivered} delivered${wrong > 0 ? `, ${wrong} not` : ''}`,
    commit: async (change) => {
      if (delivered > 0) await keepMadeAsLast(change.tx, subscription.id, work.run.id)
      change.note({
        verb: 'subscription.delivered',
        subjectType: 'subscription',
        subjectId: subscription.id,
        detail: { run: work.run.id, state, ...counts, ...(work.data.trial && { trial: work.data.trial.kind }) },
      })
    },
  }
}
