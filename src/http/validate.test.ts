import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import { Problem } from '#src/problem/problem.ts'
import { bearer, openSample } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { many } from './parameters.ts'
import { parseStrictJson } from './strict-json.ts'
import { partReader } from './validate.ts'

const headers = bearer('all')

test('every wrong member of a body is named by a JSON pointer', async () => {
  const { app } = openSample()
  const payload = { name: 1, tags: ['ok', 2], 'a/b~c': true }
  const reply = await app.inject({ url: '/v1/things', method: 'POST', headers, payload })
  assert.equal(reply.statusCode, 400)
  assert.deepEqual(
    reply
      .json()
      .errors.map((error: { pointer: string }) => error.pointer)
      .sort(),
    ['#/a~1b~0c', '#/name', '#/tags/1'],
  )
})

test('text that holds NUL or half a character is refused wherever it stands, and named', () => {
  const contract = endpoint({
    id: 'keep',
    method: 'POST',
    path: '/v1/keep',
    summary: 'Keep',
    access: 'public',
    reads: true,
    query: z.object({ search: z.string().optional() }),
    body: z.object({ name: z.string().optional(), more: z.unknown().optional() }),
    reply: z.object({}),
  })
  const pointerOf = (part: 'query' | 'body', value: unknown) => {
    try {
      partReader(contract, part)(value)
    } catch (error) {
      return error instanceof Problem && error.code === 'request-invalid' ? error.details.errors?.[0]?.pointer : error
    }
    return undefined
  }
  const body = (text: string) => pointerOf('body', parseStrictJson(text))
  assert.equal(body('{"name":"a\\u0000b"}'), '#/name')
  assert.equal(body('{"name":"\\ud83d"}'), '#/name')
  assert.equal(body('{"more":[{"b/c":["x","\\ude00"]}]}'), '#/more/0/b~1c/1')
  assert.equal(body('{"more":{"\\u0000":1}}'), '#/more/%00')
  assert.equal(body('{"more":{"\\ud800":1}}'), '#/more/%EF%BF%BD')
  assert.equal(pointerOf('query', { search: 'a\0' }), 'search')
  assert.equal(body('{"name":"\\ud83d\\ude00 \\u0001","more":[null,1,"ä"]}'), undefined)
  assert.equal(
    pointerOf('body', JSON.parse(`{"more":${'['.repeat(100_000)}"\\u0000"${']'.repeat(100_000)}}`))?.toString().length,
    7 + 200_000 - 1,
  )
})

test('a member that is missing is called so, and of alternatives the nearest tells its fault', () => {
  const Ask = z.object({
    name: z.string(),
    period: z.union([z.strictObject({ start: z.string() }), z.enum(['yesterday', 'last_year'])]).optional(),
    filter: many(z.string().regex(/:/, 'write dimension:id')).optional(),
  })
  const contract = endpoint({
    id: 'ask',
    method: 'POST',
    path: '/v1/ask',
    summary: 'Ask',
    access: 'public',
    reads: true,
    body: Ask,
    reply: z.object({}),
  })
  const faultOf = (body: unknown) => {
    try {
      partReader(contract, 'body')(body)
    } catch (error) {
      return error instanceof Problem ? error.details.errors : error
    }
    return undefined
  }
  assert.deepEqual(faultOf({}), [{ pointer: '#/name', detail: 'is missing' }])
  const [period] = faultOf({ name: 'a', period: 'lastyear' }) as { pointer: string; detail: string }[]
  assert.equal(period?.pointer, '#/period')
  assert.match(period?.detail ?? '', /yesterday/)
  assert.deepEqual(faultOf({ name: 'a', period: { start: 1 } }), [
    { pointer: '#/period/start', detail: 'Invalid input: expected string, received number' },
  ])
  assert.deepEqual(faultOf({ name: 'a', filter: 'x' }), [{ pointer: '#/filter', detail: 'write dimension:id' }])
})

test('unknown and repeated parameters are refused, not ignored', async () => {
  const { app } = openSample()
  for (const [query, pointer] of [
    ['limt=3', 'limt'],
    ['limit=3&limit=4', 'limit'],
    ['limit[]=3', 'limit[]'],
    ['__proto__=1', '__proto__'],
    ['limit=900', 'limit'],
  ]) {
    const reply = await app.inject({ url: `/v1/things?${query}`, headers })
    assert.equal(reply.statusCode, 400, query)
    assert.equal(reply.json().errors[0].pointer, pointer)
  }
  const unasked = await app.inject({ url: '/v1/door?x=1' })
  assert.equal(unasked.statusCode, 400, 'an endpoint without parameters takes none')
})

test('a parameter that may be repeated is a list in either case', async () => {
  const { app } = openSample()
  const tags = async (query: string) => (await app.inject({ url: `/v1/things/jobs?${query}`, headers })).json().tags
  assert.deepEqual(await tags('tag=a'), ['a'])
  assert.deepEqual(await tags('tag=a&tag=b'), ['a', 'b'])
  assert.deepEqual(await tags('depth=2'), [])
})

test('an identifier of the wrong shape names nothing', async () => {
  const { app } = openSample()
  for (const id of ['UPPER', '%2e%2e%2fetc', 'a%00b', "a'b", 'x'.repeat(300)]) {
    assert.equal((await app.inject({ url: `/v1/things/${id}`, headers })).statusCode, 404, id)
  }
})

test('a body must be JSON that everybody reads alike', async () => {
  const { app } = openSample()
  for (const payload of [
    '{"name":"a","name":"b"}',
    '{"name":"a","n\\u0061me":"b"}',
    '{"name":"a","tags":[{"x":1,"x":2}]}',
    '{"__proto__":{"admin":true},"name":"a"}',
    '{"name":"a"',
    'name',
    '{"name":"a"} ',
  ]) {
    const reply = await app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      payload,
    })
    const wanted = payload.endsWith(' ') ? 201 : 400
    assert.equal(reply.statusCode, wanted, payload)
  }
})

test('well-formed JSON without twins passes unchanged', () => {
  fc.assert(
    fc.property(fc.json({ depthSize: 'medium' }), (text) => {
      if (text.includes('__proto__')) return
      assert.deepEqual(parseStrictJson(text), JSON.parse(text))
    }),
    { numRuns: 500 },
  )
})

test('only the promised media type in UTF-8 is read', async () => {
  const { app } = openSample()
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/xml',
    '',
  ]) {
    const reply = await app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      payload: '{"name":"a"}',
    })
    assert.equal(reply.statusCode, 415, type)
  }
  const good = { ...headers, 'content-type': 'application/json; charset="UTF-8"' }
  const reply = await app.inject({ url: '/v1/things', method: 'POST', headers: good, payload: '{"name":"a"}' })
  assert.equal(reply.statusCode, 201)
})

test('a body that is missing, too large or not wanted is refused', async () => {
  const { app } = openSample()
  const post = (payload: string | undefined) =>
    app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: payload === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(payload !== undefined && { payload }),
    })
  assert.equal((await post(undefined)).statusCode, 400)
  assert.equal((await post('')).statusCode, 400)
  const large = await post(JSON.stringify({ name: 'x'.repeat(1024 * 1024) }))
  assert.equal(large.statusCode, 413)
  assert.equal(large.json().code, 'body-too-large')
  assert.match(large.json().detail, /1048576/)
  const unwanted = await app.inject({ url: '/v1/things/bob', method: 'DELETE', headers, payload: { force: true } })
  assert.equal(unwanted.statusCode, 400)
})

test('a body full of mistakes is not answered with a multiple of itself', async () => {
  const { app } = openSample()
  const payload = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, 1]))
  for (const [method, url] of [
    ['POST', '/v1/things'],
    ['DELETE', '/v1/things/bob'],
  ] as const) {
    const reply = await app.inject({ method, url, headers, payload })
    assert.equal(reply.statusCode, 400)
    assert.equal(reply.json().errors.length, 100)
  }
})

test('names of forms cannot reach into prototypes', async () => {
  const { app } = openSample()
  const reply = await app.inject({
    url: '/foreign/things',
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: '__proto__=x&constructor=y&realm=Jobs',
  })
  assert.equal(reply.statusCode, 200)
  assert.equal(reply.json().asked.realm, 'Jobs')
  assert.equal(({} as Record<string, unknown>).x, undefined)
})

test('what the caller may not do is refused before the body is looked at', async () => {
  const { app } = openSample()
  const reply = await app.inject({ url: '/v1/things', method: 'POST', headers: bearer('one'), payload: '{{{' })
  assert.equal(reply.statusCode, 403)
})
