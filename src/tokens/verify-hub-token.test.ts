import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, test } from 'node:test'
import pg from 'pg'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { Problem } from '#src/problem/problem.ts'
import { operator } from '#test/accounts.ts'
import { jwtPart, makeHub } from '#test/hub.ts'
import { here, tokensHouse } from '#test/tokens.ts'
import { makeHubTokenVerifier, type RefusedHubToken } from './verify-hub-token.ts'

const hub = makeHub()
const siteAddress = 'https://data.example.org'
const house = await tokensHouse()
const { database } = house
const refused: RefusedHubToken[] = []

const verifierOn = (pool: pg.Pool) =>
  makeHubTokenVerifier({
    pool,
    key: hub.publicKey,
    siteAddress,
    now: () => house.clock.now().getTime(),
    onRefused: (refusal) => refused.push(refusal),
  })
const verify = verifierOn(database.pool)
await house.person('Ada')
/** Seconds since 1970, this far from now. */
const at = (seconds: number): number => Math.floor(house.clock.now().getTime() / 1000) + seconds
const good = () => ({ sub: 'Ada', iat: at(0), exp: at(300) })
const isRefused = async (text: string, reason: string): Promise<void> => {
  refused.length = 0
  assert.equal(await verify(text, here), null, reason)
  assert.deepEqual(
    refused.map((refusal) => refusal.reason),
    [reason],
  )
}

describe('a hub’s token', () => {
  test('speaks for the person of that name, in any case', async () => {
    for (const sub of ['Ada', 'ada', 'ADA']) {
      const caller = await verify(hub.sign({ ...good(), sub }), here)
      assert.deepEqual([caller?.via, caller?.accountName, caller?.tokenId], ['token', 'Ada', null])
      assert.deepEqual(caller?.grants.toTexts(), ['warehouse:read', 'warehouse:raw'])
    }
  })

  test('holds reading only, and of that what the account’s role may do now', async () => {
    await house.person('boss', 'admin')
    await house.person('guest', 'viewer')
    const grantsOf = async (sub: string) => (await verify(hub.sign({ ...good(), sub }), here))?.grants.toTexts()
    assert.deepEqual(await grantsOf('boss'), ['warehouse:read', 'warehouse:raw'])
    assert.deepEqual(await grantsOf('guest'), ['warehouse:read'])
  })

  test('may leave out when it was issued, name its key, and say that it is meant for us', async () => {
    const { iat: _, ...withoutIat } = good()
    assert.ok(await verify(hub.sign(withoutIat), here))
    assert.ok(await verify(hub.sign(good(), { head: { alg: 'RS256', kid: 'a' } }), here))
    for (const aud of [siteAddress, `${siteAddress}/`, ['other', siteAddress]])
      assert.ok(await verify(hub.sign({ ...good(), aud }), here))
  })
})

describe('refused, with the reason in the audit trail, is', () => {
  test('every algorithm but RS256, whatever the header says', async () => {
    const claims = jwtPart(good())
    for (const alg of ['none', 'None', 'HS256', 'RS384', 'RS512', 'PS256', 'ES256', 'rs256', undefined])
      await isRefused(hub.sign(good(), { head: { alg, typ: 'JWT' } }), 'jwt_header')
    await isRefused(`${jwtPart({ alg: 'none' })}.${claims}.`, 'jwt_header')
    await isRefused(`${jwtPart({ alg: 'RS256' })}.${claims}.`, 'jwt_signature')
    // The public key, taken for the secret of an HMAC.
    const symmetric = `${jwtPart({ alg: 'HS256', typ: 'JWT' })}.${claims}`
    const mac = createHmac('sha256', hub.pem).update(symmetric).digest('base64url')
    await isRefused(`${symmetric}.${mac}`, 'jwt_header')
    const disguised = `${jwtPart({ alg: 'RS256' })}.${claims}`
    const disguisedMac = createHmac('sha256', hub.pem).update(disguised).digest('base64url')
    await isRefused(`${disguised}.${disguisedMac}`, 'jwt_signature')
  })

  test('a header that brings its own key, or asks for what we don’t know', async () => {
    const other = makeHub()
    const jwk = other.publicKey.export({ format: 'jwk' })
    for (const more of [
      { jwk },
      { jku: 'https://evil.example/jwks' },
      { x5c: ['AAAA'] },
      { x5u: 'x' },
      { crit: ['x'] },
    ])
      await isRefused(other.sign(good(), { head: { alg: 'RS256', ...more } }), 'jwt_header')
    await isRefused(hub.sign(good(), { head: { alg: 'RS256', typ: 'at+jwt' } }), 'jwt_header')
  })

  test('another hub’s signature, and claims changed after signing', async () => {
    await isRefused(makeHub().sign(good()), 'jwt_signature')
    const [head, , signature] = hub.sign(good()).split('.')
    await isRefused(`${head}.${jwtPart({ ...good(), sub: 'boss' })}.${signature}`, 'jwt_signature')
  })

  test('what has ended, has not begun, or has no end', async () => {
    const { exp: _, ...endless } = good()
    await isRefused(hub.sign(endless), 'jwt_claims')
    await isRefused(hub.sign({ ...good(), exp: String(at(300)) }), 'jwt_claims')
    await isRefused(hub.sign({ ...good(), iat: at(-100), exp: at(-31) }), 'jwt_expired')
    assert.ok(await verify(hub.sign({ ...good(), iat: at(-100), exp: at(-25) }), here), 'clocks differ a little')
    await isRefused(hub.sign({ ...good(), nbf: at(35) }), 'jwt_not_yet')
    await isRefused(hub.sign({ ...good(), iat: at(35) }), 'jwt_not_yet')
    assert.ok(await verify(hub.sign({ ...good(), nbf: at(25) }), here))
  })

  test('a life of more than an hour, from its issue or, without that, from now', async () => {
    assert.ok(await verify(hub.sign({ ...good(), exp: at(3600) }), here))
    await isRefused(hub.sign({ ...good(), exp: at(3602) }), 'jwt_long_lived')
    await isRefused(hub.sign({ ...good(), iat: at(-3000), exp: at(900) }), 'jwt_long_lived')
    await isRefused(hub.sign({ sub: 'Ada', exp: at(3605) }), 'jwt_long_lived')
  })

  test('a token for somebody else’s service', async () => {
    for (const aud of ['https://other.example.org', ['a', 'b'], []])
      await isRefused(hub.sign({ ...good(), aud }), 'jwt_audience')
  })

  test('a subject that is no text, or names no person', async () => {
    for (const sub of [7, null, undefined, ['Ada'], { name: 'Ada' }, '', 'a\0b', 'Ad\u0430'])
      await isRefused(hub.sign({ ...good(), sub }), 'jwt_claims')
    await isRefused(hub.sign({ ...good(), sub: 'nobody' }), 'jwt_no_person')
    const owner = await house.person('owner')
    await house.service('robot', owner.id)
    await isRefused(hub.sign({ ...good(), sub: 'robot' }), 'jwt_no_person')
  })

  test('what is no token at all: beyond 8 kB, without JSON, with other parts', async () => {
    await isRefused(hub.sign({ ...good(), much: 'x'.repeat(8192) }), 'jwt_too_big')
    for (const text of ['a.b', 'a.b.c.d', 'a.b+.c', '.b.c', '']) await isRefused(text, 'jwt_malformed')
    await isRefused('a.b.c', 'jwt_header')
    await isRefused(hub.sign('Ada'), 'jwt_claims')
  })

  test('a disabled account, from the next request on', async () => {
    const { id } = await house.person('gone')
    const text = hub.sign({ ...good(), sub: 'gone' })
    assert.ok(await verify(text, here))
    await house.change(operator, (change) => disableAccount(house.accounts, change, id))
    await isRefused(text, 'account_disabled')
    assert.deepEqual([refused[0]?.accountId, refused[0]?.accountName], [id, 'gone'])
  })
})

test('without Postgres nobody is believed, and it is not the token’s fault', async () => {
  const pool = new pg.Pool({ host: '/nowhere', user: 'x', database: 'x' })
  const isUnavailable = (error: unknown) => error instanceof Problem && error.code === 'verification-unavailable'
  await assert.rejects(verifierOn(pool)(hub.sign(good()), here), isUnavailable)
  await pool.end()
})
