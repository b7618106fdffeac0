import { z } from 'zod'
import type { Caller } from '#src/access/caller.ts'
import type { Change, Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { attachmentNamed } from '#src/http/content-disposition.ts'
import type { QueryOf } from '#src/http/endpoint.ts'
import { etagOf, hasCurrent } from '#src/http/etag.ts'
import type { AwaitRun } from '#src/http/hold-run.ts'
import { pageOf, readCursor } from '#src/http/paging.ts'
import { waitApplied, waitOf } from '#src/http/prefer.ts'
import { rangeOf } from '#src/http/ranges.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import type { Queue } from '#src/queue/queue.ts'
import { cancelRun } from './cancel-run.ts'
import * as contract from './contract.ts'
import type { Executor } from './executor.ts'
import { awaitRun, getRun, getRunLog } from './get-run.ts'
import { countRuns, listRuns, type RunListAsk } from './list-runs.ts'
import { rangeInvalid } from './problems.ts'
import { listArtifacts, openArtifact } from './read-artifact.ts'
import { rerunRun } from './rerun-run.ts'
import type { Run } from './run.ts'
import { addressOfRun, showArtifact, showRun } from './show-run.ts'
import { startedRun } from './started-run.ts'

const RunKey = z.tuple([z.iso.datetime(), z.uuid()])

interface RunNeeds {
  readonly db: Database
  readonly queue: Queue | null
  readonly contents: ContentStore
  readonly executor: Pick<Executor, 'rerunOf'> & Partial<Pick<Executor, 'mayReadMade'>>
  /** Awaited before an ended run is shown: whoever reads that it ended may then count on what it did. */
  settle?(run: Run): Promise<void>
}

export function runRoutes(needs: RunNeeds): Route[] {
  const made = { ...needs, mayReadMade: needs.executor.mayReadMade }
  return [
    route(contract.listRuns, async ({ caller, query, request }) => {
      const key = readCursor(query.cursor, RunKey)
      const rows = await listRuns(needs, caller, {
        ...filterOf(query),
        limit: query.limit + 1,
        ...(key && { after: { createdAt: key[0], id: key[1] } }),
      })
      const page = pageOf(request, rows, query.limit, (run) => [run.createdAt.toISOString(), run.id])
      return respond({ body: { runs: page.rows.map(showRun) }, headers: page.headers })
    }),

    route(contract.countRuns, ({ caller, query }) => countRuns(needs, caller, filterOf(query))),

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
        ...(waitMs !== null && { headers: waitApplied(waitMs) }),
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

    route(contract.cancelRun, ({ caller, params, change }) => cancel(change, caller, params.run)),

    route(contract.deleteRun, ({ caller, params, change }) => cancel(change, caller, params.run)),

    route(contract.rerunRun, async ({ caller, params, body, change }) =>
      startedRun(await rerunRun(needs.executor, change, caller, params.run, body?.only ?? null)),
    ),

    route(contract.listArtifacts, async ({ caller, params }) => ({
      artifacts: (await listArtifacts(made, caller, params.run)).map(showArtifact),
    })),

    route(contract.downloadArtifact, async ({ caller, params, request }) => {
      const { artifact, read } = await openArtifact(made, caller, params.run, params.artifact)
      const { sha256: etag, bytes, mediaType: type } = artifact
      const headers = { 'accept-ranges': 'bytes', 'content-disposition': attachmentNamed(artifact.name) }
      if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag, headers })
      const range = rangeOf(request, bytes, etag)
      if (range === 'unsatisfiable')
        throw rangeInvalid({
          detail: `The file has ${bytes} bytes.`,
          headers: { 'content-range': `bytes */${bytes}` },
        })
      const length = range ? range.end - range.start + 1 : bytes
      return respond<never>({
        stream: await read(range ?? undefined),
        type,
        etag,
        headers: {
          ...headers,
          'content-length': String(length),
          ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${bytes}` }),
        },
        ...(range && { status: 206 }),
      })
    }),
  ]

  async function cancel(change: Change, caller: Caller, id: string) {
    const { run, changed } = await cancelRun(needs, change, caller, id)
    return respond({ body: showRun(run), ...(!changed && { unchanged: true as const }) })
  }
}

/** Waits for the run that an endpoint has just answered with. */
export const runAwaiter =
  (needs: Pick<RunNeeds, 'db' | 'settle'>): AwaitRun =>
  async ({ caller, signal, isLast }, location, waitMs) => {
    const id = location.slice(addressOfRun('').length)
    const run = await awaitRun(needs, caller, id, { waitMs, enough: isLast, signal })
    if (run.finishedAt) await needs.settle?.(run)
    return { run: showRun(run), ended: run.finishedAt !== null }
  }

function filterOf(query: Omit<QueryOf<typeof contract.listRuns>, 'limit' | 'cursor'>): RunListAsk {
  return {
    ...(query.state && { states: query.state }),
    ...(query.open !== undefined && { open: query.open }),
    ...(query.kind && { kinds: query.kind }),
    ...(query.subject_type && { subjectType: query.subject_type }),
    ...(query.subject && { subjectId: query.subject }),
    ...(query.trigger && { triggerType: query.trigger }),
    ...(query.token && { tokenId: query.token }),
    ...(query.account && { accountName: query.account }),
    ...(query.since && { since: new Date(query.since) }),
    ...(query.until && { until: new Date(query.until) }),
  }
}

const etagOfRun = (run: Run): string => etagOf(JSON.stringify(showRun(run)))
