import type { Caller } from '#src/access/caller.ts'
import type { Database } from '#src/database/change.ts'
import { listRuns } from '#src/runs/list-runs.ts'
import { listArtifactsOf } from '#src/runs/read-artifact.ts'
import type { Artifact, Run } from '#src/runs/run.ts'
import type { Shelf } from '#src/warehouse/reading.ts'
import { exportRuns } from './jobs.ts'
import { mayReadExport } from './may-read-export.ts'

export interface Export {
  readonly run: Run
  readonly file: Artifact | null
}

/** The caller's own, newest first, an administrator's too: everyone's are found among the runs. */
export async function listExports(
  { db, warehouse }: { db: Database; warehouse: { shelf: Shelf } },
  caller: Caller,
  page: { limit: number; after?: { createdAt: string; id: string } },
): Promise<Export[]> {
  if (caller.accountName === null) return []
  const runs = await listRuns({ db }, caller, {
    kinds: exportRuns.map(({ name }) => name),
    accountName: caller.accountName,
    ...page,
  })
  const files = await listArtifactsOf({ db, mayReadMade: mayReadExport(warehouse) }, caller, runs)
  return runs.map((run) => ({ run, file: files.get(run.id)?.[0] ?? null }))
}
