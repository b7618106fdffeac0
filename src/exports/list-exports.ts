import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { listRuns } from '#src/runs/list-runs.ts'
import { listArtifactsOf } from '#src/runs/read-artifact.ts'
import type { Artifact, Run } from '#src/runs/run.ts'
import { exportRuns } from './jobs.ts'

export interface Export {
  readonly run: Run
  readonly file: Artifact | null
}

/** The caller's own, newest first, an administrator's too: everyone's are found among the runs. */
export async function listExports(
  needs: { db: Database },
  caller: Caller,
  page: { limit: number; after?: { createdAt: string; id: string } },
): Promise<Export[]> {
  if (caller.accountName === null) return []
  const runs = await listRuns(needs, caller, {
    kinds: exportRuns.map(({ name }) => name),
    accountName: caller.accountName,
    ...page,
  })
  const files = await listArtifactsOf(needs, caller, runs)
  return runs.map((run) => ({ run, file: files.get(run.id)?.[0] ?? null }))
}
