import type { Executor } from '#src/runs/executor.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { refreshModelRun } from './jobs.ts'
import { type RefreshNeeds, refreshModel } from './refresh-model.ts'

/** Says that refreshes are done here. */
export function workOnModels(needs: RefreshNeeds, executor: Executor): void {
  const refresh = refreshModel(needs)
  executor.register(refreshModelRun, async (work) => {
    await collectSnapshots(needs)
    return refresh(work)
  })
}
