import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { openSample } from '#test/sample-api.ts'
import { workTime } from '#test/work-time.ts'
import { endpoint } from './endpoint.ts'
import { route } from './serve.ts'

const countFields = endpoint({
  id: 'count-fields',
  method: 'POST',
  path: '/v1/fields',
  summary: 'Count what stands in a form',
  access: 'public',
  reads: true,
  accepts: ['application/x-www-form-urlencoded'],
  body: z.object({ one: z.string(), many: z.array(z.string()) }),
  reply: z.object({ one: z.string(), many: z.int() }),
})

test('reading a form takes no longer than it is long, however often a field is given', async () => {
  const { app } = openSample({
    routes: [route(countFields, ({ body: { one, many } }) => ({ one, many: many.length }))],
  })
  const worked = workTime()
  const reply = await app.inject({
    method: 'POST',
    url: '/v1/fields',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `one=1&${'many=2&'.repeat(100_000)}`,
  })
  assert.deepEqual(reply.json(), { one: '1', many: 100_000 })
  assert.ok(worked() < 5_000)
})
