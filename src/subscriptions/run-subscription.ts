import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '#src/access/caller.ts'
import { actor } from '#src/access/caller.ts'
import { callerOfAccount } from '#src/accounts/find-people.ts'
import type { Change, Changer } from '#src/database/change.ts'
import type { Press } from '#src/documents/press.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { etagOf } from '#src/http/etag.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import { requestRefresh } from '#src/models/request-refresh.ts'
import type { Outbound } from '#src/outbound/open-outbound.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Queue } from '#src/queue/queue.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { RunHandler, RunOutcome, RunWork } from '#src/runs/run.ts'
import type { Condition, Definition } from './definition.ts'
import { deliver, type Patience } from './deliver.ts'
import {
  cancelPending,
  countDeliveries,
  deliverToInboxes,
  dropSlices,
  findFiles,
  findPending,
  type Holder,
  insertDeliveries,
  type NewDelivery,
  putFileLinks,
  settleSending,
} from './delivery-store.ts'
import type { RunData } from './jobs.ts'
import { hashOfSecret, type LinkSecrets } from './link-secrets.ts'
import { sliceLoader } from './load-slice.ts'
import { makeSlice } from './make-slice.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { type Plan, type PlannedSlice, planRun } from './plan-run.ts'
import { deliveryFailed, ownerMayNot, reportNotUsable, subscriptionNotFound } from './problems.ts'
import { type Recipient, resolveRecipients } from './recipients.ts'
import type { MadeReport, Parameters } from './report-maker.ts'
import { folderSender, mailSender, webhookSender } from './senders.ts'
import { findSubscription, findWebhookSecrets, keepLast, putLeaveLinks, type Subscription } from './store.ts'
import { targetsOf } from './webhook-secrets.ts'

export interface RunNeeds extends Omit<SubscriptionNeeds, 'mailer' | 'outbound'> {
  readonly changer: Changer
  readonly queue: Queue | null
  readonly contents: ContentStore
  readonly press: Press
  readonly mailer: Mailer
  readonly outbound: Outbound
  readonly links: LinkSecrets
  readonly modelNames: readonly string[]
  /** Brings what a refresh has put in place before the eyes of this process. */
  readonly catchUp: () => Promise<void>
  /** Where folders of subscriptions begin. */
  readonly deliveredDirectory: string
  readonly patience?: Patience
}

type Work = RunWork<RunData>

/** What a run is about, as it stands when the run begins. */
interface Prepared {
  readonly subscription: Subscription
  readonly definition: Definition
  readonly parameters: Parameters
  /** Whose rights it has: the owner's, or in a trial those of who asked. */
  readonly caller: Caller
  readonly recipients: readonly Recipient[]
  /** An attempt before has made everything and begun to send. */
  readonly begun: boolean
}

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
  if (subscription.state !== 'active' && !work.data.trial)
    return { state: 'skipped', text: `The subscription is ${subscription.state}.`, counts: { total: 0 } }
  let last: Last | null = null
  if (!prepared.begun) {
    if (work.data.refresh_first ?? definition.refresh_first)
      await work.step('refresh data', () => refreshModels(needs, work, prepared))
    else work.log('The data are not refreshed first.')
    const made = await makeAll(needs, work, prepared)
    if ('skipped' in made) {
      await insertDeliveries(needs.db, { id: work.run.id, subscription: subscription.id }, made.deliveries)
      const { length: total } = made.deliveries
      return { state: 'skipped', text: made.skipped, counts: { total, delivered: 0 }, ...made.outcome }
    }
    if (work.data.trial?.kind === 'dry_run') return keepDryRun(needs, work, prepared, made.plan)
    last = made.last
    await needs.db
      .transaction()
      .execute((tx) => insertAll({ ...needs, db: tx as never }, work, prepared, made.deliveries))
  } else work.log('An earlier attempt had begun to send; the rest of it goes on.', 'warn')
  await work.step('deliver', () => deliverAll(needs, work, prepared))
  work.signal.throwIfAborted()
  return conclude(needs, work, prepared, last)
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
  const unconfirmed = await settleSending(db, run.id)
  if (unconfirmed > 0)
    work.log(
      `${unconfirmed} mails were being sent when the worker before was lost; whether they arrived is not known, so they are not sent again.`,
      'warn',
    )
  const begun = Object.keys(await countDeliveries(db, run.id)).length > 0
  if (!begun) await dropSlices(db, run.id)
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

/** What the next run compares with. */
interface Last {
  readonly etag: string
  readonly values: Readonly<Record<string, number>>
}

type Made =
  | {
      readonly skipped: string
      readonly deliveries: readonly NewDelivery[]
      readonly outcome?: Pick<RunOutcome, 'commit'>
    }
  | { readonly plan: Plan; readonly deliveries: readonly NewDelivery[]; readonly last: Last }

/** Evaluates and sets every slice. What does not meet the condition is left out; nothing has been sent when this ends. */
async function makeAll(needs: RunNeeds, work: Work, prepared: Prepared): Promise<Made> {
  const { definition, parameters, recipients, subscription, caller } = prepared
  const { data } = work
  const burstTest = data.trial?.kind === 'test'
  const plan = await planRun(needs, {
    owner: caller,
    definition: burstTest
      ? { ...definition, burst: null, rows: 'owner', destinations: [{ type: 'mail' }] }
      : definition,
    recipients,
    only: data.only ?? null,
  })
  if (data.trial?.kind !== 'dry_run' && !plan.deliveries.some(({ state }) => state === 'pending'))
    return { skipped: 'There is nobody to send it to.', deliveries: plan.deliveries }
  const used = new Set(plan.deliveries.filter(({ state }) => state === 'pending').map(({ slice }) => slice))
  if (data.trial?.kind === 'dry_run') for (const [at] of plan.slices.entries()) used.add(at)
  const dry: PlannedSlice[] =
    plan.slices.length === 0 && data.trial ? [{ caller, only: null, label: null }] : [...plan.slices]
  if (dry.length > plan.slices.length) used.add(0)
  const numbers = [...used].filter((at) => at >= 0).sort((a, b) => a - b)
  const slices = numbers.flatMap((at) => dry[at] ?? [])
  const open = await needs.reports.open(definition.report, parameters, slices)
  try {
    const dead = new Map<number, { state: 'skipped' | 'failed'; reason: string }>()
    const tags: string[] = []
    const values: Record<string, number> = {}
    const ready = new Map<number, MadeReport>()
    const few = slices.length <= 8
    const judge = (at: number, made: MadeReport): boolean => {
      const label = dry[at]?.label ?? null
      tags.push(made.etag)
      const named = (block: string): string => (label === null ? block : `${block} ${label}`)
      for (const [block, value] of Object.entries(made.values)) values[named(block)] = value
      const why = data.trial
        ? null
        : whyNot(definition.condition, made, (block) => subscription.lastValues[named(block)])
      if (why !== null) dead.set(at, { state: 'skipped', reason: why })
      return why === null
    }
    const evaluate = async (place: number): Promise<MadeReport | null> => {
      const at = numbers[place] ?? 0
      try {
        return (await open.slices[place]?.make(work.signal)) ?? null
      } catch (error) {
        return failSlice(work, dead, at, slices.length, error)
      }
    }
    const render = async (place: number, made: MadeReport): Promise<void> => {
      const at = numbers[place] ?? 0
      try {
        await makeSlice(needs, sliceAsk(needs, work, prepared, { at, label: dry[at]?.label ?? null, made }))
      } catch (error) {
        failSlice(work, dead, at, slices.length, error)
      }
    }
    const unchanged = (): boolean => {
      const asked = definition.condition?.only_if_changed && !data.trial && !data.only && !data.recipients
      return Boolean(asked) && subscription.lastEtag === etagOf(...tags.sort())
    }
    const judged = (): NewDelivery[] =>
      plan.deliveries.map((one): NewDelivery => {
        const why = one.state === 'pending' ? dead.get(one.slice) : undefined
        return why ? { ...one, ...why } : one
      })
    const unsent = (reason: string): NewDelivery[] =>
      plan.deliveries.map((one) => (one.state === 'pending' ? { ...one, state: 'skipped', reason } : one))
    const done = (count: number): void =>
      work.progress(
        (0.3 * count) / slices.length,
        slices.length === 1 ? 'making the report' : `${count} of ${slices.length} reports made`,
      )
    if (few) {
      await work.step('evaluate', async () => {
        for (const [place] of slices.entries()) {
          const made = await evaluate(place)
          if (made && judge(numbers[place] ?? 0, made)) ready.set(place, made)
        }
      })
      if (unchanged())
        return skip(
          prepared,
          unsent('Nothing has changed since it was delivered last.'),
          'Nothing has changed since it was delivered last.',
          null,
        )
      await work.step('render', async () => {
        for (const [place, made] of ready) {
          await render(place, made)
          done(place + 1)
        }
      })
    } else
      await work.step('evaluate and render', async () => {
        let next = 0
        let finished = 0
        const lane = async (): Promise<void> => {
          for (let place = next++; place < slices.length; place = next++) {
            work.signal.throwIfAborted()
            const made = await evaluate(place)
            if (made && judge(numbers[place] ?? 0, made)) await render(place, made)
            done(++finished)
          }
        }
        await Promise.all([lane(), lane(), lane()])
      })
    if (!few && unchanged())
      return skip(
        prepared,
        unsent('Nothing has changed since it was delivered last.'),
        'Nothing has changed since it was delivered last.',
        null,
      )
    const last = { etag: etagOf(...tags.sort()), values }
    const alive = numbers.filter((at) => !dead.has(at))
    if (alive.length === 0) {
      const first = dead.get(numbers[0] ?? 0)
      const failed = [...dead.values()].find(({ state }) => state === 'failed')
      if (failed) throw reportNotUsable({ detail: failed.reason })
      return skip(prepared, judged(), first?.reason ?? 'There is nobody to send it to.', last)
    }
    const deliveries = judged()
    return { plan: { ...plan, slices: dry }, deliveries, last }
  } finally {
    open.release()
  }
}

/** With one report a failure is the run's; of many the others go on. */
function failSlice(
  work: Work,
  dead: Map<number, { state: 'skipped' | 'failed'; reason: string }>,
  at: number,
  total: number,
  error: unknown,
): null {
  if (total === 1 || !(error instanceof Problem) || work.signal.aborted) throw error
  const reason = error.details.detail ?? error.title
  work.log(`A report could not be made: ${reason}`, 'error')
  dead.set(at, { state: 'failed', reason })
  return null
}

/** Why a report is not sent; null when it is. */
export function whyNot(
  condition: Condition | null,
  made: Pick<MadeReport, 'rows' | 'values'>,
  lastValue: (block: string) => number | undefined,
): string | null {
  if (condition?.only_if_rows && made.rows === 0) return 'The report has no rows.'
  if (!condition?.threshold) return null
  const { block, is, value } = condition.threshold
  const now = made.values[block]
  if (now === undefined) return `The number ${block} has no value.`
  if (is === 'above') return now > value ? null : `${block} is ${now}, not above ${value}.`
  if (is === 'below') return now < value ? null : `${block} is ${now}, not below ${value}.`
  const before = lastValue(block)
  if (before === undefined || before === 0) return `${block} has no value before to be compared with.`
  const change = (100 * (now - before)) / Math.abs(before)
  const reached = is === 'up_by_percent' ? change >= value : -change >= value
  return reached
    ? null
    : `${block} changed by ${change.toFixed(1)} % (from ${before} to ${now}), not ${is === 'up_by_percent' ? 'up' : 'down'} by ${value} %.`
}

/** What was seen is kept even where nothing is sent, so that a change is one against the run before. */
const skip = (
  { subscription }: Prepared,
  deliveries: readonly NewDelivery[],
  reason: string,
  last: Last | null,
): Made => ({
  skipped: reason,
  deliveries,
  ...(last && {
    outcome: {
      commit: (change: Change) =>
        keepLast(change.tx, subscription.id, { etag: subscription.lastEtag, values: last.values }),
    },
  }),
})

const sliceAsk = (
  { clock, timeZone }: RunNeeds,
  work: Work,
  { definition, subscription }: Prepared,
  { at, label, made }: { at: number; label: string | null; made: MadeReport },
) => ({
  runId: work.run.id,
  slice: at,
  label,
  made,
  subscription: definition.name,
  owner: subscription.owner.name,
  reportId: definition.report,
  formats: definition.formats,
  inBody: definition.in_body,
  linked: definition.files === 'linked',
  subject: definition.subject,
  body: definition.body,
  at: clock.now(),
  timeZone: definition.schedule?.time_zone ?? timeZone,
  expiresAt: new Date(clock.now().getTime() + definition.link_days * 86_400_000),
  signal: work.signal,
})

async function keepDryRun(needs: RunNeeds, work: Work, { recipients }: Prepared, plan: Plan): Promise<RunOutcome> {
  let files = 0
  for (const [at, { label }] of plan.slices.entries()) {
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
    counts: { reports: plan.slices.length, files, recipients: recipients.length },
    text: 'Made, and not sent',
  }
}

/** Who gets what, and the hashes of the links that will stand in mails: all in one transaction, before anything is sent. */
async function insertAll(
  needs: Pick<RunNeeds, 'db' | 'links' | 'clock'>,
  { run }: Work,
  { subscription, definition }: Prepared,
  deliveries: readonly NewDelivery[],
): Promise<void> {
  const { db, links, clock } = needs
  await insertDeliveries(db, { id: run.id, subscription: subscription.id }, deliveries)
  const at = clock.now()
  const since = { id: subscription.id, since: subscription.createdAt }
  const pending = await findPending(db, run.id)
  const mails = pending.filter(({ destination }) => destination === 'mail' || destination === 'inbox')
  const leaving = [...new Set(mails.map(({ recipient }) => recipient))].map((recipient) => ({
    hash: hashOfSecret(links.ofLeaving(since, recipient)),
    subscription: subscription.id,
    recipient,
    at,
  }))
  for (let start = 0; start < leaving.length; start += 1000) await putLeaveLinks(db, leaving.slice(start, start + 1000))
  const files = new Map<number, Awaited<ReturnType<typeof findFiles>>>()
  const fileLinks = []
  for (const { id, slice, destination } of pending) {
    const linked = destination.startsWith('webhook:') || (definition.files === 'linked' && destination !== 'folder')
    if (!linked || destination.startsWith('folder:')) continue
    if (!files.has(slice)) files.set(slice, await findFiles(db, run.id, slice))
    for (const file of files.get(slice) ?? []) {
      if (file.format === 'view') continue
      const hash = hashOfSecret(links.ofFile(id, file.id))
      fileLinks.push({ hash, deliveryId: id, fileId: file.id, expiresAt: file.expiresAt })
    }
  }
  await putFileLinks(db, fileLinks)
}

async function deliverAll(needs: RunNeeds, work: Work, prepared: Prepared): Promise<void> {
  const { db, clock } = needs
  const { subscription, definition } = prepared
  const holder: Holder = { runId: work.run.id, attempt: work.run.attempt }
  const loadSlice = sliceLoader(needs, work.run.id)
  const sending = {
    ...needs,
    loadSlice,
    subscription: { id: subscription.id, since: subscription.createdAt },
    linked: definition.files === 'linked',
  }
  const waiting = (await findPending(db, work.run.id)).length
  let ended = await deliverToInboxes(db, holder)
  const tell = (text?: string): void =>
    work.progress(0.3 + (0.7 * ended) / Math.max(1, waiting), text ?? `${ended} of ${waiting} delivered`)
  tell()
  await deliver(
    { db },
    {
      holder,
      patience: needs.patience,
      signal: work.signal,
      senders: [
        mailSender(sending),
        webhookSender({
          ...sending,
          targets: targetsOf(needs.sealer, subscription.id, definition, await findWebhookSecrets(db, subscription.id)),
          report: definition.report,
          signal: work.signal,
        }),
        folderSender({
          ...sending,
          directory: needs.deliveredDirectory,
          stamp: stampOf(work.run.createdAt, work.run.id),
        }),
      ],
      onWaiting: (reason) => tell(`${ended} of ${waiting} delivered; waiting: ${reason}`),
      onEnded: ({ recipient, destination }, { state, reason }) => {
        const where = recipient === '' ? destination : `${recipient} (${destination})`
        if (state === 'pending') work.log(`${where}: ${reason} It is tried again.`, 'warn')
        else ended++
        if (state === 'failed' || state === 'unconfirmed') work.log(`${where}: ${state}. ${reason}`, 'error')
        tell()
      },
    },
  )
  void clock
}

/** Makes the names of a run's files its own: none of an earlier run is lost. */
const stampOf = (at: Date, runId: string): string =>
  `${at.toISOString().slice(11, 16).replace(':', '')}Z ${runId.slice(0, 8)}`

async function conclude(needs: RunNeeds, work: Work, prepared: Prepared, last: Last | null): Promise<RunOutcome> {
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
      const whole = !work.data.trial && !work.data.recipients && !work.data.only && !work.data.parameters
      if (last && whole && delivered > 0) await keepLast(change.tx, subscription.id, last)
      change.note({
        verb: 'subscription.delivered',
        subjectType: 'subscription',
        subjectId: subscription.id,
        detail: { run: work.run.id, state, ...counts, ...(work.data.trial && { trial: work.data.trial.kind }) },
      })
    },
  }
}
