import assert from 'node:assert/strict'
import { request as ask } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { test } from 'node:test'
import { z } from 'zod'
import { defineProblem } from '#src/problem/problem.ts'
import { bearer, callers, foreign, openSample, sampleRoutes } from '#test/sample-api.ts'
import type { Dialect } from './dialect.ts'
import { endpoint } from './endpoint.ts'
import { route } from './serve.ts'

const fixed = [
  'x-content-type-options',
  'content-security-policy',
  'referrer-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'cache-control',
  'x-request-id',
]

const failing = route(
  endpoint({ id: 'fail', method: 'GET', path: '/v1/failure', summary: 'Fail', access: 'public', reply: z.object({}) }),
  () => {
    throw new Error('the password is hunter2')
  },
)

async function listening(over: Parameters<typeof openSample>[0] = {}, host = '127.0.0.1') {
  const sample = openSample(over)
  await sample.app.listen({ port: 0, host })
  return { ...sample, port: (sample.app.server.address() as AddressInfo).port }
}

test('every reply carries the security headers: found, not found, refused, wrong method, failed, malformed', async () => {
  const { app } = openSample({ routes: [...sampleRoutes, failing], siteAddress: 'https://data.example' })
  for (const [url, method, status] of [
    ['/v1/door', 'GET', 200],
    ['/v1/things', 'GET', 401],
    ['/v1/nowhere', 'GET', 404],
    ['/foreign/nowhere', 'GET', 404],
    ['/v1/door', 'PUT', 405],
    ['/v1/door', 'OPTIONS', 204],
    ['/v1/failure', 'GET', 500],
    ['/v1/%zz', 'GET', 400],
  ] as const) {
    const reply = await app.inject({ url, method })
    assert.equal(reply.statusCode, status, url)
    for (const name of fixed) assert.ok(reply.headers[name], `${url} lacks ${name}`)
    assert.match(String(reply.headers['strict-transport-security']), /max-age=31536000/)
    assert.equal(reply.headers.server ?? reply.headers['x-powered-by'], undefined)
  }
})

test('bytes that are no request are answered with a problem and the same headers', async () => {
  const { app, port, logged } = await listening()
  for (const bytes of [
    'GARBAGE\r\n\r\n',
    `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`,
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ]) {
    const reply = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    assert.match(reply, /^HTTP\/1\.1 4\d\d /)
    assert.match(reply, /application\/problem\+json/)
    assert.match(reply, /x-content-type-options: nosniff/)
    const id = /x-request-id: (\S+)/.exec(reply)?.[1]
    assert.equal(JSON.parse(reply.split('\r\n\r\n')[1] ?? '').request_id, id)
    assert.ok(id && logged().includes(id))
  }
  await app.close()
})

test('a failure says nothing but its request id to the caller, and everything to the log', async () => {
  const { app, logged } = openSample({ routes: [failing] })
  const reply = await app.inject({ url: '/v1/failure' })
  assert.doesNotMatch(reply.body, /hunter2|at .*\.ts/)
  assert.equal(reply.json().request_id, reply.headers['x-request-id'])
  assert.match(logged(), /the password is/)
  assert.ok(logged().includes(reply.json().request_id))
})

test('an address that takes other methods says which', async () => {
  const { app } = openSample()
  const refused = await app.inject({ url: '/v1/things', method: 'PATCH' })
  assert.equal(refused.statusCode, 405)
  assert.equal(refused.headers.allow, 'GET, HEAD, POST, OPTIONS')
  const named = await app.inject({ url: '/v1/things/jobs', method: 'PUT' })
  assert.equal(named.headers.allow, 'GET, HEAD, DELETE, OPTIONS')
  assert.equal((await app.inject({ url: '/v1/things', method: 'OPTIONS' })).headers.allow, 'GET, HEAD, POST, OPTIONS')
  const foreign = await app.inject({ url: '/foreign/things', method: 'DELETE' })
  assert.equal(foreign.statusCode, 405)
  assert.equal(foreign.json().message, 'This address does not take this method')
})

test('HEAD answers as GET does, without a body', async () => {
  const { app } = openSample()
  const get = await app.inject({ url: '/v1/things/jobs', headers: bearer('all') })
  const head = await app.inject({ url: '/v1/things/jobs', method: 'HEAD', headers: bearer('all') })
  assert.equal(head.statusCode, 200)
  assert.equal(head.body, '')
  assert.equal(head.headers['content-length'], get.headers['content-length'])
  assert.equal((await app.inject({ url: '/v1/things/jobs', method: 'HEAD' })).statusCode, 401)
})

test('a sane request id is taken over, any other replaced', async () => {
  const { app } = openSample()
  const idFor = async (given: string) =>
    (await app.inject({ url: '/v1/door', headers: { 'x-request-id': given } })).headers['x-request-id']
  assert.equal(await idFor('trace-0123456789'), 'trace-0123456789')
  for (const bad of ['short', 'a b c d e f', 'x'.repeat(65), 'ab"cd"efgh', '<script>1</script>'])
    assert.notEqual(await idFor(bad), bad)
  const ids = new Set(await Promise.all(Array.from({ length: 50 }, () => idFor('-'))))
  assert.equal(ids.size, 50)
})

test('pages of listed origins may ask with a token; cookies are never allowed', async () => {
  const { app } = openSample({ corsDomains: ['https://hub.example'] })
  const preflight = await app.inject({
    url: '/v1/things',
    method: 'OPTIONS',
    headers: { origin: 'https://hub.example', 'access-control-request-method': 'POST' },
  })
  assert.equal(preflight.statusCode, 204)
  assert.equal(preflight.headers['access-control-allow-origin'], 'https://hub.example')
  assert.match(String(preflight.headers['access-control-allow-methods']), /POST/)
  assert.match(String(preflight.headers['access-control-allow-headers']), /Authorization/)
  const reply = await app.inject({ url: '/v1/things', headers: { origin: 'https://hub.example', ...bearer('all') } })
  assert.equal(reply.headers['access-control-allow-origin'], 'https://hub.example')
  assert.match(String(reply.headers.vary), /Origin/)
  const refused = await app.inject({ url: '/v1/things', headers: { origin: 'https://hub.example' } })
  assert.equal(refused.headers['access-control-allow-origin'], 'https://hub.example', 'a page may read its refusal')
  for (const origin of ['https://evil.example', 'https://hub.example.evil.example', 'null', 'http://hub.example']) {
    const foreign = await app.inject({ url: '/v1/things', headers: { origin, ...bearer('all') } })
    assert.equal(foreign.headers['access-control-allow-origin'], undefined)
  }
  for (const { headers } of [preflight, reply, refused])
    assert.equal(headers['access-control-allow-credentials'], undefined)
  const cookie = await app.inject({
    url: '/v1/things',
    headers: { origin: 'https://hub.example', cookie: 'sample=good' },
  })
  assert.equal(cookie.statusCode, 401)
})

test('a missing permission is named, and the audit trail hears of it', async () => {
  const { app, refusals } = openSample()
  const reply = await app.inject({ url: '/v1/things/flights', headers: bearer('one') })
  assert.equal(reply.statusCode, 403)
  assert.equal(
    reply.headers['www-authenticate'],
    'Bearer realm="tessera", error="insufficient_scope", scope="models:refresh:flights"',
  )
  assert.deepEqual(reply.json().missing_permissions, ['models:refresh:flights'])
  assert.deepEqual(reply.json().accepted_permissions, ['models:refresh', 'models:refresh:flights'])
  assert.equal((await app.inject({ url: '/v1/things/jobs', headers: bearer('one') })).statusCode, 200)
  assert.deepEqual(
    refusals.map(({ reason, actor }) => [reason, actor.caller.tokenId, actor.address]),
    [['permission-missing', 'one', '127.0.0.1']],
  )
})

test('what a reply does not promise does not leave, and a broken promise is a failure', async () => {
  const { app } = openSample({
    routes: [
      ...sampleRoutes,
      route(
        endpoint({
          id: 'liar',
          method: 'GET',
          path: '/v1/liar',
          summary: 'Lie',
          access: 'public',
          reply: z.object({ n: z.number() }),
        }),
        () => ({ n: 'one' as unknown as number }),
      ),
    ],
  })
  assert.deepEqual((await app.inject({ url: '/v1/things/jobs', headers: bearer('all') })).json(), {
    name: 'jobs',
    tags: [],
  })
  assert.equal((await app.inject({ url: '/v1/liar' })).statusCode, 500)
})

test('a problem of a room arrives whole; a foreign tongue gets it in its own words', async () => {
  const tooOld = defineProblem('thing-too-old', 'conflict', 'The thing is too old', 'Take a newer one.')
  const refuse = () => {
    throw tooOld({
      detail: 'It is from 1999.',
      hint: 'Take a newer one.',
      errors: [{ pointer: '#/year', detail: 'is too small' }],
      extensions: { year: 1999 },
      headers: { 'retry-after': '9' },
      cause: new Error('secret'),
    })
  }
  const own = endpoint({
    id: 'own',
    method: 'GET',
    path: '/v1/old',
    summary: 'Old',
    access: 'public',
    reply: z.object({}),
  })
  const { app } = openSample({ routes: [...sampleRoutes, route(own, refuse)] })
  const reply = await app.inject({ url: '/v1/old?' })
  assert.equal(reply.headers['retry-after'], '9')
  const { request_id, ...document } = reply.json()
  assert.deepEqual(document, {
    type: '/docs/problems#thing-too-old',
    title: 'The thing is too old',
    status: 409,
    code: 'thing-too-old',
    detail: 'It is from 1999.',
    hint: 'Take a newer one.',
    errors: [{ pointer: '#/year', detail: 'is too small' }],
    year: 1999,
    instance: '/v1/old',
  })
  const foreign = await app.inject({ url: '/foreign/things' })
  assert.equal(foreign.headers['content-type'], 'application/json; charset=utf-8')
  assert.deepEqual(foreign.json(), { message: 'This needs an API token or a signed-in session', code: 'token-missing' })
})

test('a foreign tongue that fails to tell a problem does not leave the caller without an answer', async () => {
  const mute: Dialect = {
    ...foreign,
    prefixes: ['/mute/'],
    renderProblem: () => {
      throw new Error('no words')
    },
  }
  const ask = { method: 'GET', summary: 'Ask', access: 'public', dialect: mute, reply: z.object({}) } as const
  const { app, logged } = openSample({
    routes: [
      route(endpoint({ ...ask, id: 'mute', path: '/mute/now' }), () => {
        throw new Error('at once')
      }),
      route(endpoint({ ...ask, id: 'mute-later', path: '/mute/later' }), () => Promise.reject(new Error('later'))),
    ],
  })
  for (const url of ['/mute/now', '/mute/later', '/mute/nowhere']) {
    const reply = await app.inject({ url })
    assert.equal(reply.statusCode, 500)
    assert.equal(reply.json().code, 'internal-error')
  }
  assert.match(logged(), /no words/)
})

test('whatever is thrown is answered, even what is no Error', async () => {
  const ask = { method: 'GET', summary: 'Ask', access: 'public', reply: z.object({}) } as const
  const thrown = [new DOMException('away', 'AbortError'), { code: 20 }, 'a text', null, undefined]
  const { app } = openSample({
    routes: thrown.map((one, at) =>
      route(endpoint({ ...ask, id: `throw-${at}`, path: `/v1/throw/${at}` }), () => Promise.reject(one)),
    ),
  })
  for (const at of thrown.keys()) {
    const reply = await app.inject({ url: `/v1/throw/${at}` })
    assert.equal(reply.json().code, 'internal-error', String(thrown[at]))
  }
})

test('when the database is away, the answer is 503 and not a stack trace', async () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  const { app } = openSample({
    changer: () => Promise.reject(gone),
    verifiers: {
      sessionCookie: 'sample',
      verifyToken: (secret) => (secret === 'all' ? (callers.all ?? null) : Promise.reject(gone)),
      verifySession: () => Promise.reject(gone),
    },
  })
  for (const token of ['all', 'unknown']) {
    const reply = await app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: bearer(token),
      payload: { name: 'x' },
    })
    assert.equal(reply.statusCode, 503)
    assert.equal(reply.headers['retry-after'], '1')
    assert.doesNotMatch(reply.body, /5432/)
  }
})

test('closing lets requests in flight finish, closes their connections and takes no new ones', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const slow = route(
    endpoint({
      id: 'slow',
      method: 'GET',
      path: '/v1/slow',
      summary: 'Wait',
      access: 'public',
      reply: z.object({ done: z.boolean() }),
    }),
    async () => {
      started.resolve()
      await promise
      return { done: true }
    },
  )
  const started = Promise.withResolvers<void>()
  const { app, port } = await listening({ routes: [slow] })
  const reply = fetch(`http://127.0.0.1:${port}/v1/slow`)
  await started.promise
  const closed = app.close()
  await new Promise((later) => setTimeout(later, 20))
  await assert.rejects(fetch(`http://127.0.0.1:${port}/v1/slow`))
  resolve()
  const finished = await reply
  assert.equal(finished.headers.get('connection'), 'close')
  assert.deepEqual(await finished.json(), { done: true })
  await closed
})

test('a request that never ends is cut off when the time for closing is over', async () => {
  const stuck = route(
    endpoint({ id: 'stuck', method: 'GET', path: '/v1/stuck', summary: 'Hang', access: 'public', reply: z.object({}) }),
    () => {
      started.resolve()
      return new Promise<Record<string, never>>(() => undefined)
    },
  )
  const started = Promise.withResolvers<void>()
  const { app, port } = await listening({ routes: [stuck], drainMs: 50 })
  const reply = fetch(`http://127.0.0.1:${port}/v1/stuck`)
  reply.catch(() => undefined)
  await started.promise
  await app.close()
  await assert.rejects(reply)
})

test('the signal aborts when the client hangs up, and only then', async () => {
  const aborted: string[] = []
  const hung = Promise.withResolvers<void>()
  const started = Promise.withResolvers<void>()
  const wait = endpoint({
    id: 'wait',
    method: 'GET',
    path: '/v1/wait',
    summary: 'Wait',
    access: 'public',
    reply: z.object({}),
  })
  const quick = { ...wait, id: 'quick', path: '/v1/quick' }
  const { app, port } = await listening({
    routes: [
      route(wait, ({ request }) => {
        request.signal.addEventListener('abort', () => {
          aborted.push('wait')
          hung.resolve()
        })
        started.resolve()
        return hung.promise.then(() => ({}))
      }),
      route(quick, ({ request }) => {
        request.signal.addEventListener('abort', () => aborted.push('quick'))
        return {}
      }),
    ],
  })
  await (await fetch(`http://127.0.0.1:${port}/v1/quick`)).text()
  const request = ask({ port, host: '127.0.0.1', path: '/v1/wait' })
  request.on('error', () => undefined)
  request.end()
  await started.promise
  request.destroy()
  await hung.promise
  assert.deepEqual(aborted, ['wait'])
  await app.close()
})

test('IPv6 clients are served', async (t) => {
  const sample = openSample()
  try {
    await sample.app.listen({ port: 0, host: '::1' })
  } catch {
    t.skip('this machine has no IPv6')
    return
  }
  const { port } = sample.app.server.address() as AddressInfo
  assert.equal((await fetch(`http://[::1]:${port}/v1/door`)).status, 200)
  await sample.app.close()
})
