import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { maySeeRun } from './may-see-run.ts'
import { runNotFound } from './problems.ts'
import type { Run, RunLogLine } from './run.ts'
import { findLogLines, findRun } from './store.ts'

/** The run, to whoever may see it; to anyone else there is none. */
export async function getRun({ db }: { db: Database }, caller: Caller, id: string): Promise<Run> {
  const run = await findRun(db, id)
  if (!run || !maySeeRun(caller, run)) {
    throw runNotFound({ hint: 'List yours at /v1/runs; everyone’s need the permission runs:admin.' })
  }
  return run
}

export async function getRunLog(
  needs: { db: Database },
  caller: Caller,
  id: string,
  page: { after: number; limit: number },
): Promise<RunLogLine[]> {
  await getRun(needs, caller, id)
  return findLogLines(needs.db, id, page.after, page.limit)
}

const firstPauseMs = 100
const longestPauseMs = 1000

/**
 * The run as soon as `enough` says so or it has ended, at the latest after `waitMs`; its state then, whatever it is.
 */
export async function awaitRun(
  needs: { db: Database },
  caller: Caller,
  id: string,
  { waitMs, enough, signal }: { waitMs: number; enough: (run: Run) => boolean; signal: AbortSignal },
): Promise<Run> {
  const until = performance.now() + waitMs
  let pauseMs = firstPauseMs
  for (;;) {
    const run = await getRun(needs, caller, id)
    const leftMs = until - performance.now()
    if (run.finishedAt || enough(run) || leftMs <= 0 || signal.aborted) return run
    await sleep(Math.min(pauseMs, leftMs), undefined, { signal }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)
  }
}
