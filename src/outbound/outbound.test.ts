import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import type dns from 'node:dns'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { reachable } from './networks.ts'
import { type Outbound, openOutbound } from './open-outbound.ts'
import { signatureOf } from './send-signed.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

async function serverOf(t: TestContext, answer: Answer, host = '127.0.0.1') {
  const asked: IncomingMessage[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, host, resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { port, asked, url: `http://${host.includes(':') ? `[${host}]` : host}:${port}` }
}

function outboundOf(t: TestContext, options: { allowed?: string[]; lookup?: typeof dns.lookup } = {}): Outbound {
  const { allowed = ['127.0.0.0/8'], lookup } = options
  const outbound = openOutbound({ allowedNetworks: allowed, agent: 'Tessera/test', ...(lookup && { lookup }) })
  t.after(() => outbound.close())
  return outbound
}

/** A resolver that gives each name its addresses in turn, as one that is made to cheat would. */
function resolving(names: Record<string, string[][]>): typeof dns.lookup {
  const asked = new Map<string, number>()
  const lookup = (name: string, _options: unknown, done: (error: Error | null, found: unknown) => void): void => {
    const time = asked.get(name) ?? 0
    asked.set(name, time + 1)
    const turns = names[name]
    const addresses = turns?.[Math.min(time, turns.length - 1)]
    if (addresses)
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    else done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
  }
  return lookup as unknown as typeof dns.lookup
}

const limits = { maxBytes: 1e6, timeoutMs: 5000 }
const message = { secret: 's'.repeat(16), id: 'msg_1', body: '{}', contentType: 'application/json' }

test('only public addresses may be reached, however they are written, unless a network is allowed', () => {
  const none = reachable([])
  const refused =
    '127.0.0.1 127.8.9.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fd12::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 2001:db8::1 2002:7f00:1:: nonsense'
  for (const address of refused.split(' ')) assert.equal(none(address), false, address)
  assert.equal(none(''), false)
  for (const address of ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '::ffff:1.1.1.1', '64:ff9b::101:101'])
    assert.equal(none(address), true, address)
  const some = reachable(['10.20.0.0/16', '192.168.7.15', 'fd00:1::/32'])
  for (const address of ['10.20.3.4', '192.168.7.15', '::ffff:10.20.3.4', 'fd00:1::5'])
    assert.equal(some(address), true, address)
  for (const address of ['10.21.0.1', '192.168.7.16', 'fd00:2::5', '127.0.0.1'])
    assert.equal(some(address), false, address)
})

test('a loopback address is refused before anything is sent', async (t) => {
  const { url, port, asked } = await serverOf(t, (_, response) => response.end('secret'))
  const outbound = outboundOf(t, { allowed: [] })
  // As numbers, in octal, in hexadecimal, shortened: the parser of addresses makes one of them all.
  for (const host of ['127.0.0.1', '2130706433', '0177.0.0.1', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '[::1]'])
    await assert.rejects(outbound.fetch(`http://${host}:${port}/`, limits), { code: 'address-refused' }, host)
  await assert.rejects(outbound.send({ ...message, url }), { code: 'address-refused' })
  assert.equal(asked.length, 0)
})

test('a name counts by what it resolves to', async (t) => {
  const { port, asked } = await serverOf(t, (_, response) => response.end('secret'))
  // Really looked up by the system.
  await assert.rejects(outboundOf(t, { allowed: [] }).fetch(`http://localhost:${port}/`, limits), {
    code: 'address-refused',
  })
  const lookup = resolving({
    'inside.example': [['127.0.0.1']],
    'six.example': [['::1']],
    'mapped.example': [['::ffff:127.0.0.1']],
    'metadata.example': [['169.254.169.254']],
  })
  const outbound = outboundOf(t, { allowed: [], lookup })
  for (const name of ['inside', 'six', 'mapped', 'metadata'])
    await assert.rejects(outbound.fetch(`http://${name}.example:${port}/`, limits), { code: 'address-refused' }, name)
  await assert.rejects(outbound.fetch(`http://nowhere.example:${port}/`, limits), { code: 'address-unreachable' })
  assert.equal(asked.length, 0)
})

test('of several addresses only those that may be reached are tried', async (t) => {
  const { port, asked } = await serverOf(t, (_, response) => response.end('open'))
  const lookup = resolving({ 'both.example': [['10.255.255.1', '127.0.0.1']] })
  const found = await outboundOf(t, { lookup }).fetch(`http://both.example:${port}/`, limits)
  assert.equal(found.changed && (await text(found.body)), 'open')
  assert.equal(asked[0]?.socket.remoteAddress, '127.0.0.1')
})

test('the socket is looked at again: a resolver that the look-up does not go through gains nothing', async (t) => {
  const { port, asked } = await serverOf(t, (_, response) => response.end('secret'))
  // Answers the guard's question with a list that holds an allowed address under a forbidden one's text.
  const lying = ((_name: string, _options: unknown, done: (error: null, found: unknown) => void) =>
    done(null, [
      {
        family: 4,
        get address() {
          turn++
          return turn === 1 ? '1.1.1.1' : '127.0.0.1'
        },
      },
    ])) as unknown as typeof dns.lookup
  let turn = 0
  const outbound = outboundOf(t, { allowed: [], lookup: lying })
  await assert.rejects(outbound.fetch(`http://rebinding.example:${port}/`, limits), { code: 'address-refused' })
  assert.ok(turn > 1, 'the address was connected to')
  await sleep(50)
  assert.equal(asked.length, 0)
})

test('a redirect is followed where it may lead, with credentials only for whom they were given', async (t) => {
  const other = await serverOf(t, (_, response) => response.end('found'))
  const first = await serverOf(t, ({ url }, response) => {
    const location = url === '/near' ? '/there' : url === '/there' ? 'there2' : `${other.url}/far`
    if (url === '/there2') return response.end('near')
    return response.writeHead(302, { location }).end('moved')
  })
  const outbound = outboundOf(t)
  const headers = { authorization: 'Bearer x' }
  const near = await outbound.fetch(`${first.url}/near`, { ...limits, headers })
  assert.equal(near.changed && (await text(near.body)), 'near')
  assert.equal(first.asked.at(-1)?.headers.authorization, 'Bearer x')
  const far = await outbound.fetch(`${first.url}/away`, { ...limits, headers })
  assert.equal(far.changed && (await text(far.body)), 'found')
  assert.equal(other.asked[0]?.headers.authorization, undefined)
})

test('a redirect to a forbidden address, to another scheme or without end is not followed', async (t) => {
  // 127.0.0.1 is allowed here, 127.0.0.2 is not.
  const inner = await serverOf(t, (_, response) => response.end('secret'), '127.0.0.2')
  const targets: Record<string, string> = {
    '/inner': inner.url,
    '/name': `http://inside.example:${inner.port}/`,
    '/file': 'file:///etc/passwd',
    '/loop': '/loop',
    '/user': 'http://a:b@1.1.1.1/',
  }
  const outer = await serverOf(t, ({ url = '' }, response) => {
    response.writeHead(301, { location: targets[url] }).end()
  })
  const outbound = outboundOf(t, {
    allowed: ['127.0.0.1/32'],
    lookup: resolving({ 'inside.example': [['127.0.0.2']] }),
  })
  for (const [from, code] of [
    ['/inner', 'address-refused'],
    ['/name', 'address-refused'],
    ['/file', 'address-refused'],
    ['/user', 'address-refused'],
    ['/loop', 'fetch-refused'],
  ])
    await assert.rejects(outbound.fetch(outer.url + from, limits), { code }, from)
  assert.equal(inner.asked.length, 0)
})

test('a document comes with what tells its states apart, and is not sent again when it is known', async (t) => {
  const { url } = await serverOf(t, ({ headers }, response) => {
    const facts = { etag: '"v1"', 'last-modified': 'Sun, 01 Nov 2026 00:00:00 GMT', 'content-type': 'text/csv' }
    const known = headers['if-none-match'] === '"v1"' || headers['if-modified-since'] === facts['last-modified']
    response.writeHead(known ? 304 : 200, facts).end(known ? undefined : 'a,b')
  })
  const outbound = outboundOf(t)
  const found = await outbound.fetch(url, limits)
  assert.ok(found.changed)
  assert.deepEqual(
    [found.etag, found.lastModified, found.contentType, await text(found.body)],
    ['"v1"', 'Sun, 01 Nov 2026 00:00:00 GMT', 'text/csv', 'a,b'],
  )
  assert.deepEqual(await outbound.fetch(url, { ...limits, etag: '"v1"' }), { changed: false })
  assert.deepEqual(await outbound.fetch(url, { ...limits, lastModified: found.lastModified }), { changed: false })
  assert.equal((await outbound.fetch(url, { ...limits, etag: '"v0"' })).changed, true)
})

test('too much, too slow, broken off and refused are told apart, and nothing that the other side says is repeated', async (t) => {
  const { url } = await serverOf(t, async (request, response) => {
    const [url] = request.url!.split('?')
    if (url === '/declared') return response.writeHead(200, { 'content-length': '2000000' }).write('x')
    if (url === '/endless') {
      while (!response.destroyed) {
        response.write(Buffer.alloc(100_000))
        await sleep(1)
      }
    } else if (url === '/slow') response.writeHead(200).write('x')
    else if (url === '/broken') {
      response.writeHead(200, { 'content-length': '100' }).write('x')
      setTimeout(() => response.destroy(), 20)
    } else if (url === '/500') response.writeHead(500).end('password=hunter2')
    return undefined
  })
  const outbound = outboundOf(t)
  const all = async (path: string, more = {}): Promise<unknown> => {
    const found = await outbound.fetch(url + path, { ...limits, ...more })
    return found.changed && buffer(found.body)
  }
  await assert.rejects(all('/declared'), { code: 'fetch-too-large' })
  await assert.rejects(all('/endless'), { code: 'fetch-too-large' })
  await assert.rejects(all('/slow', { timeoutMs: 200 }), { code: 'fetch-timed-out' })
  await assert.rejects(all('/silent', { timeoutMs: 200 }), { code: 'fetch-timed-out' })
  await assert.rejects(all('/broken'), { code: 'address-unreachable' })
  const refused = (await all('/500').catch((error: unknown) => error)) as Error
  assert.match(refused.message, /answered with status 500/)
  for (const path of ['/500', '/broken'])
    assert.doesNotMatch(String(await all(`${path}?key=hunter2`).catch(String)), /hunter2/, path)
})

test('a webhook is signed as Standard Webhooks has it', async (t) => {
  const bodies: string[] = []
  const { url, asked } = await serverOf(t, async (request, response) => {
    bodies.push(await text(request))
    response.end('ok')
  })
  const body = JSON.stringify({ type: 'run.ended', data: { word: 'ünïcode' } })
  await outboundOf(t).send({ ...message, url, body, headers: { 'x-own': '1', 'Webhook-Signature': 'v1,forged' } })
  const { headers } = asked[0]!
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${bodies[0]}`
  const expected = createHmac('sha256', message.secret).update(signed).digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${expected}`)
  assert.deepEqual([headers['webhook-id'], headers['x-own'], headers['user-agent']], ['msg_1', '1', 'Tessera/test'])
  assert.ok(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000) < 5)
})

test('the example of the Standard Webhooks specification comes out', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const signature = signatureOf(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}')
  assert.equal(signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('a webhook that is redirected, refused or not listened to has not arrived', async (t) => {
  const target = await serverOf(t, (_, response) => response.end())
  const { url } = await serverOf(t, ({ url }, response) => {
    if (url === '/moved') response.writeHead(307, { location: target.url }).end()
    else if (url === '/gone') response.writeHead(410).end('internal words')
  })
  const outbound = outboundOf(t)
  await assert.rejects(outbound.send({ ...message, url: `${url}/moved` }), /status 307 \(redirects are not followed\)/)
  await assert.rejects(outbound.send({ ...message, url: `${url}/gone` }), { message: /answered with status 410\.$/ })
  await assert.rejects(outbound.send({ ...message, url: `${url}/silent`, timeoutMs: 100 }), { code: 'fetch-timed-out' })
  await assert.rejects(outbound.send({ ...message, url: 'http://127.0.0.1:1/' }), { code: 'address-unreachable' })
  assert.equal(target.asked.length, 0)
})

test('an address is looked at before it is kept', (t) => {
  const { check } = outboundOf(t, { allowed: ['10.0.0.0/8'] })
  for (const url of [
    'ftp://example.org/',
    'javascript:alert(1)',
    'example.org',
    'http://u:p@example.org/',
    'http://169.254.169.254/',
  ])
    assert.throws(() => check(url), { code: 'address-refused' }, url)
  for (const url of ['https://example.org/hook?x=1', 'http://10.1.1.1/']) assert.ok(check(url) instanceof URL)
})
