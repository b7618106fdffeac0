import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { bearer, openSample, sampleRoutes } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { route } from './serve.ts'

const make = (app: ReturnType<typeof openSample>['app'], name: string) =>
  app.inject({ url: '/v1/things', method: 'POST', headers: bearer('all'), payload: { name } })

test('a change is noted once, by whom and from where', async () => {
  const { app, notes } = openSample()
  assert.equal((await make(app, 'chair')).statusCode, 201)
  assert.deepEqual(notes, [{ verb: 'token.issued', subjectType: 'thing', subjectId: 'chair' }])
})

test('a change that notes nothing, or not what it declares, does not happen', async () => {
  const { app, notes } = openSample()
  for (const name of ['unaudited', 'wrong verb']) {
    const reply = await make(app, name)
    assert.equal(reply.statusCode, 500)
    assert.equal(reply.json().code, 'internal-error')
  }
  assert.equal(notes.length, 0)
})

test('a request that found nothing to change says so, and needs no note', async () => {
  const { app, notes } = openSample()
  const reply = await app.inject({ url: '/v1/things/nothing', method: 'DELETE', headers: bearer('all') })
  assert.equal(reply.statusCode, 204)
  assert.equal(notes.length, 0)
})

test('an endpoint that could change something unaudited cannot be served', () => {
  const silent = endpoint({
    id: 'silent',
    method: 'POST',
    path: '/v1/silent',
    summary: 'Change silently',
    access: 'signed_in',
    reply: z.object({}),
  })
  assert.throws(() => openSample({ routes: [...sampleRoutes, route(silent, () => ({}))] }), /declares no audit verb/)
})

test('a key that promises a repetition cannot be served where nothing could keep the promise', () => {
  const anyone = endpoint({
    id: 'anyone',
    method: 'POST',
    path: '/v1/anyone',
    summary: 'For anyone',
    access: 'public',
    audit: 'token.issued',
    idempotent: true,
    reply: z.object({}),
  })
  assert.throws(() => openSample({ routes: [route(anyone, () => ({}))] }), /Idempotency-Key/)
  const own = { ...anyone, access: 'signed_in', opensChange: true } as const
  assert.throws(() => openSample({ routes: [route(own, () => ({}))] }), /Idempotency-Key/)
})
