import { runNotRepeatable } from '#src/runs/problems.ts'
import type { RerunHook } from '#src/runs/rerun-run.ts'
import { findMissed } from './delivery-store.ts'
import { RunData } from './jobs.ts'
import type { SubscriptionNeeds } from './needs.ts'
import { repeatSubscriptionRun } from './start-run.ts'

/**
 * The whole again, or only what failed: what was delivered never goes out again by this, and neither does what may have
 * arrived (`unconfirmed`). Who wants those names them as `recipients` of a new run.
 */
export const rerunSubscription =
  (needs: SubscriptionNeeds): RerunHook =>
  async (change, { run, only }) => {
    const read = RunData.safeParse(run.data)
    if (!read.success) throw runNotRepeatable({ detail: 'The run was made by a version that asked otherwise.' })
    if (!only) return repeatSubscriptionRun(needs, change, run, read.data)
    const missed = await findMissed(change.tx, run.id)
    const began = missed.length > 0
    if (!began && run.state === 'partially_failed')
      throw runNotRepeatable({
        detail: 'Nothing of it is known to have failed: some deliveries are unconfirmed and may have arrived.',
        hint: 'To send those again, start a run with these `recipients`.',
      })
    if (!began && run.state === 'succeeded') throw runNotRepeatable({ detail: 'Nothing of this run failed.' })
    const pairs = missed.map(({ recipient, destination }): [string, string] => [recipient, destination])
    return repeatSubscriptionRun(needs, change, run, { ...read.data, ...(began && { only: pairs }) })
  }
