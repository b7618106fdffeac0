import { actor, localCaller } from '#src/access/caller.ts'
import type { Changer, Database } from '#src/database/change.ts'
import type { Queue } from '#src/queue/queue.ts'
import { findOpenRun } from '#src/runs/find-open-run.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { Run } from '#src/runs/run.ts'
import { listSchedules } from '#src/runs/schedules/set-schedule.ts'
import { settleState } from './change-state.ts'
import { isAllowedAddress } from './check-subscription.ts'
import {
  cancelPending,
  countDeliveries,
  type Delivery,
  findDeliveries,
  findLeftOver,
  findUntold,
  settleSending,
  takeNotice,
} from './delivery-store.ts'
import { runSubscription, subscriptionMail } from './jobs.ts'
import { failureAddresses } from './present-subscription.ts'
import { expireFiles } from './slice-store.ts'
import { findResting, findSubscription, lockSubscription } from './store.ts'

interface UpkeepNeeds {
  readonly db: Database
  readonly changer: Changer
  readonly queue: Queue
  readonly site: { readonly address: string; readonly title: string }
  /** Domains that outside addresses may be in. Empty: any. */
  readonly allowedDomains: readonly string[]
  readonly clock: { now(): Date }
}

const system = localCaller('system', 'subscriptions')
const dayMs = 86_400_000
/** As Inforiver has it. */
const archivedAfterDays = 90

/** Ends what has come to its end and tells of what went wrong. Any number of processes may do it at once. */
export async function keepUp(needs: UpkeepNeeds): Promise<void> {
  const { db } = needs
  for (const runId of await findLeftOver(db)) {
    await settleSending(db, runId)
    await cancelPending(db, runId, 'The run ended before.')
  }
  await tellOfFailures(needs)
  await completeEnded(needs)
  const before = new Date(needs.clock.now().getTime() - archivedAfterDays * dayMs)
  for (const id of await findResting(db, ['paused', 'completed'], before))
    await needs.changer(actor(system), (change) =>
      settleState(
        needs,
        change,
        id,
        ['paused', 'completed'],
        'archived',
        `It has rested for ${archivedAfterDays} days.`,
      ),
    )
  await expireFiles(db)
}

/** One whose schedule has no time to come, and whose last run is not waiting or at work. */
async function completeEnded({ db, changer, clock }: UpkeepNeeds): Promise<void> {
  for (const { key, nextAt, paused } of await listSchedules(db, runSubscription.name)) {
    if (nextAt !== null || paused) continue
    const { id } = key.subject
    await changer(actor(system), async (change) => {
      await lockSubscription(change.tx, id)
      if (await findOpenRun(change.tx, runSubscription, key.subject)) return
      await settleState({ clock }, change, id, ['active'], 'completed', 'Its schedule has come to its end.')
    })
  }
}

/** Every run that failed or did only a part is told of, once: also one whose worker was lost. */
export async function tellOfFailures(needs: UpkeepNeeds): Promise<void> {
  const { db, changer, clock } = needs
  for (const id of await findUntold(db, runSubscription.name)) {
    const run = await getRun({ db }, system, id)
    const subscription = await findSubscription(db, run.subject.id)
    await changer(actor(system), async ({ tx }) => {
      if (!(await takeNotice(tx, id, clock.now())) || !subscription) return
      const mail = await failureMail(needs, run, subscription.definition.name)
      for (const to of failureAddresses(subscription)) {
        if (to !== subscription.owner.email && !isAllowedAddress(to, needs.allowedDomains)) continue
        await needs.queue.send(tx, subscriptionMail, { ...mail, key: `${mail.key} to ${to}`, to })
      }
    })
  }
}

const mostNamed = 30

async function failureMail({ db, site }: UpkeepNeeds, run: Run, name: string) {
  const counts = await countDeliveries(db, run.id)
  const missed: Delivery[] = []
  let wrong = 0
  for (const state of ['failed', 'unconfirmed', 'cancelled'] as const) {
    wrong += counts[state] ?? 0
    missed.push(...(await findDeliveries(db, run.id, { state, after: null, limit: mostNamed - missed.length })))
  }
  const delivered = counts.delivered ?? 0
  const { subject, sentence } = endingOf(run, wrong, wrong + delivered)
  return {
    key: `run ${run.id} failed`,
    subject: `“${name}”: ${subject}`,
    text: [
      `A run of the subscription “${name}” on ${site.title} ${sentence}.`,
      ...(run.error ? [`Reason: ${run.error.message}`] : []),
      ...(missed.length > 0
        ? [
            [
              'Not, or not surely, delivered:',
              ...missed.map(
                ({ recipient, destination, state, reason }) =>
                  `- ${recipient === '' ? destination : `${recipient} (${destination})`}: ${state}. ${reason ?? ''}`,
              ),
              ...(wrong > missed.length ? [`… and ${wrong - missed.length} more.`] : []),
            ].join('\n'),
          ]
        : []),
      ...((counts.unconfirmed ?? 0) > 0
        ? [
            '“unconfirmed” may have arrived: the answer was lost while it was being sent. It is not sent again by itself.',
          ]
        : []),
      `The run with its log, and a button to run it again for what failed: ${site.address}/runs/${run.id}`,
    ].join('\n\n'),
  }
}

function endingOf({ state }: Run, wrong: number, all: number): { subject: string; sentence: string } {
  if (state === 'partially_failed')
    return { subject: `${wrong} of ${all} deliveries failed`, sentence: 'reached some of its recipients only' }
  if (state === 'cancelled')
    return { subject: 'the run was stopped halfway', sentence: 'was stopped after it had begun to send' }
  return { subject: 'the run failed', sentence: state === 'timed_out' ? 'has taken too long' : 'has failed' }
}
