import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bearer, openSample } from '#test/sample-api.ts'
import { limitedAddress, makeAddressOf } from './address.ts'
import { Quota } from './rate-limit.ts'

test('a quota is whole again after a minute, and keys do not share it', () => {
  let now = 0
  const quota = new Quota('test', 2, () => now)
  assert.deepEqual(
    [quota.spend('a'), quota.spend('a'), quota.spend('a')].map((spent) => spent.remaining),
    [1, 0, -1],
  )
  assert.equal(quota.spend('b').remaining, 1)
  now = 59_999
  assert.equal(quota.spend('a').reset, 1)
  now = 60_000
  assert.equal(quota.spend('a').remaining, 1)
})

test('a flood of keys does not fill memory', () => {
  const quota = new Quota('test', 1, () => 0)
  for (let i = 0; i < 250_000; i++) quota.spend(`key-${i}`)
  assert.ok(quota.size <= 100_000)
})

test('a token over its limit gets 429 with what was violated and when to come back', async () => {
  const { app } = openSample({ rateLimits: { perToken: 2, perAddress: 0 } })
  const ask = (token: string) => app.inject({ url: '/v1/greeting', headers: bearer(token) })
  const first = await ask('all')
  assert.equal(first.headers['ratelimit-policy'], '"token";q=2;w=60')
  assert.match(String(first.headers.ratelimit), /^"token";r=1;t=\d+$/)
  assert.equal((await ask('all')).statusCode, 200)
  const third = await ask('all')
  assert.equal(third.statusCode, 429)
  assert.ok(Number(third.headers['retry-after']) > 0)
  assert.deepEqual(third.json().violated_policies, ['token'])
  assert.equal((await ask('one')).statusCode, 200, 'another token has its own')
})

test('guessing is limited by address and never locks a good token out', async () => {
  const { app } = openSample({ rateLimits: { perToken: 100, perAddress: 3 } })
  const guess = async () => (await app.inject({ url: '/v1/things', headers: bearer('guess') })).statusCode
  const statuses = [await guess(), await guess(), await guess(), await guess(), await guess()]
  assert.deepEqual(statuses, [401, 401, 401, 429, 429])
  assert.equal((await app.inject({ url: '/v1/things', headers: bearer('all') })).statusCode, 200)
  assert.equal(
    (await app.inject({ url: '/v1/things', headers: bearer('guess'), remoteAddress: '192.0.2.9' })).statusCode,
    401,
  )
  assert.equal((await app.inject({ url: '/health/live' })).statusCode, 200, 'health is not limited')
})

test('a forged X-Forwarded-For changes nothing', async () => {
  const { app } = openSample({ rateLimits: { perToken: 0, perAddress: 2 } })
  const ask = (forged: string) => app.inject({ url: '/v1/door', headers: { 'x-forwarded-for': forged } })
  assert.equal((await ask('1.1.1.1')).statusCode, 200)
  assert.equal((await ask('2.2.2.2')).statusCode, 200)
  assert.equal((await ask('3.3.3.3')).statusCode, 429)
})

test('the address is the last one that no trusted proxy vouches for', () => {
  const seen = (peer: string, forwarded: string | undefined, trusted: string[]) =>
    makeAddressOf(trusted)({
      socket: { remoteAddress: peer },
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    } as never)
  assert.equal(seen('192.0.2.1', '1.1.1.1', []), '192.0.2.1')
  assert.equal(seen('192.0.2.1', '1.1.1.1', ['10.0.0.0/8']), '192.0.2.1', 'from an untrusted hop it is a lie')
  assert.equal(seen('10.0.0.1', '1.1.1.1', ['10.0.0.0/8']), '1.1.1.1')
  assert.equal(
    seen('10.0.0.1', '9.9.9.9, 1.1.1.1, 10.2.3.4', ['10.0.0.0/8']),
    '1.1.1.1',
    'what stands left of it is the client’s own word',
  )
  assert.equal(seen('::ffff:10.0.0.1', '1.1.1.1', ['10.0.0.1']), '1.1.1.1')
  assert.equal(seen('::ffff:192.0.2.1', undefined, []), '192.0.2.1')
  assert.equal(seen('::1', '[2001:db8::5]:443', ['::1']), '2001:db8::5')
  assert.equal(seen('10.0.0.1', 'unknown', ['10.0.0.0/8']), '10.0.0.1')
  assert.equal(seen('10.0.0.1', "1.1.1.1, '; drop", ['10.0.0.0/8']), '10.0.0.1')
  assert.equal(seen('10.0.0.1', '10.9.9.9', ['10.0.0.0/8']), '10.9.9.9')
})

test('an IPv6 subscriber is one address, however many of them are used', () => {
  assert.equal(limitedAddress('2001:db8:1:2:3:4:5:6'), limitedAddress('2001:db8:1:2:ffff::1'))
  assert.notEqual(limitedAddress('2001:db8:1:2::1'), limitedAddress('2001:db8:1:3::1'))
  assert.equal(limitedAddress('192.0.2.7'), '192.0.2.7')
})
