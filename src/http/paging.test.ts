import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { openSample } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { pageOf, readCursor } from './paging.ts'
import { pageQuery } from './parameters.ts'
import { respond } from './respond.ts'
import { route } from './serve.ts'

const names = ['ada', 'bob', 'cleo', 'dan', 'eve']
const list = endpoint({
  id: 'list-names',
  method: 'GET',
  path: '/v1/names',
  summary: 'List',
  access: 'public',
  query: z.object({ ...pageQuery(3, 2), initial: z.string().optional() }),
  reply: z.object({ names: z.array(z.string()) }),
})
const routes = [
  route(list, ({ query, request }) => {
    const after = readCursor(query.cursor, z.tuple([z.string()]))
    const rows = names.filter((name) => !after || name > after[0]).slice(0, query.limit + 1)
    const page = pageOf(request, rows, query.limit, (name) => [name])
    return respond({ body: { names: page.rows }, headers: page.headers })
  }),
]

test('following the links shows everything once, and keeps the other parameters', async () => {
  const { app } = openSample({ routes })
  const seen: string[] = []
  let url: string | undefined = '/v1/names?limit=2&initial=a%26b'
  while (url !== undefined) {
    const reply = await app.inject({ url })
    seen.push(...reply.json().names)
    const link = /^<([^>]+)>; rel="next"$/.exec(String(reply.headers.link ?? ''))
    url = link?.[1]
    if (url !== undefined) assert.match(url, /initial=a%26b/)
  }
  assert.deepEqual(seen, names)
})

test('a cursor that we did not give out is refused', async () => {
  const { app } = openSample({ routes })
  for (const cursor of [
    'x',
    'bm90IGpzb24',
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('["a","b"]').toString('base64url'),
  ]) {
    const reply = await app.inject({ url: `/v1/names?cursor=${cursor}` })
    assert.equal(reply.statusCode, 400, cursor)
    assert.equal(reply.json().code, 'cursor-invalid')
  }
})
