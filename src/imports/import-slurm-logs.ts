import type { Actor } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import { type KeptJobs, keepStagedJobs } from './keep-staged-jobs.ts'
import { type ReadingReport, type ReadingSummary, type StageNeeds, stageSlurmLogs } from './stage-slurm-logs.ts'

export interface ImportSummary extends ReadingSummary, KeptJobs {}

/**
 * Reads logs and keeps what is new in them, all or nothing. Reading takes long and locks nothing; only keeping is a
 * change, so this opens its own rather than hold one open all the while.
 */
export async function importSlurmLogs(
  needs: StageNeeds & { change: Changer },
  actor: Actor,
  ask: { resource: string; files: readonly string[] },
  report: ReadingReport,
): Promise<ImportSummary> {
  await using staged = await stageSlurmLogs(needs, ask, report)
  const kept = await needs.change(actor, (change) => keepStagedJobs(needs, change, staged))
  return { ...staged.summary, ...kept }
}
