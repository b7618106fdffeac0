import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { z } from 'zod'
import { defineProblem } from '#src/problem/problem.ts'
import { bearer, openSample, sampleRoutes } from '#test/sample-api.ts'
import { workTime } from '#test/work-time.ts'
import { endpoint } from './endpoint.ts'
import { openLog } from './log.ts'
import { redact } from './redact.ts'
import { route } from './serve.ts'

const secretPart = 'CanaryCanaryCanaryCanaryCanary00'
const canary = `tsr_0123456789ab_${secretPart}_c4n4ry`
const ofXdmod = `17.${'c0ffee'.repeat(11).slice(0, 64)}`

const crash = endpoint({
  id: 'crash',
  method: 'POST',
  path: '/v1/crash',
  summary: 'Crash with what was sent',
  access: 'public',
  audit: 'token.issued',
  body: z.object({ text: z.string() }),
})

const unavailable = defineProblem('sample-unavailable', 'unavailable', 'Away', 'Wait.')

test('a token never reaches the log, whatever way it takes', async () => {
  const { app, logged } = openSample({
    routes: [
      ...sampleRoutes,
      route(crash, ({ body }) => {
        if (body.text.startsWith('problem')) throw unavailable({ detail: body.text, cause: new Error(body.text) })
        throw Object.assign(new Error(`cannot use ${body.text}`), { detail: body.text, sent: { token: body.text } })
      }),
    ],
  })
  const json = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  for (const secret of [canary, ofXdmod]) {
    for (const request of [
      { url: '/v1/things', headers: bearer(secret) },
      { url: `/v1/things?access_token=${secret}` },
      { url: `/v1/things/${secret}`, headers: bearer('all') },
      { url: `/v1/nowhere/${secret}?Bearer=${secret}` },
      { url: `/v1/%zz${secret}` },
      { url: `/foreign/things?realm=Jobs&Bearer=${secret}` },
      { url: `/foreign/nowhere?Bearer=${secret}` },
      { url: '/foreign/things', headers: { 'x-foreign-key': secret } },
      { url: '/foreign/things', method: 'POST', headers: form, payload: `Bearer=${secret}` },
      { url: '/v1/things', headers: { cookie: `sample=${secret}`, 'user-agent': secret, 'x-request-id': secret } },
      { url: '/v1/things', method: 'POST', headers: { ...json, ...bearer('all') }, payload: `{"name":"${secret}` },
      {
        url: '/v1/things',
        method: 'POST',
        headers: { ...json, ...bearer('all') },
        payload: `{"name":"x","${secret}":1}`,
      },
      { url: '/v1/crash', method: 'POST', headers: json, payload: JSON.stringify({ text: secret }) },
      { url: '/v1/crash', method: 'POST', headers: json, payload: JSON.stringify({ text: `problem ${secret}` }) },
      {
        url: '/v1/crash',
        method: 'POST',
        headers: json,
        payload: JSON.stringify({ text: `https://u:${secret}@host/` }),
      },
    ] as const) {
      await app.inject(request)
    }
  }
  assert.ok(logged().length > 5000, 'something was logged')
  assert.doesNotMatch(logged(), new RegExp(secretPart))
  assert.doesNotMatch(logged(), /c0ffeec0ffee/)
  assert.match(logged(), /tsr_0123456789ab_\[redacted\]/, 'the public id stays, to trace the line')
})

test('secrets are cleared from lines by their shape', () => {
  for (const [text, clean] of [
    ['GET /rest/x?Bearer=17.abc&limit=3', 'GET /rest/x?Bearer=[redacted]&limit=3'],
    ['"authorization":"Bearer abcdefghijkl"', '"authorization":"Bearer [redacted]"'],
    ['authorization: Basic YWRhOmh1bnRlcjI=', 'authorization: Basic [redacted]'],
    ['a%26key%3Dabc def', 'a%26key%3D[redacted] def'],
    ['postgres://tessera:pa55@db/tessera', 'postgres://tessera:[redacted]@db/tessera'],
    ['Failing row contains (1, $argon2id$v=19$m=1$abc$def, x)', 'Failing row contains (1, [redacted], x)'],
    ['tsr_zzzzzzzzzzzzzzz', 'tsr_[redacted]'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln', '[redacted]'],
    ['nothing secret: token.issued by 192.0.2.1', 'nothing secret: token.issued by 192.0.2.1'],
  ] as const)
    assert.equal(redact(text), clean)
})

test('a line break in what a caller sent does not begin a new line in the log', () => {
  const lines: string[] = []
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  openLog('info', sink).info({ client: 'evil\r\n{"level":"info","msg":"forged"}' }, 'request')
  assert.equal(lines.join('').trim().split('\n').length, 1)
})

test('clearing secrets takes no longer for long lines than their length', () => {
  for (const unit of [
    'a+',
    'a.',
    'key-',
    'tsr_',
    'Bearer ',
    'a:',
    'key=',
    '1',
    '1.',
    'eyJ',
    'https://a',
    '$argon2',
    '%3D',
  ]) {
    const worked = workTime()
    redact(unit.repeat(50_000 / unit.length))
    assert.ok(worked() < 1000, unit)
  }
})
