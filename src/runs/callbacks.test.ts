import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { actor, localCaller } from '#src/access/caller.ts'
import { makeChanger } from '#src/database/change.ts'
import { openOutbound } from '#src/outbound/open-outbound.ts'
import { signatureOf } from '#src/outbound/send-signed.ts'
import { openQueue } from '#src/queue/queue.ts'
import { silent } from '#test/postgres.ts'
import { runApi } from '#test/run-api.ts'
import { openCallbacks, sendCallbackJob } from './callbacks.ts'
import { cancelRun } from './cancel-run.ts'
import { makeExecutor } from './executor.ts'
import { runKind } from './run.ts'
import { startRun } from './start-run.ts'
import { workOnCallbacks } from './worker.ts'

interface Heard {
  readonly id: string
  readonly timestamp: number
  readonly signature: string
  readonly body: string
}

/** The other application. */
async function listener(t: TestContext, statusOf: (time: number) => number = () => 204) {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const { headers } = request
    heard.push({
      id: String(headers['webhook-id']),
      timestamp: Number(headers['webhook-timestamp']),
      signature: String(headers['webhook-signature']),
      body: await text(request),
    })
    response.writeHead(statusOf(heard.length)).end('password=hunter2')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=hunter2`
  return { heard, url, secret: 'a secret of sixteen' }
}

async function until(held: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await held()); tries++) {
    assert.ok(tries < 500, 'it never came')
    await sleep(20)
  }
}

test('who asked to be told is sent the ended run, signed, and the run says that it was delivered', async (t) => {
  const api = await runApi(t)
  const { heard, url, secret } = await listener(t)
  const started = await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback: { url, secret } })
  const run = started.json()
  assert.equal(started.statusCode, 202, started.body)
  const { host } = new URL(url)
  assert.deepEqual(run.callbacks, [{ host, state: 'waiting', attempts: 0, failure: null }])
  await api.bakeIt(run.id, async () => ({ counts: { slices: 8 } }))
  const { id, sealed } = await api.db.selectFrom('run_callbacks').selectAll().executeTakeFirstOrThrow()
  // Neither the address with its key nor the secret stands in the database.
  assert.doesNotMatch(sealed, /hunter2|sixteen/)
  assert.doesNotMatch(JSON.stringify(await api.db.selectFrom('runs').selectAll().execute()), /hunter2|sixteen/)
  const send = sendCallbackJob(api)
  const job = { data: { callback: id }, attempt: 1, signal: new AbortController().signal }
  await send(job)
  const [message] = heard as [Heard]
  assert.equal(message.id, id)
  assert.equal(message.signature, signatureOf(secret, id, message.timestamp, message.body))
  const body = JSON.parse(message.body)
  assert.partialDeepStrictEqual(body, {
    type: 'run.ended',
    data: { id: run.id, state: 'succeeded', counts: { slices: 8 } },
  })
  assert.equal(body.timestamp, body.data.finished_at)
  const told = (await api.ask(`/v1/runs/${run.id}`)).json()
  assert.deepEqual(told.callbacks, [{ host, state: 'delivered', attempts: 1, failure: null }])
  // A job that comes twice tells nobody twice.
  await send(job)
  assert.equal(heard.length, 1)
})

test('what does not arrive is sent again under the same id, and given up in the end', async (t) => {
  const api = await runApi(t)
  const { heard, url, secret } = await listener(t, (time) => (time < 3 ? 503 : 200))
  const { id } = (await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback: { url, secret } })).json()
  await api.bakeIt(id, async () => undefined)
  const { id: callback } = await api.db.selectFrom('run_callbacks').select('id').executeTakeFirstOrThrow()
  const send = (attempt: number) =>
    sendCallbackJob(api)({ data: { callback }, attempt, signal: new AbortController().signal })
  const shown = async () => (await api.ask(`/v1/runs/${id}`)).json().callbacks[0]
  await assert.rejects(send(1), { code: 'fetch-refused' })
  assert.partialDeepStrictEqual(await shown(), { state: 'waiting', attempts: 1 })
  // The last one that there is.
  await send(9)
  assert.partialDeepStrictEqual(await shown(), { state: 'failed', attempts: 2 })
  assert.match((await shown()).failure, /answered with status 503/)
  assert.doesNotMatch((await shown()).failure, /hunter2/)
  await send(10)
  assert.deepEqual(
    heard.map((message) => message.id),
    [callback, callback],
  )
})

test('an address that may not be reached is refused when it is given', async (t) => {
  const api = await runApi(t)
  for (const url of [
    'http://10.0.0.1/hook',
    'http://[::1]/hook',
    'http://user:hunter2@example.org/',
    'ftp://example.org/',
  ]) {
    const reply = await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback: { url, secret: 'x'.repeat(16) } })
    assert.ok([400, 422].includes(reply.statusCode), `${url}: ${reply.statusCode}`)
    assert.doesNotMatch(reply.body, /hunter2/)
  }
  assert.equal((await api.db.selectFrom('runs').select('id').execute()).length, 0)
})

test('one whose name turns out to lead inside is given up without another try', async (t) => {
  const api = await runApi(t)
  const { heard, url, secret } = await listener(t)
  const callback = { url: url.replace('127.0.0.1', 'localhost'), secret }
  const { id } = (await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback })).json()
  await api.bakeIt(id, async () => undefined)
  const { id: kept } = await api.db.selectFrom('run_callbacks').select('id').executeTakeFirstOrThrow()
  const outbound = openOutbound({ allowedNetworks: [], agent: 'Tessera/test' })
  const job = { data: { callback: kept }, attempt: 1, signal: new AbortController().signal }
  await sendCallbackJob({ ...api, outbound })(job)
  await outbound.close()
  assert.partialDeepStrictEqual((await api.ask(`/v1/runs/${id}`)).json().callbacks, [
    { state: 'failed', failure: 'localhost leads to an address that is not public.' },
  ])
  assert.equal(heard.length, 0)
})

test('those who joined are told as well, whatever the end, and no more than twenty', async (t) => {
  const api = await runApi(t)
  const { heard, url, secret } = await listener(t)
  for (let i = 0; i < 20; i++) await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback: { url, secret } })
  const over = await api.ask('/v1/cakes/sponge/bakings', {}, 'POST', { callback: { url, secret } })
  assert.deepEqual([over.statusCode, over.json().code], [429, 'too-many-callbacks'])
  const { id } = await api.db.selectFrom('runs').select('id').executeTakeFirstOrThrow()
  await api.bakeIt(id, async () => {
    throw new Error('burnt')
  })
  for (const { id: callback } of await api.db.selectFrom('run_callbacks').select('id').execute())
    await sendCallbackJob(api)({ data: { callback }, attempt: 1, signal: new AbortController().signal })
  assert.equal(new Set(heard.map((message) => message.id)).size, 20)
  assert.equal(JSON.parse(heard[0]!.body).data.state, 'failed')
  // Nobody learns who else listens.
  assert.doesNotMatch(heard[0]!.body, /callbacks/)
})

const admin = localCaller('system', 'test')
const fast = runKind({ name: 'fast', data: z.object({}), permission: 'models:refresh', timeoutSeconds: 60 })

test('through the queue: the end of a run, its cancelling and the loss of its worker are told', async (t) => {
  const api = await runApi(t)
  const { heard, url, secret } = await listener(t, (time) => (time === 1 ? 500 : 200))
  const { db, connection } = api
  const queue = await openQueue({ connection, log: silent, role: 'worker' })
  const changer = makeChanger(db, async () => undefined)
  const executor = makeExecutor({ db, changer, queue, log: silent, stillStands: async () => true, sweepMs: 100 })
  executor.register(fast, async () => undefined)
  executor.register({ ...fast, name: 'bomb' }, async () => undefined)
  await workOnCallbacks({ ...api, queue })
  await executor.start()
  t.after(async () => {
    await executor.close()
    await queue.close()
  })
  const starter = { queue, callbacks: openCallbacks(api) }
  const start = (subject: string, kind = fast) =>
    changer(actor(admin), (change) =>
      startRun({ ...starter, queue: kind === fast ? queue : null }, change, {
        kind,
        subject: { type: 'x', id: subject },
        data: {},
        callback: { url, secret },
      }),
    )
  const { run } = await start('ends')
  await until(() => heard.length === 2)
  // The first attempt was refused; the queue tried again, with the same id.
  assert.equal(new Set(heard.map(({ id }) => id)).size, 1)
  assert.equal(JSON.parse(heard[1]!.body).data.id, run.id)
  const states = (): string[] => heard.slice(2).map(({ body }) => JSON.parse(body).data.state)
  // Nobody does it: its kind is registered nowhere.
  const { run: waiting } = await start('waits', { ...fast, name: 'never' })
  await changer(actor(admin), (change) => cancelRun({ queue }, change, admin, waiting.id))
  await until(() => states().includes('cancelled'))
  const { run: lost } = await start('is lost', { ...fast, name: 'bomb' })
  await sql`update runs set state = 'running', attempt = 5, lease_until = now() - interval '1 second'
    where id = ${lost.id}`.execute(db)
  await until(() => states().includes('failed'))
})
