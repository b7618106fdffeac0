import type { Executor } from '#src/runs/executor.ts'
import { repeatWith } from '#src/runs/rerun-run.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { refreshModelRun } from './jobs.ts'
import { type RefreshNeeds, refreshModel } from './refresh-model.ts'

/** Says that refreshes are done here. */
export function workOnModels(needs: RefreshNeeds & { runs: RunStarter }, executor: Executor): void {
  const refresh = refreshModel(needs)
  executor.register(
    refreshModelRun,
    async (work) => {
      await collectSnapshots(needs)
      return refresh(work)
    },
    { rerun: repeatWith(needs.runs, refreshModelRun) },
  )
}
