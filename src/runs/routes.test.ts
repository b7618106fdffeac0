import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Grants } from '#src/access/grants.ts'
import { ada, runApi } from '#test/run-api.ts'

test('a run is shown whole, with an ETag that changes when it does', async (t) => {
  const { order, bakeIt, ask } = await runApi(t)
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
  const { order, bakeIt, ask } = await runApi(t)
  const id = await order()
  const short = await ask(`/v1/runs/${id}`, { prefer: 'respond-async, wait=0' })
  assert.deepEqual([short.json().state, short.headers['preference-applied']], ['queued', 'wait=0'])
  const waiting = ask(`/v1/runs/${id}`, { prefer: 'wait=600' })
  await bakeIt(id, () => sleep(100))
  const ended = await waiting
  assert.deepEqual([ended.json().state, ended.headers['preference-applied']], ['succeeded', 'wait=30'])
})

test('with If-None-Match besides, it is held until anything has changed', async (t) => {
  const { order, bakeIt, ask } = await runApi(t)
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
  const { app, order } = await runApi(t)
  const id = await order()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const headers = { authorization: 'Bearer ada', prefer: 'wait=30' }
  const waiting = fetch(`http://127.0.0.1:${port}/v1/runs/${id}`, { headers })
  await sleep(300)
  const began = performance.now()
  await app.close()
  assert.ok(performance.now() - began < 5000)
  assert.equal(((await (await waiting).json()) as { state: string }).state, 'queued')
})

test('a cursor beyond every line that a log can have is no cursor', async (t) => {
  const { order, ask } = await runApi(t)
  const id = await order()
  for (const line of [2 ** 31, -1, 0.5]) {
    const reply = await ask(`/v1/runs/${id}/log?cursor=${Buffer.from(String(line)).toString('base64url')}`)
    assert.equal(reply.json().code, 'cursor-invalid', String(line))
  }
})

test('runs and their log lines come in pages that follow one another', async (t) => {
  const { order, bakeIt, ask } = await runApi(t)
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
  const { order, bakeIt, ask, notes } = await runApi(t)
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

test('DELETE cancels as well', async (t) => {
  const { order, ask, notes } = await runApi(t)
  const id = await order()
  const cancelled = await ask(`/v1/runs/${id}`, {}, 'DELETE')
  assert.deepEqual([cancelled.statusCode, cancelled.json().state], [200, 'cancelled'])
  assert.equal((await ask(`/v1/runs/${id}`)).json().state, 'cancelled')
  assert.equal(notes.length, 1)
})

test('a POST that starts a run answers at once, with where to look', async (t) => {
  const { ask, notes } = await runApi(t)
  const started = await ask('/v1/cakes/sponge/bakings', {}, 'POST', { cause: 'a birthday' })
  const run = started.json()
  assert.equal(started.statusCode, 202, started.body)
  assert.deepEqual([started.headers.location, started.headers['retry-after']], [`/v1/runs/${run.id}`, '2'])
  assert.partialDeepStrictEqual(run, { state: 'queued', joined: false, trigger: { cause: 'a birthday', type: 'api' } })
  assert.equal(run.links.self, `/v1/runs/${run.id}`)
  const joined = await ask('/v1/cakes/sponge/bakings', {}, 'POST')
  assert.deepEqual([joined.statusCode, joined.json().id, joined.json().joined], [202, run.id, true])
  assert.equal(notes.length, 1)
})

test('with "Prefer: wait" it is held, after the run is stored, until the run has ended', async (t) => {
  const { ask, bakeIt, db } = await runApi(t)
  const waiting = ask('/v1/cakes/sponge/bakings', { prefer: 'wait=20' }, 'POST')
  let id: string | undefined
  while (!id) id = (await db.selectFrom('runs').select('id').executeTakeFirst())?.id
  await bakeIt(id, async () => ({ counts: { slices: 8 } }))
  const ended = await waiting
  assert.equal(ended.statusCode, 202)
  assert.partialDeepStrictEqual(ended.json(), { id, state: 'succeeded', joined: false, counts: { slices: 8 } })
  assert.deepEqual([ended.headers['preference-applied'], ended.headers['retry-after']], ['wait=20', undefined])
})

test('and no longer than asked', async (t) => {
  const { ask } = await runApi(t)
  const began = performance.now()
  const held = await ask('/v1/cakes/sponge/bakings', { prefer: 'wait=1' }, 'POST')
  assert.ok(performance.now() - began > 950)
  assert.deepEqual([held.statusCode, held.json().state, held.headers['retry-after']], [202, 'queued', '2'])
  assert.equal(held.headers['preference-applied'], 'wait=1')
})

test('a request sent again under its key is told how its run is now', async (t) => {
  const { ask, bakeIt, db } = await runApi(t)
  const again = (headers = {}) => ask('/v1/cakes/sponge/bakings', { 'idempotency-key': 'k1', ...headers }, 'POST')
  const first = await again()
  await bakeIt(first.json().id, async () => undefined)
  const replayed = await again({ prefer: 'wait=20' })
  assert.deepEqual([replayed.headers['idempotency-replayed'], replayed.json().state], ['true', 'succeeded'])
  assert.equal(replayed.json().id, first.json().id)
  assert.equal((await db.selectFrom('runs').select('id').execute()).length, 1)
})

test('a refusal is told at once, and says which run is under way', async (t) => {
  const { ask } = await runApi(t)
  const { id } = (await ask('/v1/cakes/sponge/bakings', {}, 'POST')).json()
  const refused = await ask('/v1/cakes/sponge/bakings', { prefer: 'wait=20' }, 'POST', { if_running: 'reject' })
  assert.deepEqual([refused.statusCode, refused.json().code, refused.json().run], [409, 'run-already-open', id])
  assert.equal(refused.headers.location, `/v1/runs/${id}`)
  const nonsense = await ask('/v1/cakes/sponge/bakings', {}, 'POST', { if_running: 'explode', callback: { url: 'x' } })
  assert.deepEqual(
    nonsense.json().errors.map(({ pointer }: { pointer: string }) => pointer),
    ['#/if_running', '#/callback/url', '#/callback/secret'],
  )
})

test('a run is done again over HTTP once it has ended', async (t) => {
  const { ask, order, bakeIt, notes } = await runApi(t)
  const id = await order()
  assert.equal((await ask(`/v1/runs/${id}/rerun`, {}, 'POST')).json().code, 'run-not-finished')
  await bakeIt(id, async () => undefined)
  const again = await ask(`/v1/runs/${id}/rerun`, {}, 'POST', {})
  assert.deepEqual([again.statusCode, again.json().rerun_of], [202, id])
  assert.equal(again.headers.location, `/v1/runs/${again.json().id}`)
  assert.equal(notes.at(-1)?.verb, 'run.repeated')
  const failed = await ask(`/v1/runs/${id}/rerun`, {}, 'POST', { only: 'failed' })
  assert.deepEqual([failed.statusCode, failed.json().code], [422, 'run-not-repeatable'])
})

test('runs are filtered and counted by state, kind, trigger, token, account and time', async (t) => {
  const admin = { ...ada, accountId: 'root', tokenId: 't9', grants: Grants.ofRole('admin') }
  const { ask, order, bakeIt } = await runApi(t, { admin })
  const [first, second] = [await order(), await order(), await order()]
  await bakeIt(first, async () => undefined)
  await bakeIt(second, async () => {
    throw new Error('burnt')
  })
  const root = { authorization: 'Bearer admin' }
  const found = async (query: string): Promise<number> => (await ask(`/v1/runs?${query}`, root)).json().runs.length
  const soon = new Date(Date.now() + 1000).toISOString()
  for (const [query, count] of [
    ['state=succeeded&state=failed', 2],
    ['open=true', 1],
    ['open=false', 2],
    ['kind=bake&kind=other', 3],
    ['kind=other', 0],
    ['trigger=api', 3],
    ['trigger=schedule', 0],
    ['token=t1', 3],
    ['token=t2', 0],
    ['account=ADA', 3],
    ['account=root', 0],
    ['subject_type=cake&subject=sponge', 3],
    [`until=${soon}`, 3],
    [`since=${soon}`, 0],
  ] as const)
    assert.equal(await found(query), count, query)
  const counts = (await ask('/v1/runs/counts?kind=bake', root)).json()
  assert.deepEqual([counts.total, counts.states.succeeded, counts.states.failed, counts.states.queued], [3, 1, 1, 1])
  assert.deepEqual(counts.kinds, [{ kind: 'bake', total: 3, states: counts.states }])
  // Nobody counts what they may not see.
  const eve = { ...ada, accountId: 'eve', tokenId: 't3', grants: Grants.of(['runs:read']) }
  const other = await runApi(t, { eve })
  await other.order()
  const unseen = (await other.ask('/v1/runs/counts', { authorization: 'Bearer eve' })).json()
  assert.equal(unseen.total, 0)
})
