import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { z } from 'zod'
import type { AuditNote } from '#src/access/caller.ts'
import { makeChanger } from '#src/database/change.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { bearer, openSample } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { pruneIdempotencyRecords } from './idempotency.ts'
import { respond } from './respond.ts'
import { route } from './serve.ts'

const order = endpoint({
  id: 'make-order',
  method: 'POST',
  path: '/v1/orders',
  summary: 'Order',
  access: 'tokens:write',
  audit: 'token.issued',
  idempotent: true,
  body: z.object({ what: z.string() }),
  reply: z.object({ number: z.number(), secret: z.string(), nested: z.object({ secret: z.string() }) }),
  secrets: ['secret'],
  status: 201,
})

describe('an Idempotency-Key', () => {
  let database: TestDatabase
  let made = 0
  let written: AuditNote[] = []
  /** Called when an order is being made; it waits for what this returns. */
  let making: () => Promise<void> | void
  let sample: ReturnType<typeof openSample>

  before(async () => {
    database = await testDatabase()
    const routes = [
      route(order, async ({ body, change }) => {
        if (body.what === 'failure') throw new Error('no')
        await making()
        made++
        change.note({ verb: 'token.issued', subjectType: 'order', subjectId: String(made) })
        return respond({
          body: { number: made, secret: 's3cret', nested: { secret: 's3cret' } },
          headers: { location: `/v1/orders/${made}` },
        })
      }),
    ]
    const changer = makeChanger(database.db, async (_tx, _actor, notes) => {
      written.push(...notes)
    })
    sample = openSample({ routes, changer })
  })
  after(async () => {
    await sample.app.close()
    await database.close()
  })
  beforeEach(() => {
    made = 0
    written = []
    making = () => undefined
  })

  const post = (key: string | undefined, what = 'tea', token = 'all') =>
    sample.app.inject({
      url: '/v1/orders',
      method: 'POST',
      headers: { ...bearer(token), ...(key !== undefined && { 'idempotency-key': key }) },
      payload: { what },
    })

  test('makes a repetition change nothing and answer the same, less its secrets', async () => {
    const first = await post('"k1"')
    const second = await post('k1')
    assert.equal(first.statusCode, 201)
    assert.deepEqual(first.json(), { number: 1, secret: 's3cret', nested: { secret: 's3cret' } })
    assert.equal(first.headers['idempotency-replayed'], undefined)
    assert.equal(second.statusCode, 201)
    assert.deepEqual(second.json(), { number: 1, nested: {}, not_repeated: ['secret'] })
    assert.equal(second.headers['idempotency-replayed'], 'true')
    assert.equal(second.headers.location, '/v1/orders/1')
    assert.equal(made, 1)
    assert.equal(written.length, 1)
  })

  test('never puts the secret at rest', async () => {
    await post('k2')
    const { rows } = await database.pool.query('select r::text as row from idempotency_records r')
    assert.ok(rows.length > 0)
    for (const { row } of rows) assert.doesNotMatch(row, /s3cret/)
  })

  test('is refused for another request, and is the caller’s own', async () => {
    await post('k3')
    const other = await post('k3', 'coffee')
    assert.equal(other.statusCode, 422)
    assert.equal(other.json().code, 'idempotency-key-reused')
    const neighbour = await post('k3', 'tea', 'slow-second')
    assert.equal(neighbour.statusCode, 201)
    assert.equal(neighbour.json().number, 2)
  })

  test('answers 409 while the first request is still running', async () => {
    const started = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    making = () => {
      started.resolve()
      return held.promise
    }
    const first = post('k4')
    await started.promise
    const second = await post('k4')
    assert.equal(second.statusCode, 409)
    assert.equal(second.headers['retry-after'], '1')
    held.resolve()
    assert.equal((await first).statusCode, 201)
    assert.equal((await post('k4')).headers['idempotency-replayed'], 'true')
    assert.equal(made, 1)
  })

  test('of a failed request may be used again', async () => {
    assert.equal((await post('k5', 'failure')).statusCode, 500)
    assert.equal((await post('k5', 'tea')).statusCode, 201)
  })

  test('among many at once lets exactly one change happen', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => post('k6')))
    assert.equal(made, 1)
    const statuses = new Set(replies.map((reply) => reply.statusCode))
    assert.deepEqual(
      [...statuses].filter((status) => status !== 201 && status !== 409),
      [],
    )
  })

  test('is forgotten after a day', async () => {
    await post('k7')
    await database.pool.query("update idempotency_records set created_at = now() - interval '24 hours 1 second'")
    assert.equal((await post('k7')).json().number, 2)
    await database.pool.query("update idempotency_records set created_at = now() - interval '25 hours'")
    assert.ok((await pruneIdempotencyRecords(database.db)) >= 1)
    const { rows } = await database.pool.query('select 1 from idempotency_records')
    assert.equal(rows.length, 0)
  })

  test('must be one', async () => {
    for (const key of ['', 'a b', 'x'.repeat(201), '"unclosed "x']) {
      const reply = await post(key)
      assert.equal(reply.statusCode, 400, key)
      assert.equal(reply.json().code, 'idempotency-key-invalid')
    }
  })

  test('is not needed', async () => {
    await post(undefined)
    assert.equal((await post(undefined)).json().number, 2)
  })
})
