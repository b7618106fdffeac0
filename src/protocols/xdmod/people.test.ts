import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { operator } from '#test/accounts.ts'
import { jobsModel } from '#test/xdmod-models.ts'
import { openXdmodPortal, password, type XdmodPortal } from '#test/xdmod-portal.ts'

const tokenPath = '/rest/users/current/api/token'
const moment = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

let portal: XdmodPortal
before(async () => {
  portal = await openXdmodPortal({ jobs: jobsModel })
})
after(() => portal.close())

type Fields = Readonly<Record<string, string>>
type Method = 'GET' | 'POST' | 'DELETE'

async function ask(method: Method, url: string, headers: Fields) {
  const reply = await portal.app.inject({ method, url, headers })
  return { status: reply.statusCode, headers: reply.headers, json: () => reply.json() }
}

async function post(url: string, fields: Fields, headers: Fields = {}) {
  const reply = await portal.app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  })
  return { status: reply.statusCode, headers: reply.headers, json: () => reply.json(), cookies: reply.cookies }
}

const basic = (userName: string, secret = password) => ({
  authorization: `Basic ${Buffer.from(`${userName}:${secret}`).toString('base64')}`,
})

describe('the account’s one token', () => {
  test('is made, shown, used and revoked by a person signed in', async () => {
    const { secret } = await portal.session('member')
    const me = { token: secret }
    const none = await ask('GET', tokenPath, me)
    assert.deepEqual([none.status, none.json().message], [404, 'API token not found.'])

    const made = await ask('POST', tokenPath, me)
    assert.equal(made.status, 200)
    assert.equal(made.headers['cache-control'], 'no-store')
    const { token, expiration_date } = made.json().data
    assert.match(expiration_date, moment)

    const shown = (await ask('GET', `/rest/v1/users/current/api/token`, me)).json()
    assert.deepEqual(shown.data, { created_on: shown.data.created_on, expiration_date })
    assert.match(shown.data.created_on, moment)
    const again = await ask('POST', tokenPath, me)
    assert.deepEqual([again.status, again.json().message], [409, 'Token already exists.'])

    const use = () => ask('GET', '/rest/v1/warehouse/resources', { authorization: `Bearer ${token}` })
    assert.equal((await use()).status, 200)
    const revoked = await ask('DELETE', tokenPath, me)
    assert.deepEqual([revoked.status, revoked.json()], [200, { success: true, message: 'Token successfully revoked.' }])
    assert.equal((await use()).status, 401)
    assert.equal((await ask('DELETE', tokenPath, me)).status, 404)
  })

  test('tells its dates in the portal’s zone, and an expired one stands in the way until it is deleted', async () => {
    const { user_name } = await portal.person('member')
    const me = basic(user_name)
    portal.house.clock.pass(0)
    const now = portal.house.clock.now()
    assert.equal((await ask('POST', tokenPath, me)).status, 200)
    const { created_on } = (await ask('GET', tokenPath, me)).json().data
    const inBerlin = now.toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' })
    assert.equal(created_on, inBerlin)
    portal.house.clock.pass(300 * 24 * 3600)
    try {
      assert.equal((await ask('GET', tokenPath, me)).status, 200)
      assert.equal((await ask('POST', tokenPath, me)).status, 409)
      assert.equal((await ask('DELETE', tokenPath, me)).status, 200)
      assert.equal((await ask('POST', tokenPath, me)).status, 200)
    } finally {
      portal.house.clock.pass(-300 * 24 * 3600)
    }
  })

  test('is for people: an API token, a wrong password or nothing at all is refused', async () => {
    const token = await portal.token('admin', 'tokens:write', 'warehouse:read')
    const { user_name } = await portal.person('member')
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      for (const headers of [{}, { authorization: `Bearer ${token}` }, { token: 'turnip' }] as Fields[]) {
        const { status, json } = await ask(method, tokenPath, headers)
        assert.equal(status, 401)
        assert.match(json().message, /authorization procedure/)
      }
      assert.equal((await ask(method, `${tokenPath}?Bearer=${token}`, {})).status, 401)
      const wrong = await ask(method, tokenPath, basic(user_name, 'wrong'))
      assert.deepEqual([wrong.status, wrong.json().message], [401, 'Invalid credentials specified.'])
    }
  })

  test('cannot be made by another site through a browser that is signed in', async () => {
    const { cookie } = await portal.session('member')
    const forged = await ask('POST', tokenPath, { cookie, origin: 'https://evil.example', host: 'localhost:8080' })
    assert.equal(forged.status, 403)
    const ours = await ask('POST', tokenPath, { cookie, origin: 'http://localhost:8080', host: 'localhost:8080' })
    assert.equal(ours.status, 200)
  })

  test('is told of as the portal does where tokens are switched off', async () => {
    const { secret } = await portal.session('member')
    portal.house.policy.expirationInterval = null
    try {
      const { status, json } = await ask('POST', tokenPath, { token: secret })
      assert.deepEqual([status, json().message], [500, 'Expiration Interval not provided.'])
    } finally {
      portal.house.policy.expirationInterval = '6 months'
    }
  })
})

describe('signing in for scripts', () => {
  test('gives a session that works as cookie, header or parameter, until it is signed out', async () => {
    const { user_name: username, display_name } = await portal.person('member')
    const signedIn = await post('/rest/auth/login', { username, password })
    assert.equal(signedIn.status, 200)
    assert.equal(signedIn.headers['cache-control'], 'no-store')
    const { success, results } = signedIn.json()
    assert.deepEqual([success, results.name], [true, display_name])
    const cookie = signedIn.cookies.find(({ name }) => name === portal.cookies.session)
    assert.equal(cookie?.value, results.token)
    assert.ok(cookie?.httpOnly)

    const asCookie = { cookie: `${portal.cookies.session}=${results.token}` }
    assert.equal((await ask('GET', tokenPath, asCookie)).status, 404)
    assert.equal((await ask('GET', tokenPath, { token: results.token })).status, 404)
    assert.equal((await ask('GET', `${tokenPath}?token=${results.token}`, {})).status, 404)
    assert.equal((await ask('POST', tokenPath, { ...asCookie, token: results.token })).status, 200)

    const out = await post('/rest/v1/auth/logout', {}, { token: results.token })
    assert.deepEqual(out.json(), { success: true, message: 'User logged out successfully' })
    assert.equal((await ask('GET', tokenPath, { token: results.token })).status, 401)
    assert.equal((await post('/rest/v1/auth/logout', {})).status, 200)
  })

  test('refuses a wrong password, and tells only who knows the right one that the account is disabled', async () => {
    const { id, user_name: username } = await portal.person('member')
    const login = async (fields: Fields) => {
      const { status, json } = await post('/rest/auth/login', fields)
      return [status, json().message]
    }
    const wrong = [401, 'Invalid credentials specified.']
    assert.deepEqual(await login({ username, password: 'wrong' }), wrong)
    assert.deepEqual(await login({ username: 'nobody', password }), wrong)
    assert.deepEqual(await login({}), wrong)
    await portal.house.change(operator, (change) => disableAccount(portal.house.accounts, change, id))
    assert.deepEqual(await login({ username, password: 'wrong' }), wrong)
    assert.deepEqual(await login({ username, password }), [403, 'This account is disabled.'])
  })

  test('cannot be done by a page elsewhere', async () => {
    const { user_name: username } = await portal.person('member')
    const { status } = await post('/rest/auth/login', { username, password }, { 'sec-fetch-site': 'cross-site' })
    assert.equal(status, 403)
  })
})
