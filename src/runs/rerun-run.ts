import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { requirePermission } from '#src/http/permission.ts'
import { createRun } from './create-run.ts'
import { maySeeRun } from './may-see-run.ts'
import { runNotFinished, runNotFound, runNotRepeatable } from './problems.ts'
import type { Run, RunKind } from './run.ts'
import type { RunStarter, StartedRun } from './start-run.ts'
import { lockRun } from './store.ts'

export interface RerunAsk {
  readonly run: Run
  /** Only what failed; the kind of run says what that means. */
  readonly only: 'failed' | null
  readonly caller: Caller
}

/**
 * Starts a run again, for the kind of it that the hook is registered for. It has been checked that the run has ended and
 * that the caller may start such ones; that it was done again is noted, so the hook notes nothing. The new run names the
 * old one (`rerunOf`).
 */
export type RerunHook = (change: Change, ask: RerunAsk) => Promise<StartedRun>

/** The hook of kinds whose runs simply are what their data say, and whose data still hold when they are done later. */
export const repeatWith =
  <Data extends object>(starter: RunStarter, kind: RunKind<Data>): RerunHook =>
  async (change, { run, only }) => {
    if (only) throw runNotRepeatable({ detail: `A run of the kind ${run.kind} has no parts of which some failed.` })
    const read = kind.data.safeParse(run.data)
    if (!read.success) throw runNotRepeatable({ detail: 'The run was made by a version that asked otherwise.' })
    const ask = { kind, subject: run.subject, data: read.data, rerunOf: run.id, cause: `rerun of ${run.id}` }
    return { run: await createRun(starter, change, ask), joined: false }
  }

export async function rerunRun(
  needs: { rerunOf(kind: string): RerunHook | null },
  change: Change,
  caller: Caller,
  id: string,
  only: 'failed' | null,
): Promise<StartedRun> {
  const run = await lockRun(change.tx, id)
  if (!run || !maySeeRun(caller, run)) throw runNotFound()
  requirePermission(caller, run.permission, run.subject.id)
  if (!run.finishedAt)
    throw runNotFinished({
      detail: 'The run is under way.',
      headers: { location: `/v1/runs/${id}`, 'retry-after': '5' },
    })
  const hook = needs.rerunOf(run.kind)
  if (!hook) throw runNotRepeatable({ detail: `Runs of the kind ${run.kind} cannot be done again.` })
  const started = await hook(change, { run, only, caller })
  if (!started.joined)
    change.note({
      verb: 'run.repeated',
      subjectType: 'run',
      subjectId: started.run.id,
      detail: { kind: run.kind, subject: run.subject.id, rerun_of: id, ...(only && { only }) },
    })
  return started
}
