import { actor, localCaller } from '#src/access/caller.ts'
import type { Changer, Database } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import { Problem } from '#src/problem/problem.ts'
import { listSchedules, removeSchedule, setSchedule } from '#src/runs/schedules/set-schedule.ts'
import type { Ticker } from '#src/runs/schedules/ticker.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import type { CompiledModel } from './compile-model.ts'
import { refreshModelRun } from './jobs.ts'
import { requestRefresh } from './request-refresh.ts'

export interface PlanNeeds {
  readonly db: Database
  readonly changer: Changer
  readonly models: readonly CompiledModel[]
  readonly runs: RunStarter
  readonly clock: { now(): Date }
  readonly log: Log
}

const planner = actor(localCaller('system', 'model files'))
const kind = refreshModelRun.name
const subjectOf = (model: string) => ({ type: 'model', id: model })

/** Has models refreshed by the clock as their files say now; what they said before and say no more is forgotten. */
export async function planRefreshes({ db, changer, models, clock, log }: PlanNeeds): Promise<void> {
  const planned = models.filter((model) => model.schedule !== null)
  for (const kept of await listSchedules(db, kind))
    if (!planned.some((model) => model.name === kept.key.subject.id))
      await changer(planner, async (change) => void (await removeSchedule(change, kept.key)))
  for (const { name, schedule } of planned)
    try {
      await changer(planner, async (change) => {
        const owner = { accountId: null, accountName: null }
        await setSchedule({ clock }, change, { kind, subject: subjectOf(name), schedule: schedule!, owner })
      })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // One that cannot be kept (its holiday calendar is not there) keeps neither the server nor the others.
      log.warn({ err: error, model: name }, 'the schedule of a model cannot be kept')
    }
}

/** Starts the refreshes that are due. */
export function refreshWhenDue({ models, runs, log }: PlanNeeds, ticker: Pick<Ticker, 'onDue'>): void {
  const modelNames = models.map(({ name }) => name)
  ticker.onDue(kind, async (change, { subject, scheduledFor, cause }) => {
    // Another process may have model files that this one has not.
    if (!modelNames.includes(subject.id)) log.warn({ model: subject.id }, 'a model is due that has no file here')
    else
      await requestRefresh({ runs, modelNames }, change, subject.id, { cause, scheduledFor, triggerType: 'schedule' })
  })
}
