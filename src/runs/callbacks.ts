import { randomUUID } from 'node:crypto'
import type { Database, Tx } from '#src/database/change.ts'
import type { Sealer } from '#src/files/sealed.ts'
import { isRefused, type Outbound } from '#src/outbound/open-outbound.ts'
import { Problem } from '#src/problem/problem.ts'
import type { Job } from '#src/queue/job-kind.ts'
import { sendCallback } from './jobs.ts'
import { tooManyCallbacks } from './problems.ts'
import type { Callback, Run } from './run.ts'
import { showRun } from './show-run.ts'
import { findCallback, findRun, insertCallback, noteCallback } from './store.ts'

/** Keeps whom to tell of a run's end. */
export interface CallbackKeeper {
  /** Refuses an address that will never be called. */
  check(callback: Callback): void
  keep(tx: Tx, run: Run, callback: Callback): Promise<void>
}

interface CallbackNeeds {
  readonly sealer: Sealer
  readonly outbound: Outbound
}

const mostPerRun = 20
const sealedFor = (id: string): string => `run_callbacks:${id}`

export const openCallbacks = ({ sealer, outbound }: CallbackNeeds): CallbackKeeper => ({
  check: ({ url }) => void outbound.check(url),
  async keep(tx, run, { url, secret }) {
    if (run.callbacks.length >= mostPerRun)
      throw tooManyCallbacks({ detail: `${mostPerRun} are already told of this run’s end.` })
    const id = randomUUID()
    const sealed = sealer.seal(JSON.stringify({ url, secret }), sealedFor(id))
    await insertCallback(tx, { id, runId: run.id, sealed, host: new URL(url).host })
  },
})

/**
 * Posts an ended run to who asked to be told. Sent again while the other side can't be reached or refuses, with the same
 * id each time; what becomes of it stands in the run.
 */
export const sendCallbackJob =
  ({ db, sealer, outbound }: CallbackNeeds & { db: Database }) =>
  async ({ data, attempt, signal }: Pick<Job<{ callback: string }>, 'data' | 'attempt' | 'signal'>): Promise<void> => {
    const id = data.callback
    const callback = await findCallback(db, id)
    const run = callback?.state === 'waiting' ? await findRun(db, callback.runId) : null
    if (!callback || !run?.finishedAt) return
    const opened = sealer.open(callback.sealed, sealedFor(id))
    if (opened === null) {
      await noteCallback(db, id, { state: 'failed', failure: 'The key under which its address was sealed is gone.' })
      return
    }
    const { url, secret } = JSON.parse(opened) as Callback
    const message = { type: 'run.ended', timestamp: run.finishedAt.toISOString(), data: toldOf(run) }
    try {
      await outbound.send({
        url,
        secret,
        id,
        body: JSON.stringify(message),
        contentType: 'application/json',
        signal,
      })
    } catch (error) {
      const failure = error instanceof Problem ? error.message : 'Something went wrong on our side.'
      const last = isRefused(error) || attempt > (sendCallback.retries ?? 0)
      await noteCallback(db, id, { state: last ? 'failed' : 'waiting', failure })
      if (last) return
      throw error
    }
    await noteCallback(db, id, { state: 'delivered', failure: null })
  }

/** The run as everybody sees it, but for who else is told. */
const toldOf = (run: Run): object => {
  const { callbacks: _, ...told } = showRun(run)
  return told
}
