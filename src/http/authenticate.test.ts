import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { anonymous } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { bearer, openSample } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { route } from './serve.ts'

test('without a credential the challenge names the scheme and no error', async () => {
  const { app } = openSample()
  const reply = await app.inject({ url: '/v1/things' })
  assert.equal(reply.statusCode, 401)
  assert.equal(reply.headers['www-authenticate'], 'Bearer realm="tessera"')
  assert.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
  assert.equal(reply.json().code, 'token-missing')
})

test('a bad token is invalid_token, whether the verifier answers at once or later', async () => {
  const { app } = openSample()
  for (const token of ['nobody', 'slow-nobody', '', 'a b c']) {
    const reply = await app.inject({ url: '/v1/things', headers: bearer(token) })
    assert.equal(reply.statusCode, 401)
    assert.match(String(reply.headers['www-authenticate']), /error="invalid_token"/)
  }
})

test('a good token is let in, whether the verifier answers at once or later, in any case of the scheme', async () => {
  const { app } = openSample()
  for (const authorization of ['Bearer all', 'bearer all', 'BEARER slow-all', 'Bearer  all ']) {
    assert.equal((await app.inject({ url: '/v1/things', headers: { authorization } })).statusCode, 200)
  }
})

test('another scheme is no token', async () => {
  const { app } = openSample()
  const reply = await app.inject({ url: '/v1/things', headers: { authorization: 'Basic YWxsOmFsbA==' } })
  assert.equal(reply.json().code, 'token-missing')
})

test('where a caller is optional, nobody is welcome and a bad token is still refused', async () => {
  const { app } = openSample()
  assert.equal((await app.inject({ url: '/v1/greeting' })).json().hello, 'stranger')
  assert.equal((await app.inject({ url: '/v1/greeting', headers: bearer('all') })).json().hello, 'ada')
  assert.equal((await app.inject({ url: '/v1/greeting', headers: bearer('bad') })).statusCode, 401)
})

test('the same header twice is ambiguous, even with one value', async () => {
  const { app } = openSample()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { request } = await import('node:http')
  const status = await new Promise((resolve, reject) => {
    const { port } = app.server.address() as { port: number }
    const asking = request({ port, host: '127.0.0.1', path: '/v1/things' }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    asking.on('error', reject)
    asking.setHeader('authorization', ['Bearer all', 'Bearer one'])
    asking.end()
  })
  await app.close()
  assert.equal(status, 400)
})

test('a token in the address is refused with a hint, told to whom it concerns, and not repeated', async () => {
  const { app, exposed, logged } = openSample()
  const secret = `tsr_${'a'.repeat(12)}_${'b'.repeat(32)}_${'c'.repeat(6)}`
  for (const url of [
    `/v1/things?access_token=${secret}`,
    `/v1/things?x=${secret}`,
    `/v1/door?api_key=${secret}`,
    `/v1/things/${secret}`,
  ]) {
    const reply = await app.inject({ url })
    assert.equal(reply.statusCode, 400)
    assert.equal(reply.json().code, 'token-in-url')
    assert.doesNotMatch(reply.body, /bbbb/)
  }
  assert.deepEqual(exposed, Array(4).fill(secret))
  assert.doesNotMatch(logged(), /bbbb/)
})

test('a foreign tongue may show the token in its header, in an address or in a form, also twice', async () => {
  const { app } = openSample()
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const ask of [
    { url: '/foreign/things', headers: { 'x-foreign-key': 'all' } },
    { url: '/foreign/things?realm=Jobs&Bearer=all' },
    { url: '/foreign/things?Bearer=all', headers: bearer('all') },
    { url: '/foreign/things?Bearer=all&Bearer=all', headers: { ...bearer('all'), 'x-foreign-key': 'all' } },
    { url: '/foreign/things', method: 'POST', headers: form, payload: 'realm=Jobs&Bearer=all' },
    { url: '/foreign/things?Bearer=slow-all', method: 'POST', headers: form, payload: 'Bearer=slow-all' },
  ] as const) {
    const reply = await app.inject(ask)
    assert.equal(reply.statusCode, 200, reply.body)
    assert.equal(reply.json().by, 'all')
    assert.doesNotMatch(reply.body, /Bearer/, 'the handler never sees the secret')
  }
})

test('two different tokens in one request are refused', async () => {
  const { app } = openSample()
  for (const ask of [
    { url: '/foreign/things?Bearer=one', headers: bearer('all') },
    { url: '/foreign/things?Bearer=one&Bearer=all' },
    { url: '/foreign/things', headers: { 'x-foreign-key': 'one', ...bearer('all') } },
  ]) {
    const reply = await app.inject(ask)
    assert.equal(reply.statusCode, 400)
    assert.equal(reply.json().code, 'credentials-ambiguous')
  }
})

test('our own endpoints take a token from the Authorization header only', async () => {
  const { app } = openSample()
  for (const headers of [{ 'x-foreign-key': 'all' }, { 'x-dataverse-key': 'all' }, { token: 'all' }]) {
    assert.equal((await app.inject({ url: '/v1/things', headers })).json().code, 'token-missing')
  }
})

test('a session speaks for safe requests, unless another page made them', async () => {
  const { app } = openSample()
  const cookie = 'theme=dark; sample=good'
  const ask = (headers: Record<string, string>) => app.inject({ url: '/v1/things', headers: { cookie, ...headers } })
  assert.equal((await ask({})).statusCode, 200)
  assert.equal((await ask({ 'sec-fetch-site': 'same-origin' })).statusCode, 200)
  assert.equal((await ask({ 'sec-fetch-site': 'none' })).statusCode, 200)
  assert.equal((await ask({ 'sec-fetch-site': 'cross-site' })).statusCode, 401)
  assert.equal((await ask({ origin: 'https://evil.example' })).statusCode, 401)
  assert.equal((await app.inject({ url: '/v1/things', headers: { cookie: 'sample=stale' } })).statusCode, 401)
})

test('a session changes things only for our own pages; a token does from anywhere', async () => {
  const { app, notes } = openSample()
  const post = (headers: Record<string, string>) =>
    app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: { host: 'data.example', ...headers },
      payload: { name: 'n' },
    })
  const cookie = 'sample=good'
  for (const foreign of [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'https://data.example.evil.example' },
    { 'sec-fetch-site': 'same-site', origin: 'https://data.example' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'cross-site', 'x-requested-with': 'x' },
  ]) {
    const reply = await post({ cookie, ...foreign } as Record<string, string>)
    assert.equal(reply.statusCode, 403, JSON.stringify(foreign))
    assert.equal(reply.json().code, 'cross-site')
  }
  assert.equal(notes.length, 0)
  for (const own of [
    { origin: 'https://data.example' },
    { 'sec-fetch-site': 'same-origin' },
    { 'x-requested-with': 'portal' },
  ]) {
    assert.equal((await post({ cookie, ...own } as Record<string, string>)).statusCode, 201)
  }
  assert.equal((await post({ ...bearer('all'), origin: 'https://evil.example' })).statusCode, 201)
})

test('a page that says whose it is, is not answered in the name of somebody else', async () => {
  const { app, notes } = openSample()
  const post = (expected: string, more: Record<string, string> = { cookie: 'sample=good' }) =>
    app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', 'x-expected-account': expected, ...more },
      payload: { name: 'n' },
    })
  const greet = (expected: string) =>
    app.inject({ url: '/v1/greeting', headers: { cookie: 'sample=good', 'x-expected-account': expected } })
  const other = await post('somebody-else')
  assert.equal(other.statusCode, 401)
  assert.match(other.json().detail, /another account/)
  assert.equal((await greet('somebody-else')).statusCode, 401, 'not as a visitor either')
  assert.equal(notes.length, 0, 'and nothing was done')
  assert.equal((await post('a1')).statusCode, 201)
  assert.equal((await greet('a1')).json().hello, 'ada')
  assert.equal((await post('somebody-else', bearer('all'))).statusCode, 201, 'a token names its account itself')
})

test('behind a proxy that hides the Host, the public address is our own page', async () => {
  const { app } = openSample({ siteAddress: 'https://data.example' })
  const post = (origin: string) =>
    app.inject({
      url: '/v1/things',
      method: 'POST',
      headers: { host: '10.0.0.7:8080', cookie: 'sample=good', origin },
      payload: { name: 'n' },
    })
  assert.equal((await post('https://data.example')).statusCode, 201)
  assert.equal((await post('http://data.example')).statusCode, 403)
})

test('a token beside a cookie decides alone', async () => {
  const { app } = openSample()
  const reply = await app.inject({ url: '/v1/things', headers: { cookie: 'sample=good', ...bearer('bad') } })
  assert.equal(reply.statusCode, 401)
})

test('what needs a session is not for tokens', async () => {
  const { app } = openSample()
  assert.equal((await app.inject({ url: '/v1/own-session', headers: bearer('all') })).json().code, 'session-required')
  assert.equal((await app.inject({ url: '/v1/own-session', headers: { cookie: 'sample=good' } })).json().id, 's1')
})

test('a form posted by another page does not sign its reader in', async () => {
  const signIn = endpoint({
    id: 'sign-in-by-form',
    method: 'POST',
    path: '/v1/sign-in',
    summary: 'Sign in',
    access: 'public',
    audit: 'account.signed_in',
    accepts: ['application/x-www-form-urlencoded'],
    body: z.object({ name: z.string() }),
    reply: z.object({ name: z.string() }),
  })
  const { app } = openSample({
    routes: [
      route(signIn, ({ body, change }) => {
        change.note({ verb: 'account.signed_in', subjectType: 'account', subjectId: body.name })
        return body
      }),
    ],
  })
  const post = async (headers: Record<string, string>) => {
    const form = { host: 'data.example', 'content-type': 'application/x-www-form-urlencoded', ...headers }
    return (await app.inject({ url: '/v1/sign-in', method: 'POST', headers: form, payload: 'name=eve' })).statusCode
  }
  assert.equal(await post({ origin: 'https://evil.example' }), 403)
  assert.equal(await post({ 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(await post({ origin: 'https://data.example' }), 200)
  assert.equal(await post({}), 200, 'a program says nothing of where it comes from')
})

test('a body that comes slowly is acted on only if its token still stands', async () => {
  let stands = true
  const seen: unknown[] = []
  const { app } = openSample({
    verifiers: {
      sessionCookie: 'session',
      verifyToken: (_secret, { again }) => {
        seen.push(again)
        return stands ? { ...anonymous, via: 'token', tokenId: 't', grants: Grants.ofRole('admin') } : null
      },
      verifySession: () => null,
    },
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const post = (afterMs: number, revoked: boolean) =>
    new Promise<number | undefined>((resolve, reject) => {
      stands = true
      const headers = { ...bearer('all'), 'content-type': 'application/json' }
      const asking = request({ port, host: '127.0.0.1', path: '/v1/things', method: 'POST', headers }, (reply) => {
        reply.resume()
        resolve(reply.statusCode)
      })
      asking.on('error', reject)
      asking.write('{"name":')
      void sleep(afterMs).then(() => {
        stands = !revoked
        asking.end('"x"}')
      })
    })
  assert.equal(await post(700, true), 401)
  assert.equal(await post(700, false), 201)
  assert.deepEqual(seen, [false, true, false, true], 'the second look is no further use')
  assert.equal(await post(0, false), 201)
  assert.equal(seen.length, 5)
  await app.close()
})
