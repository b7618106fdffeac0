import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { makeHub } from './hub.ts'
import { type TestProduct, testProduct } from './product.ts'

const hub = makeHub()
const exportRealms = '/rest/v1/warehouse/export/realms'

describe('a JupyterHub’s tokens in the product as it ships', () => {
  let product: TestProduct
  let directory: string
  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-hub-'))
    await writeFile(path.join(directory, 'hub.pem'), hub.pem)
    product = await testProduct({ TESSERA_JUPYTERHUB__PUBLIC_KEY_FILE: path.join(directory, 'hub.pem') })
  })
  after(async () => {
    await product[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  const token = (exp = Date.now() / 1000 + 60) => hub.sign({ sub: product.admin.userName, exp })
  const show = (url: string, text: string, init: RequestInit = {}) =>
    fetch(product.url + url, { ...init, headers: { ...init.headers, authorization: `Bearer ${text}` } })

  test('work on XDMoD’s endpoints and nowhere else', async () => {
    assert.equal((await show(exportRealms, token())).status, 200)
    for (const url of ['/v1/accounts/current', '/v1/tokens/current', '/v1/audit', '/v1/query?model=jobs'])
      assert.equal((await show(url, token())).status, 401, url)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = await show('/oauth/introspect', token(), { method: 'POST', body: 'token=x', headers: form })
    assert.equal(asked.status, 401)
  })

  test('that are refused stand in the audit trail with the reason, in one line however many', async () => {
    for (let tries = 0; tries < 3; tries++) assert.equal((await show(exportRealms, token(1))).status, 401)
    const lines = async () => {
      const found = await sql`
        select 1 from audit_events
        where verb = 'token.refused' and detail::jsonb ->> 'reason' = 'jwt_expired'`.execute(product.base.db)
      return found.rows.length
    }
    for (let tries = 0; tries < 100 && (await lines()) === 0; tries++) await sleep(50)
    assert.equal(await lines(), 1)
  })
})

test('a key that cannot be used keeps the product from starting, and without one no such token works', async () => {
  await assert.rejects(testProduct({ TESSERA_JUPYTERHUB__PUBLIC_KEY_FILE: '/nowhere/hub.pem' }), {
    code: 'hub-key-unusable',
  })
  await using product = await testProduct()
  const headers = { authorization: `Bearer ${hub.sign({ sub: product.admin.userName, exp: Date.now() / 1000 + 60 })}` }
  assert.equal((await fetch(product.url + exportRealms, { headers })).status, 401)
})
