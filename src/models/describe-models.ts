import type { Database } from '#src/database/change.ts'
import { listLastRuns } from '#src/runs/list-last-runs.ts'
import type { CompiledModel } from './compile-model.ts'
import { refreshModelRun } from './jobs.ts'
import type { LiveModels } from './live-models.ts'
import { freshnessOf } from './show-model.ts'
import { sumSnapshots } from './store.ts'

export interface ModelFacts {
  readonly name: string
  readonly label: string
  readonly refreshedAt: string | null
  /** Older than the model promises. */
  readonly stale: boolean
  /** The model file says something else since. */
  readonly outdated: boolean
  /** What the last refresh said when it failed; null when it did not. */
  readonly refreshFailed: string | null
}

export interface DescribeModelsNeeds {
  readonly db: Database
  readonly models: readonly CompiledModel[]
  readonly live: LiveModels
  readonly clock: { now(): Date }
}

/** How every model stands, whoever may read it, and what is kept of them all. */
export async function describeModels(
  needs: DescribeModelsNeeds,
): Promise<{ models: ModelFacts[]; snapshots: { count: number; bytes: number } }> {
  const { db, models, live, clock } = needs
  const [runs, snapshots] = await Promise.all([
    listLastRuns({ db }, { kind: refreshModelRun.name, subjectType: 'model' }),
    sumSnapshots(db),
  ])
  const lastOf = new Map(runs.map((run) => [run.subject.id, run]))
  const now = clock.now()
  return {
    snapshots,
    models: models.map((model) => {
      const freshness = freshnessOf(model, live, now)
      const last = lastOf.get(model.name)
      const failed = last?.state === 'failed' || last?.state === 'timed_out'
      return {
        name: model.name,
        label: model.catalogue.label,
        refreshedAt: freshness?.refreshed_at ?? null,
        stale: freshness?.stale ?? false,
        outdated: freshness?.outdated ?? false,
        refreshFailed: failed ? (last.error?.message ?? 'It took too long.') : null,
      }
    }),
  }
}
