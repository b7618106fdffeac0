import { actor, localCaller } from '#src/access/caller.ts'
import type { Mailer } from '#src/mail/mailer.ts'
import type { Queue } from '#src/queue/queue.ts'
import type { Executor } from '#src/runs/executor.ts'
import { repeatWith } from '#src/runs/rerun-run.ts'
import type { Ticker } from '#src/runs/schedules/ticker.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { modelMail, refreshModelRun, staleNotices } from './jobs.ts'
import { type PlanNeeds, planRefreshes, refreshWhenDue } from './plan-refreshes.ts'
import { type RefreshNeeds, refreshModel } from './refresh-model.ts'
import { type StaleNeeds, sendStaleNotices } from './send-stale-notices.ts'

/** Says that refreshes are done here. */
export function workOnModels(needs: RefreshNeeds, executor: Executor): void {
  const refresh = refreshModel(needs)
  executor.register(
    refreshModelRun,
    async (work) => {
      await collectSnapshots(needs)
      return refresh(work)
    },
    { rerun: repeatWith(needs.runs, refreshModelRun) },
  )
}

export interface WatchNeeds extends PlanNeeds, Omit<StaleNeeds, 'queueMail'> {
  readonly queue: Queue
  readonly mailer: Mailer
}

/** Has models refreshed by the clock, and tells of those whose data have grown too old. */
export async function watchModels(needs: WatchNeeds, ticker: Pick<Ticker, 'onDue'>): Promise<void> {
  const { queue, mailer, changer } = needs
  await planRefreshes(needs)
  refreshWhenDue(needs, ticker)
  const watcher = actor(localCaller('system', 'freshness'))
  const queueMail: StaleNeeds['queueMail'] = (tx, mail) => queue.send(tx, modelMail, mail)
  await queue.work(modelMail, ({ data }) => mailer.send(data))
  await queue.work(
    staleNotices,
    async () => void (await changer(watcher, (change) => sendStaleNotices({ ...needs, queueMail }, change))),
  )
  await queue.schedule(staleNotices, '* * * * *', {}, 'UTC')
}
