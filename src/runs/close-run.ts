import type { Tx } from '#src/database/change.ts'
import type { Queue } from '#src/queue/queue.ts'
import { sendCallback } from './jobs.ts'
import type { Run } from './run.ts'
import { endRun, findWaitingCallbacks, type RunEnd, type RunNews } from './store.ts'

/**
 * Closes a run (or puts it back into the queue), and has those told who wanted to be. False when it is no longer this
 * attempt's: then nothing was written.
 */
export async function closeRun(
  queue: Queue | null,
  tx: Tx,
  run: Pick<Run, 'id' | 'attempt'>,
  end: RunEnd,
  news: RunNews | null,
): Promise<boolean> {
  if (!(await endRun(tx, run, end, news))) return false
  // Without a queue (the command line), the next worker that looks for what was forgotten finds them.
  if (queue && end.state !== 'queued')
    for (const callback of await findWaitingCallbacks(tx, run.id)) await queue.send(tx, sendCallback, { callback })
  return true
}
