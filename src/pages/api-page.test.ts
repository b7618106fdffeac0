import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { endpoint } from '#src/http/endpoint.ts'
import { describeApi } from '#src/http/openapi.ts'
import { declaredEndpoints } from '#test/declared-endpoints.ts'
import { apiAsHtml } from './api-page.ts'

const facts = { version: '0', siteAddress: null, sessionCookie: 'tessera' }
const htmlOf = (contracts: Parameters<typeof describeApi>[0]): string =>
  apiAsHtml(describeApi(contracts, facts) as unknown as Parameters<typeof apiAsHtml>[0])

test('every endpoint stands on the page that people read', () => {
  const page = htmlOf(declaredEndpoints)
  const shown = declaredEndpoints.filter(({ hidden }) => !hidden)
  assert.ok(shown.length > 30)
  for (const { id } of shown) assert.ok(page.includes(`<details id="${id}">`), id)
})

test('parameters and members of bodies are told with their meanings, and nothing in them is markup', () => {
  const contract = endpoint({
    id: 'make-thing',
    method: 'POST',
    path: '/v1/things/:thing',
    summary: 'Make <b>one</b>',
    description: 'Reads `a` & b.',
    access: 'public',
    reads: true,
    params: z.object({ thing: z.string() }),
    query: z.object({ unit: z.enum(['day', 'month']).optional() }),
    body: z.object({ name: z.string().meta({ description: 'What it is <called>.' }) }),
    reply: z.object({}),
  })
  const page = htmlOf([contract])
  assert.ok(page.includes('<code>POST /v1/things/{thing}</code> Make &#60;b&#62;one&#60;/b&#62;'))
  assert.ok(page.includes('Reads <code>a</code> &#38; b.'))
  assert.ok(page.includes('<code>unit</code> (query)</dt><dd><code>day</code>, <code>month</code>'))
  assert.ok(page.includes('<code>name</code> (body, required)</dt><dd>What it is &#60;called&#62;.'))
})
