import assert from 'node:assert/strict'
import { request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openSample } from '#test/sample-api.ts'
import { endpoint } from './endpoint.ts'
import { etagOf, hasCurrent, requireMatch } from './etag.ts'
import { respond } from './respond.ts'
import { route } from './serve.ts'

const rows = endpoint({
  id: 'stream-rows',
  method: 'GET',
  path: '/v1/rows',
  summary: 'Stream rows',
  access: 'public',
  media: ['text/csv', 'application/octet-stream'],
})

async function listening(makeStream: () => Parameters<typeof respond>[0]) {
  const { app, logged } = openSample({ routes: [route(rows, () => respond(makeStream()))] })
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { app, logged, url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/rows` }
}

test('a stream arrives whole, as Node writes it or as browsers do', async () => {
  const text = Array.from({ length: 5000 }, (_, n) => `row ${n}\n`).join('')
  for (const make of [
    () => Readable.from([text.slice(0, 9), text.slice(9, 40_000), text.slice(40_000)]),
    () => new Blob([text]).stream(),
  ]) {
    const { app, url } = await listening(() => ({ stream: make() as Readable }))
    const reply = await fetch(url)
    assert.equal(reply.headers.get('content-type'), 'text/csv; charset=utf-8')
    assert.equal(await reply.text(), text)
    await app.close()
  }
})

test('an error in the middle of a stream breaks the connection: half an answer never looks whole', async () => {
  const half = () =>
    Readable.from(
      (async function* () {
        yield 'row 1\n'
        await new Promise((later) => setTimeout(later, 20))
        throw new Error('the engine failed')
      })(),
    )
  const { app, url, logged } = await listening(() => ({ stream: half() }))
  const reply = await fetch(url)
  assert.equal(reply.status, 200)
  await assert.rejects(reply.text())
  await app.close()
  assert.match(logged(), /the engine failed/)
})

test('an error before the first byte is a problem', async () => {
  const { app, url } = await listening(() => ({
    stream: new Readable({
      read() {
        this.destroy(new Error('the engine failed at once'))
      },
    }),
  }))
  const reply = await fetch(url)
  assert.equal(reply.status, 500)
  assert.equal(reply.headers.get('content-type'), 'application/problem+json; charset=utf-8')
  await app.close()
})

test('when the client hangs up, the stream is destroyed', async () => {
  const destroyed = Promise.withResolvers<void>()
  const { app, url } = await listening(() => ({
    stream: new Readable({
      read() {
        this.push('x'.repeat(16_384))
      },
      destroy(error, done) {
        destroyed.resolve()
        done(error)
      },
    }),
  }))
  const asking = ask(url, (reply) => reply.once('data', () => asking.destroy()))
  asking.on('error', () => undefined)
  asking.end()
  await destroyed.promise
  await app.close()
})

test('HEAD does not run the stream', async () => {
  let read = 0
  const { app, url } = await listening(() => ({
    stream: new Readable({
      read() {
        read++
        this.push(null)
      },
    }),
  }))
  const reply = await fetch(url, { method: 'HEAD' })
  assert.equal(reply.status, 200)
  assert.equal(reply.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.equal(read, 0)
  await app.close()
})

test('who has the current state gets 304 and no body, and the handler can save its work', async () => {
  const etag = etagOf('v', 7)
  let worked = 0
  const { app } = openSample({
    routes: [
      route(rows, ({ request }) => {
        if (hasCurrent(request, etag)) return respond({ etag })
        worked++
        return respond({ etag, body: Buffer.from('a,b\n') })
      }),
    ],
  })
  const first = await app.inject({ url: '/v1/rows' })
  assert.equal(first.headers.etag, `"${etag}"`)
  assert.equal(first.headers['cache-control'], 'private, no-cache')
  assert.match(String(first.headers.vary), /Authorization/)
  assert.equal(first.body, 'a,b\n')
  for (const known of [`"${etag}"`, `W/"${etag}"`, `"other", "${etag}"`, '*']) {
    const again = await app.inject({ url: '/v1/rows', headers: { 'if-none-match': known } })
    assert.equal(again.statusCode, 304, known)
    assert.equal(again.body, '')
    assert.equal(again.headers.etag, `"${etag}"`)
  }
  assert.equal(worked, 1)
  assert.equal((await app.inject({ url: '/v1/rows', headers: { 'if-none-match': '"other"' } })).statusCode, 200)
})

test('a change on the ground of an older state is refused, and of none where one is required', async () => {
  const change = { ...rows, id: 'replace-rows', method: 'PUT', audit: 'account.updated', path: '/v1/rows' } as const
  const { app } = openSample({
    routes: [
      route(change, ({ request }) => {
        requireMatch(request, 'v2', { required: true })
        return respond({ unchanged: true })
      }),
    ],
  })
  const put = async (match?: string) =>
    (await app.inject({ url: '/v1/rows', method: 'PUT', headers: match === undefined ? {} : { 'if-match': match } }))
      .statusCode
  assert.equal(await put('"v2"'), 204)
  assert.equal(await put('"v1", "v2"'), 204)
  assert.equal(await put('*'), 204)
  assert.equal(await put('"v1"'), 412)
  assert.equal(await put('W/"v2"'), 412, 'a weak tag never matches')
  assert.equal(await put(), 428)
})
