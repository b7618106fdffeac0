import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'
import { z } from 'zod'
import { type AuditNote, actor, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { makeChanger } from '#src/database/change.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { openSealer } from '#src/files/sealed.ts'
import { endpoint } from '#src/http/endpoint.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { route } from '#src/http/serve.ts'
import { openServer } from '#src/http/server.ts'
import { openOutbound } from '#src/outbound/open-outbound.ts'
import { openCallbacks } from '#src/runs/callbacks.ts'
import { runAskMembers, StartedRun } from '#src/runs/contract.ts'
import { createRun } from '#src/runs/create-run.ts'
import { namedByArtifacts } from '#src/runs/kept-files.ts'
import { performRun } from '#src/runs/perform-run.ts'
import { repeatWith } from '#src/runs/rerun-run.ts'
import { runAwaiter, runRoutes } from '#src/runs/routes.ts'
import { type RunHandler, runKind } from '#src/runs/run.ts'
import { startRun } from '#src/runs/start-run.ts'
import { startedRun } from '#src/runs/started-run.ts'
import { silent, testDatabase } from './postgres.ts'

const bake = runKind({
  name: 'bake',
  data: z.object({}),
  permission: 'models:refresh',
  timeoutSeconds: 60,
  oneAtATime: true,
})

export const ada: Caller = {
  ...anonymous,
  via: 'token',
  accountId: 'a1',
  accountName: 'ada',
  tokenId: 't1',
  role: 'manager',
  grants: Grants.of(['models:refresh', 'runs:read']),
}

const startBaking = endpoint({
  id: 'start-baking',
  method: 'POST',
  path: '/v1/cakes/:cake/bakings',
  summary: 'Bake a cake',
  access: 'models:refresh',
  resource: 'cake',
  audit: ['model.refresh_requested', 'run.cancelled'],
  idempotent: true,
  startsRun: true,
  params: z.object({ cake: z.string().max(100) }),
  body: z.strictObject(runAskMembers).optional(),
  reply: StartedRun,
  status: 202,
})

/** The runs room served over a real database, with one kind of run. Callers show their names as tokens. */
export async function runApi(t: TestContext, callers: Readonly<Record<string, Caller>> = {}) {
  const database = await testDatabase()
  const { db } = database
  const notes: AuditNote[] = []
  const changer = makeChanger(db, async (_tx, _actor, added) => void notes.push(...added))
  const directory = await mkdtemp(path.join(tmpdir(), 'runs-'))
  const contents = openContentStore({ directory, namedBy: [namedByArtifacts] })
  const sealer = await openSealer(path.join(directory, 'key'))
  const outbound = openOutbound({ allowedNetworks: ['127.0.0.0/8'], agent: 'Tessera/test' })
  const starter = { queue: null, callbacks: openCallbacks({ sealer, outbound }) }
  const rerunOf = (kind: string) => (kind === 'bake' ? repeatWith(starter, bake) : null)
  const app = openServer({
    routes: [
      ...runRoutes({ db, queue: null, contents, executor: { rerunOf } }),
      route(startBaking, async ({ params, body, change }) => {
        const { cause, if_running: ifRunning, callback } = body ?? {}
        const subject = { type: 'cake', id: params.cake }
        const started = await startRun(starter, change, { kind: bake, subject, data: {}, cause, ifRunning, callback })
        if (!started.joined)
          change.note({ verb: 'model.refresh_requested', subjectType: 'cake', subjectId: params.cake })
        return startedRun(started)
      }),
    ],
    awaitRun: runAwaiter({ db }),
    verifiers: {
      verifyToken: (name) => ({ ada, ...callers })[name] ?? null,
      verifySession: () => null,
      sessionCookie: 'session',
    },
    changer,
    log: openLog('silent'),
    metrics: openMetrics(),
    checks: {},
    version: '0',
    siteAddress: null,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
  })
  t.after(async () => {
    await app.close()
    await outbound.close()
    await database.close()
    await rm(directory, { recursive: true })
  })
  const artifacts = { contents, lifetime: '7 days', maxBytes: 1e6, timeZone: 'UTC', clock: { now: () => new Date() } }
  const order = async (over: { personal?: true } = {}): Promise<string> => {
    const ask = { kind: { ...bake, ...over }, subject: { type: 'cake', id: 'sponge' }, data: {} }
    return (await changer(actor(ada), (change) => createRun({ queue: null }, change, ask))).id
  }
  const bakeIt = (id: string, handler: RunHandler<object>, beatMs = 50): Promise<void> => {
    const needs = { db, changer, queue: null, log: silent, stillStands: async () => true, beatMs, artifacts }
    return performRun(needs, bake, handler, id)
  }
  const ask = (
    url: string,
    headers: Readonly<Record<string, string>> = {},
    method: 'GET' | 'POST' | 'DELETE' = 'GET',
    payload?: object,
  ) => app.inject({ method, url, headers: { authorization: 'Bearer ada', ...headers }, ...(payload && { payload }) })
  return { app, db, connection: database.connection, directory, contents, sealer, outbound, order, bakeIt, ask, notes }
}
