import { z } from 'zod'
import { localCaller } from '#src/access/caller.ts'
import { etagOf, hasCurrent } from '#src/http/etag.ts'
import { nextLink, pageOf, readCursor, writeCursor } from '#src/http/paging.ts'
import { startCollection } from '#src/http/postman.ts'
import { respond } from '#src/http/respond.ts'
import { type Route, route } from '#src/http/serve.ts'
import { startCalls } from '#src/http/start-calls.ts'
import { findOpenRun } from '#src/runs/find-open-run.ts'
import { listRuns } from '#src/runs/list-runs.ts'
import { showRun } from '#src/runs/show-run.ts'
import { startedRun } from '#src/runs/started-run.ts'
import type { Engine } from '#src/warehouse/engines/engine.ts'
import { callRefresh } from './call-refresh.ts'
import * as contract from './contract.ts'
import { openOptions } from './find-options.ts'
import { refreshModelRun } from './jobs.ts'
import { listSnapshots, showSnapshot } from './list-snapshots.ts'
import { type RequestNeeds, requestRefresh } from './request-refresh.ts'
import { rollBack } from './roll-back.ts'
import { listModels, showModel, showRefreshing } from './show-model.ts'
import { type ReachNeeds, showTokenReach } from './show-token-reach.ts'

export interface ModelRouteNeeds extends ReachNeeds, Pick<RequestNeeds, 'runs'> {
  readonly engine: Engine
  readonly warehouseDirectory: string
  /** Without closing slash. */
  readonly siteAddress: string
}

const RunKey = z.tuple([z.iso.datetime(), z.uuid()])

export function modelRoutes(needs: ModelRouteNeeds): Route[] {
  const { db, runs, engine, live } = needs
  const modelNames = needs.models.map((model) => model.name)
  return [
    route(contract.listModels, ({ caller }) => ({ models: listModels(needs, caller) })),

    route(contract.getModel, async ({ caller, params }) => ({
      ...showModel(needs, caller, params.model),
      refreshing: await showRefreshing(needs, params.model),
    })),

    route(contract.listOptions, async ({ caller, params, query, request }) => {
      const question = openOptions({ engine, shelf: live }, caller, {
        ...params,
        search: query.search,
        for: query.for,
        ids: query.id,
        limit: query.limit,
        offset: readCursor(query.cursor, z.int().min(0)) ?? 0,
      })
      try {
        const etag = etagOf(question.snapshot, params.set, JSON.stringify(query))
        const refreshing = await findOpenRun(db, refreshModelRun, { type: 'model', id: params.model })
        const headers = {
          'x-snapshot': question.snapshot,
          ...(refreshing?.state === 'running' && { 'x-refreshing': refreshing.id }),
        }
        if (hasCurrent(request, etag)) return respond<never>({ status: 304, etag, headers })
        const answer = await question.answer(request.signal)
        const end = (readCursor(query.cursor, z.int().min(0)) ?? 0) + query.limit
        const link = end < answer.total ? { link: nextLink(request, writeCursor(end)) } : {}
        return respond({ body: answer, etag, headers: { ...headers, ...link } })
      } finally {
        question.release()
      }
    }),

    route(contract.showTokenReach, ({ caller, params }) => showTokenReach(needs, caller, params.token)),

    route(contract.refreshModel, async ({ params, body, change }) => {
      const { cause, reason, type, if_running: ifRunning, callback } = body ?? {}
      const ask = { cause: cause ?? reason, type, ifRunning, callback }
      return startedRun(await requestRefresh({ runs, modelNames }, change, params.model, ask))
    }),

    route(contract.listSnapshots, async ({ params }) => {
      const { snapshots, current } = await listSnapshots(needs, params.model)
      return { snapshots: snapshots.map((snapshot) => showSnapshot(snapshot, current)) }
    }),

    route(contract.rollBackModel, async ({ params, body, change }) => {
      const { snapshot, moved } = await rollBack(needs, change, params.model, body ?? {})
      const shown = showSnapshot(snapshot, snapshot.version)
      return respond({ body: shown, ...(!moved && { unchanged: true as const }) })
    }),

    route(contract.readModelCalls, ({ params: { model } }) => ({
      permission: `${contract.readModelCalls.access}:${model}`,
      calls: startCalls(callRefresh(needs, model)),
      postman: `/v1/models/${encodeURIComponent(model)}/postman.json`,
    })),

    route(contract.readModelPostman, ({ params: { model } }) =>
      respond({
        body: JSON.stringify(startCollection(callRefresh(needs, model)), null, 2),
        type: 'application/json; charset=utf-8',
        headers: { 'content-disposition': `attachment; filename="refresh-${encodeURIComponent(model)}.postman.json"` },
      }),
    ),

    route(contract.listRefreshes, async ({ params, query, request }) => {
      const key = readCursor(query.cursor, RunKey)
      // Whoever may refresh a model may see all its refreshes, whoever asked for them.
      const rows = await listRuns({ db }, localCaller('system', 'models'), {
        kinds: [refreshModelRun.name],
        subjectType: 'model',
        subjectId: params.model,
        limit: query.limit + 1,
        ...(key && { after: { createdAt: key[0], id: key[1] } }),
      })
      const page = pageOf(request, rows, query.limit, (run) => [run.createdAt.toISOString(), run.id])
      return respond({ body: { runs: page.rows.map(showRun) }, headers: page.headers })
    }),
  ]
}
