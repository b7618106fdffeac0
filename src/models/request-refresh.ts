import type { Change } from '#src/database/change.ts'
import type { Callback, IfRunning, TriggerType } from '#src/runs/run.ts'
import { type RunStarter, type StartedRun, startRun } from '#src/runs/start-run.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { refreshModelRun } from './jobs.ts'
import type { RefreshType } from './store.ts'

export interface RequestNeeds {
  /** Without a queue at the command line, which then performs the run itself. */
  readonly runs: RunStarter
  readonly modelNames: readonly string[]
}

export interface RefreshAsk {
  readonly cause?: string | undefined
  /** Default: what the model file says. */
  readonly type?: RefreshType | undefined
  readonly ifRunning?: IfRunning | undefined
  readonly callback?: Callback | undefined
  /** Default: by who asks. */
  readonly triggerType?: TriggerType | undefined
  /** The moment of its schedule. */
  readonly scheduledFor?: Date | undefined
}

/**
 * Asks for a new snapshot of a model. Who asks while one of that type is being made, or waits to be, gets that run, unless
 * they say otherwise.
 */
export async function requestRefresh(
  { runs, modelNames }: RequestNeeds,
  change: Change,
  model: string,
  { cause, type, ifRunning, callback, triggerType, scheduledFor }: RefreshAsk = {},
): Promise<StartedRun> {
  if (!modelNames.includes(model))
    throw unknownModel({ detail: `There is no model called ${model}.`, hint: 'GET /v1/models lists them.' })
  const started = await startRun(runs, change, {
    kind: refreshModelRun,
    subject: { type: 'model', id: model },
    data: { model, reason: cause ?? null, type },
    cause,
    ifRunning,
    callback,
    scheduledFor,
    ...(triggerType && { triggerType }),
    // Whoever wants all rows read anew is not served by a run that asks for changed ones only, and the other way round.
    same: (open) => refreshModelRun.data.parse(open.data).type === type,
  })
  if (!started.joined)
    change.note({
      verb: 'model.refresh_requested',
      subjectType: 'model',
      subjectId: model,
      detail: { run: started.run.id, reason: cause ?? null, ...(type && { type }) },
    })
  return started
}
