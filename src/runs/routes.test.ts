import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AuditNote, actor, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { makeChanger } from '#src/database/change.ts'
import { openContentStore } from '#src/files/content-store.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { silent, testDatabase } from '#test/postgres.ts'
import { createRun } from './create-run.ts'
import { namedByArtifacts } from './kept-files.ts'
import { performRun } from './perform-run.ts'
import { type RerunHook, repeatWith } from './rerun-run.ts'
import { runAwaiter, runRoutes } from './routes.ts'
import { type RunHandler, runKind } from './run.ts'

const bake = runKind({ name: 'bake', data: z.object({}), permission: 'models:refresh', timeoutSeconds: 60 })
const ada: Caller = {
  ...anonymous,
  via: 'token',
  accountId: 'a1',
  accountName: 'ada',
  tokenId: 't1',
  grants: Grants.of(['models:refresh', 'runs:read']),
}

async function serverOf(t: TestContext) {
  const database = await testDatabase()
  const { db } = database
  const notes: AuditNote[] = []
  const changer = makeChanger(db, async (_tx, _actor, added) => void notes.push(...added))
  const directory = await mkdtemp(path.join(tmpdir(), 'runs-'))
  const contents = openContentStore({ directory, namedBy: [namedByArtifacts] })
  const reruns = new Map<string, RerunHook>([['bake', repeatWith({ queue: null, callbacks: null }, bake)]])
  const app = openServer({
    routes: runRoutes({ db, queue: null, contents, executor: { rerunOf: (kind) => reruns.get(kind) ?? null } }),
    awaitRun: runAwaiter({ db }),
    verifiers: { verifyToken: () => ada, verifySession: () => null, sessionCookie: 'session' },
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
    await database.close()
    await rm(directory, { recursive: true })
  })
  const order = async (): Promise<string> => {
    const ask = { kind: bake, subject: { type: 'cake', id: 'sponge' }, data: {} }
    return (await changer(actor(ada), (change) => createRun({ queue: null }, change, ask))).id
  }
  const bakeIt = (id: string, handler: RunHandler<object>): Promise<void> =>
    performRun({ db, changer, queue: null, log: silent, stillStands: async () => true, beatMs: 50 }, bake, handler, id)
  const ask = (url: string, headers = {}, method: 'GET' | 'POST' = 'GET') =>
    app.inject({ method, url, headers: { authorization: 'Bearer x', ...headers } })
  return { app, order, bakeIt, ask, notes }
}

test('a run is shown whole, with an ETag that changes when it does', async (t) => {
  const { order, bakeIt, ask } = await serverOf(t)
  const id = await order()
  const queued = await ask(`/v1/runs/${id}`)
  assert.equal(queued.statusCode, 200)
  assert.partialDeepStrictEqual(queued.json(), {
    id,
    kind: 'bake',
    state: 'queued',
    subject: { type: 'cake', id: 'sponge' },
    trigger: { type: 'api', token_id: 't1', account: 'ada' },
    progress: { fraction: 0, text: null },
    finished_at: null,
  })
  const etag = String(queued.headers.etag)
  assert.equal((await ask(`/v1/runs/${id}`, { 'if-none-match': etag })).statusCode, 304)
  await bakeIt(id, async () => ({ counts: { slices: 8 } }))
  const ended = await ask(`/v1/runs/${id}`, { 'if-none-match': etag })
  assert.partialDeepStrictEqual(ended.json(), { state: 'succeeded', counts: { slices: 8 } })
})

test('"Prefer: wait" holds the answer until the run has ended, and no longer than asked', async (t) => {
  const { order, bakeIt, ask } = await serverOf(t)
  const id = await order()
  const short = await ask(`/v1/runs/${id}`, { prefer: 'respond-async, wait=0' })
  assert.deepEqual([short.json().state, short.headers['preference-applied']], ['queued', 'wait=0'])
  const waiting = ask(`/v1/runs/${id}`, { prefer: 'wait=600' })
  await bakeIt(id, () => sleep(100))
  const ended = await waiting
  assert.deepEqual([ended.json().state, ended.headers['preference-applied']], ['succeeded', 'wait=30'])
})

test('with If-None-Match besides, it is held until anything has changed', async (t) => {
  const { order, bakeIt, ask } = await serverOf(t)
  const id = await order()
  const etag = String((await ask(`/v1/runs/${id}`)).headers.etag)
  const waiting = ask(`/v1/runs/${id}`, { prefer: 'wait=20', 'if-none-match': etag })
  const release = Promise.withResolvers<void>()
  const baking = bakeIt(id, () => release.promise)
  assert.equal((await waiting).json().state, 'running')
  release.resolve()
  await baking
})

test('a server that closes lets go of those who wait', async (t) => {
  const { app, order } = await serverOf(t)
  const id = await order()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const headers = { authorization: 'Bearer x', prefer: 'wait=30' }
  const waiting = fetch(`http://127.0.0.1:${port}/v1/runs/${id}`, { headers })
  await sleep(300)
  const began = performance.now()
  await app.close()
  assert.ok(performance.now() - began < 5000)
  assert.equal(((await (await waiting).json()) as { state: string }).state, 'queued')
})

test('a cursor beyond every line that a log can have is no cursor', async (t) => {
  const { order, ask } = await serverOf(t)
  const id = await order()
  for (const line of [2 ** 31, -1, 0.5]) {
    const reply = await ask(`/v1/runs/${id}/log?cursor=${Buffer.from(String(line)).toString('base64url')}`)
    assert.equal(reply.json().code, 'cursor-invalid', String(line))
  }
})

test('runs and their log lines come in pages that follow one another', async (t) => {
  const { order, bakeIt, ask } = await serverOf(t)
  const ids = [await order(), await order(), await order()]
  await bakeIt(ids[0] ?? '', async ({ log }) => {
    for (const word of ['mix', 'bake', 'eat']) log(word)
  })
  const follow = async (first: string, member: string): Promise<Record<string, unknown>[]> => {
    const found = []
    for (let url: string | undefined = first; url; ) {
      const page = await ask(url)
      assert.equal(page.statusCode, 200, page.body)
      found.push(...page.json()[member])
      url = /<(.*)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1]
    }
    return found
  }
  assert.deepEqual(
    (await follow('/v1/runs?limit=2', 'runs')).map(({ id }) => id),
    ids.toReversed(),
  )
  assert.equal((await follow('/v1/runs?limit=1&state=succeeded&subject=sponge', 'runs')).length, 1)
  assert.deepEqual(
    (await follow(`/v1/runs/${ids[0]}/log?limit=2`, 'lines')).map(({ text }) => text),
    ['mix', 'bake', 'eat'],
  )
})

test('cancelling is audited once, and cancelling what has ended is a conflict', async (t) => {
  const { order, bakeIt, ask, notes } = await serverOf(t)
  const id = await order()
  const first = await ask(`/v1/runs/${id}/cancel`, {}, 'POST')
  const second = await ask(`/v1/runs/${id}/cancel`, {}, 'POST')
  assert.deepEqual([first.statusCode, first.json().state, second.statusCode], [200, 'cancelled', 200])
  assert.deepEqual(
    notes.map(({ verb }) => verb),
    ['run.cancelled'],
  )
  const done = await order()
  await bakeIt(done, async () => undefined)
  assert.equal((await ask(`/v1/runs/${done}/cancel`, {}, 'POST')).statusCode, 409)
  assert.equal((await ask('/v1/runs/00000000-0000-4000-8000-000000000000')).statusCode, 404)
})
