import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearer, openSample } from '#test/sample-api.ts'
import { openMetrics } from './metrics.ts'

test('a process that runs is live, whatever else fails', async () => {
  const { app } = openSample({ checks: { database: () => Promise.reject(new Error('away')) } })
  assert.equal((await app.inject({ url: '/health/live' })).statusCode, 200)
})

test('a process is ready when all it needs works; why something does not is only for the log', async () => {
  let away = true
  let asked = 0
  const { app, logged } = openSample({
    checks: {
      database: async () => {
        asked++
        if (away) throw new Error('password authentication failed for 10.0.0.5')
      },
      queue: async () => undefined,
    },
  })
  const first = await app.inject({ url: '/health/ready' })
  assert.equal(first.statusCode, 503)
  assert.deepEqual(first.json(), { status: 'not_ready', checks: { database: 'failing', queue: 'ok' } })
  assert.match(logged(), /password authentication failed/)
  away = false
  await Promise.all(Array.from({ length: 50 }, () => app.inject({ url: '/health/ready' })))
  assert.equal(asked, 1, 'asked once a second at most')
})

test('figures are for this machine and for those who may read the settings', async () => {
  const { app } = openSample({ metrics: openMetrics() })
  await app.inject({ url: '/v1/door' })
  const here = await app.inject({ url: '/metrics' })
  assert.equal(here.statusCode, 200)
  assert.match(String(here.headers['content-type']), /^text\/plain/)
  assert.match(here.body, /http_request_duration_seconds_count\{endpoint="read-door",status="200"\} 1/)
  assert.match(here.body, /process_resident_memory_bytes/)
  assert.equal((await app.inject({ url: '/metrics', remoteAddress: '192.0.2.1' })).statusCode, 403)
  assert.equal(
    (await app.inject({ url: '/metrics', remoteAddress: '192.0.2.1', headers: bearer('one') })).statusCode,
    403,
  )
  assert.equal(
    (await app.inject({ url: '/metrics', remoteAddress: '192.0.2.1', headers: bearer('all') })).statusCode,
    200,
  )
  const proxied = await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '127.0.0.1' } })
  assert.equal(proxied.statusCode, 403, 'behind an undeclared proxy everybody would be on this machine')
})
