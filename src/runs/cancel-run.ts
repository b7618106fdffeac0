import type { Caller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import type { Queue } from '#src/queue/queue.ts'
import { closeRun } from './close-run.ts'
import { mayCancelRun, maySeeRun } from './may-see-run.ts'
import { mayNotCancelRun, runFinished, runNotFound } from './problems.ts'
import type { Run } from './run.ts'
import { findRun, lockRun, requestCancel } from './store.ts'

/** Ends a waiting run; tells a running one to stop. Says whether that was still to be done. */
export async function cancelRun(
  { queue }: { queue: Queue | null },
  change: Change,
  caller: Caller,
  id: string,
): Promise<{ run: Run; changed: boolean }> {
  const { tx } = change
  const run = await lockRun(tx, id)
  if (!run || !maySeeRun(caller, run)) throw runNotFound()
  if (!mayCancelRun(caller, run))
    throw mayNotCancelRun({
      hint: `Of your own it takes the permission ${run.permission}, of somebody else’s runs:admin.`,
    })
  if (run.state === 'cancelled' || (run.state === 'running' && run.cancelRequested)) return { run, changed: false }
  if (run.finishedAt)
    throw runFinished({ detail: `The run has already ${run.state === 'succeeded' ? 'succeeded' : 'ended'}.` })
  const asked = await requestCancel(tx, id)
  if (run.state === 'queued') await closeRun(queue, tx, run, { state: 'cancelled' }, null)
  change.note({
    verb: 'run.cancelled',
    subjectType: 'run',
    subjectId: id,
    detail: { kind: run.kind, subject: run.subject.id },
  })
  return { run: (await findRun(tx, id)) ?? asked, changed: true }
}
