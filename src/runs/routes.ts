import { z } from 'zod'
import type { Database } from '#src/database/change.ts'
import { etagOf } from '#src/http/etag.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { cancelRun } from './cancel-run.ts'
import * as contract from './contract.ts'
import { awaitRun, getRun, getRunLog } from './get-run.ts'
import { listRuns } from './list-runs.ts'
import type { Run } from './run.ts'
import { showRun } from './show-run.ts'

const RunKey = z.tuple([z.iso.datetime(), z.uuid()])
const longestWaitSeconds = 30

interface RunNeeds {
  readonly db: Database
  /** Awaited before an ended run is shown: whoever reads that it ended may then count on what it did. */
  settle?(run: Run): Promise<void>
}

export function runRoutes(needs: RunNeeds): Route[] {
  return [
    route(contract.listRuns, async ({ caller, query, request }) => {
      const key = readCursor(query.cursor, RunKey)
      const rows = await listRuns(needs, caller, {
        limit: query.limit + 1,
        ...(query.state && { state: query.state }),
        ...(query.kind && { kind: query.kind }),
        ...(query.subject_type && { subjectType: query.subject_type }),
        ...(query.subject && { subjectId: query.subject }),
        ...(key && { after: { createdAt: key[0], id: key[1] } }),
      })
      const page = pageOf(request, rows, query.limit, (run) => [run.createdAt.toISOString(), run.id])
      return respond({ body: { runs: page.rows.map(showRun) }, headers: page.headers })
    }),

    route(contract.getRun, async ({ caller, params, request }) => {
      const waitMs = waitOf(request.headers.prefer)
      const known = request.headers['if-none-match']
      const enough = (run: Run): boolean => request.isLast() || (known !== undefined && known !== `"${etagOfRun(run)}"`)
      const run =
        waitMs === null
          ? await getRun(needs, caller, params.run)
          : await awaitRun(needs, caller, params.run, { waitMs, enough, signal: request.signal })
      if (run.finishedAt) await needs.settle?.(run)
      return respond({
        body: showRun(run),
        etag: etagOfRun(run),
        ...(waitMs !== null && { headers: { 'preference-applied': `wait=${waitMs / 1000}` } }),
      })
    }),

    route(contract.getRunLog, async ({ caller, params, query, request }) => {
      const after = readCursor(query.cursor, z.int32().min(0)) ?? 0
      const rows = await getRunLog(needs, caller, params.run, { after, limit: query.limit + 1 })
      const page = pageOf(request, rows, query.limit, ({ line }) => line)
      return respond({
        body: { lines: page.rows.map((line) => ({ ...line, at: line.at.toISOString() })) },
        headers: page.headers,
      })
    }),

    route(contract.cancelRun, async ({ caller, params, change }) => {
      const { run, changed } = await cancelRun(change, caller, params.run)
      return respond({ body: showRun(run), ...(!changed && { unchanged: true as const }) })
    }),
  ]
}

/** `Prefer: wait=n` (RFC 7240) in milliseconds, as far as we go along with it. */
function waitOf(prefer: string | string[] | undefined): number | null {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(String(prefer ?? ''))?.[1]
  return seconds === undefined ? null : Math.min(Number(seconds), longestWaitSeconds) * 1000
}

const etagOfRun = (run: Run): string => etagOf(JSON.stringify(showRun(run)))
