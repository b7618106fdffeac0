import type { Mailer } from '#src/mail/mailer.ts'
import type { Queue } from '#src/queue/queue.ts'
import type { Executor } from '#src/runs/executor.ts'
import type { Ticker } from '#src/runs/schedules/ticker.ts'
import { startRun } from '#src/runs/start-run.ts'
import { runSubscription, subscriptionMail, subscriptionUpkeep } from './jobs.ts'
import { rerunSubscription } from './rerun.ts'
import type { RunNeeds } from './run-needs.ts'
import { runSubscriptionHandler } from './run-subscription.ts'
import { keepUp } from './upkeep.ts'

/** Says who does runs of subscriptions, and what the clock starts. */
export function workOnSubscriptions(needs: RunNeeds, executor: Executor, ticker: Ticker): void {
  executor.register(runSubscription, runSubscriptionHandler(needs), { rerun: rerunSubscription(needs) })
  ticker.onDue(runSubscription.name, async (change, { subject, scheduledFor, cause }) => {
    const { run, joined } = await startRun(needs.runs, change, {
      kind: runSubscription,
      subject,
      data: { subscription: subject.id },
      triggerType: 'schedule',
      scheduledFor,
      cause,
      // Each planned time is a run of its own; the one before may still be at work.
      ifRunning: 'queue',
      same: (open) => open.scheduledFor?.getTime() === scheduledFor.getTime(),
    })
    if (!joined)
      change.note({
        verb: 'subscription.run_requested',
        subjectType: 'subscription',
        subjectId: subject.id,
        detail: { run: run.id, scheduled_for: scheduledFor.toISOString() },
      })
  })
}

/** Takes up this room's jobs. */
export async function workOnSubscriptionJobs(
  needs: Omit<RunNeeds, 'queue'> & { readonly queue: Queue; readonly mailer: Mailer },
): Promise<void> {
  const { queue, mailer } = needs
  await queue.work(subscriptionMail, ({ data }) => mailer.send(data))
  await queue.work(subscriptionUpkeep, () => keepUp(needs))
  await queue.schedule(subscriptionUpkeep, '* * * * *', {}, 'UTC')
}
