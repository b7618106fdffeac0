import type { Executor } from '#src/runs/executor.ts'
import { repeatWith } from '#src/runs/rerun-run.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import { type ExportNeeds, exportRows } from './export-rows.ts'
import { exportRuns } from './jobs.ts'

/** Says that exports are done here. */
export function workOnExports(needs: ExportNeeds & { runs: RunStarter }, executor: Executor): void {
  for (const kind of exportRuns) executor.register(kind, exportRows(needs), { rerun: repeatWith(needs.runs, kind) })
}
