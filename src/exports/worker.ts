import type { Executor } from '#src/runs/executor.ts'
import type { RunStarter } from '#src/runs/start-run.ts'
import { type ExportNeeds, exportRows } from './export-rows.ts'
import { exportRuns } from './jobs.ts'
import { mayReadExport } from './may-read-export.ts'
import { rerunExport } from './start-export.ts'

/** Says that exports are done here. */
export function workOnExports(needs: ExportNeeds & { runs: RunStarter }, executor: Executor): void {
  const mayReadMade = mayReadExport(needs.warehouse)
  for (const kind of exportRuns)
    executor.register(kind, exportRows(needs), { rerun: rerunExport(needs, kind), mayReadMade })
}
