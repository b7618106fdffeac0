import { setTimeout as sleep } from 'node:timers/promises'
import { type Actor, localCaller } from '#src/access/caller.ts'
import type { Changer, Database } from '#src/database/change.ts'
import { getRun } from '#src/runs/get-run.ts'
import type { Run } from '#src/runs/run.ts'
import type { LiveModels } from './live-models.ts'
import { type RefreshAsk, type RequestNeeds, requestRefresh } from './request-refresh.ts'

export interface RefreshAndWaitNeeds extends RequestNeeds {
  readonly db: Database
  readonly changer: Changer
  readonly live: Pick<LiveModels, 'catchUp'>
}

/**
 * Refreshes models and waits until they have been: for work that is about their newest data (`refresh_first`). All are
 * asked for at once. Resolves with the runs as they ended, whatever came of them; when it does, this process reads what is
 * new. Whether the actor may is for who calls. Aborting stops the waiting, not the refreshes, which others may have joined.
 */
export async function refreshAndWait(
  needs: RefreshAndWaitNeeds,
  actor: Actor,
  models: readonly string[],
  { signal, pollMs = 500, ...ask }: RefreshAsk & { readonly signal?: AbortSignal; readonly pollMs?: number } = {},
): Promise<Run[]> {
  const started = await needs.changer(actor, async (change) => {
    const runs: Run[] = []
    // In one order, so that two who ask for the same models at the same moment don't wait for each other.
    for (const model of [...new Set(models)].sort())
      runs.push((await requestRefresh(needs, change, model, { triggerType: 'dependency', ...ask })).run)
    return runs
  })
  const ended: Run[] = []
  for (const { id } of started) {
    let run = await getRun(needs, watcher, id)
    while (run.finishedAt === null) {
      await sleep(pollMs, undefined, signal && { signal })
      run = await getRun(needs, watcher, id)
    }
    ended.push(run)
  }
  await needs.live.catchUp()
  return ended
}

const watcher = localCaller('system', 'models')
