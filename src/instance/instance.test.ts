import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { z } from 'zod'
import { productVersion } from '#src/base.ts'
import { type TestProduct, testProduct } from '#test/product.ts'
import type { Instance } from './contract.ts'

type Shown = z.output<typeof Instance>

describe('the instance', () => {
  let product: TestProduct
  before(async () => {
    product = await testProduct({ TESSERA_GENERAL__ORGANIZATION_ABBREVIATION: 'CCR' })
  })
  after(() => product[Symbol.asyncDispose]())

  const ask = (headers: Record<string, string> = {}) => fetch(`${product.url}/v1/instance`, { headers })
  const shown = async (headers: Record<string, string> = {}): Promise<Shown> => {
    const answer = await ask(headers)
    assert.equal(answer.status, 200)
    return (await answer.json()) as Shown
  }
  const send = (method: string, path: string, body: object | null, headers: Record<string, string> = {}) =>
    fetch(product.url + path, {
      method,
      body: body && JSON.stringify(body),
      headers: { ...(body && { 'content-type': 'application/json' }), 'sec-fetch-site': 'same-origin', ...headers },
    })
  const signIn = async () => {
    const { userName: user_name, password } = product.admin
    const answer = await send('POST', '/v1/session', { user_name, password })
    const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0])
    return { cookie: cookie.join('; '), 'sec-fetch-site': 'same-origin' }
  }

  test('tells anybody what it is, and who is not signed in that they are not', async () => {
    assert.deepEqual(await shown(), {
      title: 'Tessera',
      organization: { name: 'Tessera Demo Center', abbreviation: 'CCR' },
      version: productVersion,
      site_address: 'http://localhost:8080',
      time_zone: 'UTC',
      demo: true,
      personal_tokens: true,
      password_minimum_length: 12,
      you: null,
    })
  })

  test('tells who is signed in; once the session has ended, null and no 401', async () => {
    const mine = await signIn()
    const { you } = await shown(mine)
    assert.equal(you?.via, 'session')
    assert.equal(you.account.user_name, product.admin.userName)
    assert.equal(you.session?.current, true)
    assert.ok(you.permissions.includes('settings:read'))

    await send('DELETE', '/v1/session', null, mine)
    assert.equal((await shown(mine)).you, null)
    assert.equal((await shown({ cookie: 'tessera=nonsense' })).you, null)
  })

  test('tells a token what it may do; a dead one gets 401', async () => {
    const mine = await signIn()
    const made = await send('POST', '/v1/tokens', { name: 'notebook', permissions: ['warehouse:read'] }, mine)
    const { id, secret } = (await made.json()) as { id: string; secret: string }
    const bearer = { authorization: `Bearer ${secret}` }
    const { you } = await shown(bearer)
    assert.equal(you?.via, 'token')
    assert.equal(you.session, null)
    assert.deepEqual(you.permissions, ['warehouse:read'])

    await send('DELETE', `/v1/tokens/${id}`, null, mine)
    assert.equal((await ask(bearer)).status, 401)
  })
})

test('an installation where people make no tokens says so', async () => {
  await using product = await testProduct({ TESSERA_API_TOKEN__EXPIRATION_INTERVAL: '' })
  const answer = await fetch(`${product.url}/v1/instance`)
  assert.equal(((await answer.json()) as Shown).personal_tokens, false)
})
