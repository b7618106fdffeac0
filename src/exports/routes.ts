import { z } from 'zod'
import type { Database } from '#src/database/change.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { showArtifact, showRun } from '#src/runs/show-run.ts'
import { startedRun } from '#src/runs/started-run.ts'
import * as contract from './contract.ts'
import type { ExportData } from './jobs.ts'
import { type Export, listExports } from './list-exports.ts'
import { type StartExportNeeds, startExport } from './start-export.ts'

const RunKey = z.tuple([z.iso.datetime(), z.uuid()])

export function exportRoutes(needs: StartExportNeeds & { db: Database }): Route[] {
  return [
    route(contract.startExport, async ({ caller, body, change }) =>
      startedRun(await startExport(needs, change, caller, body)),
    ),

    route(contract.listExports, async ({ caller, query, request }) => {
      const key = readCursor(query.cursor, RunKey)
      const rows = await listExports(needs, caller, {
        limit: query.limit + 1,
        ...(key && { after: { createdAt: key[0], id: key[1] } }),
      })
      const page = pageOf(request, rows, query.limit, ({ run }) => [run.createdAt.toISOString(), run.id])
      return respond({ body: { exports: page.rows.map(showExport) }, headers: page.headers })
    }),
  ]
}

function showExport({ run, file }: Export) {
  const { format, query, raw } = run.data as ExportData
  return { run: showRun(run), model: run.subject.id, format, query, raw, file: file && showArtifact(file) }
}
