import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { verifyChain } from '#src/audit/verify-chain.ts'
import { tokenPattern } from '#src/tokens/token-format.ts'
import { declaredEndpoints } from './declared-endpoints.ts'
import { type TestProduct, testProduct } from './product.ts'

describe('the product as it ships', () => {
  let product: TestProduct
  before(async () => {
    product = await testProduct()
  })
  after(() => product[Symbol.asyncDispose]())

  const ask = (path: string, init: RequestInit = {}) => fetch(product.url + path, init)
  const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

  test('every promise of a contract is served, and nothing else is', () => {
    const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`
    const served = product.server.contracts.filter(({ hidden }) => !hidden).map(name)
    const declared = declaredEndpoints.filter(({ hidden }) => !hidden).map(name)
    assert.deepEqual([...new Set(served)].sort(), [...new Set(declared)].sort())
  })

  test('a person signs in, makes a token, uses it, sees the use counted, revokes it, and it is refused', async () => {
    const { userName, password } = product.admin
    const signedIn = await ask('/v1/session', json('POST', { user_name: userName, password }))
    assert.equal(signedIn.status, 201)
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const mine = { cookie, 'sec-fetch-site': 'same-origin' }

    const body = { name: 'notebook', permissions: ['warehouse:read', 'audit:read'] }
    const made = await ask('/v1/tokens', json('POST', body, mine))
    assert.equal(made.status, 201)
    const token = (await made.json()) as { id: string; secret: string }
    assert.match(token.secret, new RegExp(`^${tokenPattern.source}$`))

    const bearer = { headers: { authorization: `Bearer ${token.secret}` } }
    assert.equal((await ask('/v1/tokens/current', bearer)).status, 200)
    assert.equal((await ask('/v1/audit', bearer)).status, 200)
    const beyond = await ask('/v1/accounts', bearer)
    assert.equal(beyond.status, 403)
    assert.match(JSON.stringify(await beyond.json()), /accounts:admin/)

    let shown: { last_used_at: string | null } = { last_used_at: null }
    for (let tries = 0; tries < 40 && shown.last_used_at === null; tries++) {
      await sleep(50)
      shown = (await (await ask(`/v1/tokens/${token.id}`, { headers: mine })).json()) as typeof shown
    }
    assert.ok(shown.last_used_at, 'the use was counted')

    const revoked = await ask(`/v1/tokens/${token.id}`, { method: 'DELETE', headers: mine })
    assert.equal(revoked.status, 204)
    const refused = await ask('/v1/tokens/current', bearer)
    assert.equal(refused.status, 401)
    assert.match(refused.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    assert.ok(!product.logged().includes(token.secret), 'no log line holds the secret')
    assert.ok(!product.logged().includes(password), 'no log line holds the password')
  })

  test('everything that was done stands in the audit trail, whole', async () => {
    const report = await verifyChain(product.base.db)
    assert.deepEqual(report.faults, [])
    const rows = await product.base.db.selectFrom('audit_events').select('verb').execute()
    const noted = new Set(rows.map(({ verb }) => verb))
    for (const verb of ['account.created', 'account.signed_in', 'token.issued', 'token.revoked'])
      assert.ok(noted.has(verb), verb)
  })
})
