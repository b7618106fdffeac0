import type { Change } from '#src/database/change.ts'
import type { Queue } from '#src/queue/queue.ts'
import { createRun } from '#src/runs/create-run.ts'
import { findOpenRun } from '#src/runs/find-open-run.ts'
import type { Run } from '#src/runs/run.ts'
import { unknownModel } from '#src/warehouse/problems.ts'
import { refreshModelRun } from './jobs.ts'
import { lockRequests } from './store.ts'

export interface RequestNeeds {
  /** Null at the command line, which then performs the run itself. */
  readonly queue: Queue | null
  readonly modelNames: readonly string[]
}

/** Asks for a new snapshot of a model. Who asks while one is being made, or waits to be, gets that run. */
export async function requestRefresh(
  { queue, modelNames }: RequestNeeds,
  change: Change,
  model: string,
  reason: string | null,
): Promise<{ run: Run; joined: boolean }> {
  if (!modelNames.includes(model))
    throw unknownModel({ detail: `There is no model called ${model}.`, hint: 'GET /v1/models lists them.' })
  const subject = { type: 'model', id: model }
  await lockRequests(change.tx, model)
  const open = await findOpenRun(change.tx, refreshModelRun, subject)
  if (open) return { run: open, joined: true }
  const run = await createRun({ queue }, change, {
    kind: refreshModelRun,
    subject,
    data: { model, reason },
    ...(reason !== null && { cause: reason }),
  })
  change.note({
    verb: 'model.refresh_requested',
    subjectType: 'model',
    subjectId: model,
    detail: { run: run.id, reason },
  })
  return { run, joined: false }
}
