import type { Queue } from '#src/queue/queue.ts'
import { closeRun } from './close-run.ts'
import { jobOfRuns, sendCallback } from './jobs.ts'
import type { MayReadMade } from './may-see-run.ts'
import { type PerformNeeds, performRun } from './perform-run.ts'
import type { RerunHook } from './rerun-run.ts'
import type { AnyRunKind, RunHandler, RunKind } from './run.ts'
import { findAbandoned, findForgottenCallbacks } from './store.ts'

interface RegisterOptions {
  rerun?: RerunHook
  /** Whether a caller, who has the permission of the kind, may still have what such a run made. Default: yes. */
  mayReadMade?: MayReadMade
}

export interface Executor {
  /** Says who does the runs of a kind, and how one is started again; before `start`. */
  register<Data extends object>(kind: RunKind<Data>, handler: RunHandler<Data>, options?: RegisterOptions): void
  /** How a run of a kind is started again; null where that is not offered. */
  rerunOf(kind: string): RerunHook | null
  /** Whether what a run made is still for this caller, as far as its kind has rules of its own. */
  readonly mayReadMade: MayReadMade
  /** Does runs from now on, and looks for those that nobody does. */
  start(): Promise<void>
  /** Stops taking runs up, tells those at work to stop, and gives back to the queue what they did not finish. */
  close(): Promise<void>
}

interface ExecutorNeeds extends PerformNeeds {
  queue: Queue
  /**
   * How often to look for abandoned runs. Default: 10 s; with the lease of 20 s a dead worker's run goes on within
   * half a minute.
   */
  sweepMs?: number
  /** A run that waited this long with its way free gets another job, in case its own was lost. Default: 30 s. */
  waitedMs?: number
}

/** After so many workers died over it, a run is likely to be what kills them. */
const mostAttempts = 5

/** When nobody has tried to tell of a run's end for so long, the job for it was lost. */
const forgottenMs = 120_000

interface Registered {
  kind: AnyRunKind
  work: () => Promise<() => Promise<void>>
  rerun: RerunHook | null
  mayReadMade: MayReadMade | null
}

export function makeExecutor(needs: ExecutorNeeds): Executor {
  const { queue, db, log, sweepMs = 10_000, waitedMs = 30_000 } = needs
  const kinds = new Map<string, Registered>()
  const closing = new AbortController()
  const atWork = new Set<Promise<void>>()
  const stopWork: (() => Promise<void>)[] = []
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> | null = null

  const track = async (work: Promise<void>): Promise<void> => {
    atWork.add(work)
    try {
      await work
    } finally {
      atWork.delete(work)
    }
  }

  async function sweep(): Promise<void> {
    const { lost, waiting } = await findAbandoned(db, [...kinds.keys()], waitedMs)
    for (const run of [...lost, ...waiting]) {
      const kind = kinds.get(run.kind)?.kind
      if (!kind) continue
      if (run.state === 'running' && run.cancelRequested) {
        await db.transaction().execute((tx) => closeRun(queue, tx, run, { state: 'cancelled' }, null))
      } else if (run.state === 'running' && run.attempt >= mostAttempts) {
        const message = `The worker doing it was lost ${run.attempt} times.`
        const error = { code: 'worker-lost', message, retryable: true }
        await db.transaction().execute((tx) => closeRun(queue, tx, run, { state: 'failed', error }, null))
      } else await queue.send(db, jobOfRuns(kind), { run_id: run.id })
    }
    for (const callback of await findForgottenCallbacks(db, forgottenMs))
      await queue.send(db, sendCallback, { callback })
  }

  return {
    register(kind, handler, { rerun, mayReadMade } = {}) {
      const work = () =>
        queue.work(jobOfRuns(kind), async ({ data }) => {
          // Left undone, so that the queue hands it to another worker.
          if (closing.signal.aborted) throw new Error('this worker is closing')
          await track(performRun(needs, kind, handler, data.run_id, closing.signal))
        })
      kinds.set(kind.name, { kind, work, rerun: rerun ?? null, mayReadMade: mayReadMade ?? null })
    },

    rerunOf: (kind) => kinds.get(kind)?.rerun ?? null,

    mayReadMade: (caller, run) => kinds.get(run.kind)?.mayReadMade?.(caller, run) ?? true,

    async start() {
      for (const { work } of kinds.values()) stopWork.push(await work())
      timer = setInterval(() => {
        sweeping ??= sweep()
          .catch((error: unknown) => log.warn({ err: error }, 'abandoned runs could not be looked for'))
          .finally(() => {
            sweeping = null
          })
      }, sweepMs)
    },

    async close() {
      clearInterval(timer)
      // First, so that it does not take up again what it gives back.
      await Promise.all(stopWork.map((stop) => stop()))
      closing.abort()
      await sweeping
      await Promise.allSettled(atWork)
    },
  }
}
