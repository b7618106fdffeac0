import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { after, before, describe, test } from 'node:test'
import { accountRoutes } from '#src/accounts/routes.ts'
import { sessionCookies } from '#src/accounts/session-cookie.ts'
import { verifySession } from '#src/accounts/verify-session.ts'
import { auditRoutes } from '#src/audit/routes.ts'
import { openLog } from '#src/http/log.ts'
import { openMetrics } from '#src/http/metrics.ts'
import { openServer } from '#src/http/server.ts'
import { accountsOver } from './accounts.ts'
import { type TestDatabase, testDatabase } from './postgres.ts'

const password = 'moths in the relays'

/** The two rooms behind a real server, asked as a browser asks. */
function open(on: TestDatabase) {
  const accounts = accountsOver(on)
  const { needs } = accounts
  let logged = ''
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      logged += String(chunk)
      done()
    },
  })
  const app = openServer({
    routes: [...accountRoutes(needs), ...auditRoutes({ db: on.db, checkpointFile: '/nonexistent/checkpoints' })],
    verifiers: {
      sessionCookie: sessionCookies(needs.site.address).session,
      verifyToken: () => null,
      verifySession: (cookie) => verifySession(needs, cookie),
    },
    changer: needs.change,
    log: openLog('debug', sink),
    metrics: openMetrics(),
    checks: {},
    version: '0',
    siteAddress: needs.site.address,
    trustedProxies: [],
    corsDomains: [],
    rateLimits: { perToken: 0, perAddress: 0 },
  })
  return { ...accounts, app, logged: () => logged }
}

const ourPage = { 'sec-fetch-site': 'same-origin' }

class Browser {
  readonly cookies = new Map<string, string>()
  readonly #app: ReturnType<typeof open>['app']
  lastSetCookies: string[] = []

  constructor(app: ReturnType<typeof open>['app']) {
    this.#app = app
  }

  async ask(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers: object = ourPage,
  ) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const reply = await this.#app.inject({
      method,
      url,
      headers: { ...(cookie && { cookie }), ...headers },
      ...(body && { payload: body }),
    })
    this.lastSetCookies = [reply.headers['set-cookie'] ?? []].flat()
    for (const line of this.lastSetCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return { status: reply.statusCode, headers: reply.headers, body: reply.body ? reply.json() : null }
  }

  signIn(userName: string, shown = password) {
    return this.ask('POST', '/v1/session', { user_name: userName, password: shown })
  }
}

describe('over HTTP', () => {
  let on: TestDatabase
  let server: ReturnType<typeof open>
  before(async () => {
    on = await testDatabase()
    server = open(on)
    await server.person('root', 'admin', password)
    await server.person('ada', 'member', password)
  })
  after(async () => {
    await server.app.close()
    await on.close()
  })
  const browser = () => new Browser(server.app)

  test('signing in sets a cookie that scripts and other sites cannot read, and tells who one is', async () => {
    const ada = browser()
    const { status, body } = await ada.signIn('ada')
    assert.equal(status, 201)
    assert.equal(body.account.user_name, 'ada')
    assert.equal(body.session.current, true)
    assert.ok(!JSON.stringify(body).includes(ada.cookies.get('tessera')!))
    for (const line of ada.lastSetCookies) assert.match(line, /; Path=\/; HttpOnly; SameSite=Lax$/)
    const me = await ada.ask('GET', '/v1/session')
    assert.equal(me.body.account.id, body.account.id)
    assert.ok(me.body.permissions.includes('tokens:write'))
    assert.equal((await ada.ask('GET', '/v1/accounts/current')).body.user_name, 'ada')
  })

  test('a wrong password and an unknown name get the same 401', async () => {
    const [wrong, unknown] = [await browser().signIn('ada', 'not this one'), await browser().signIn('nobody', 'x')]
    const shape = ({ status, body }: typeof wrong) =>
      JSON.stringify([status, { ...body, instance: '', request_id: '' }])
    assert.equal(wrong.status, 401)
    assert.equal(wrong.body.code, 'sign-in-failed')
    assert.equal(shape(wrong), shape(unknown))
  })

  test('signing out ends the session on the server, not only in the browser', async () => {
    const ada = browser()
    await ada.signIn('ada')
    const copy = ada.cookies.get('tessera')!
    assert.equal((await ada.ask('DELETE', '/v1/session')).status, 204)
    assert.equal(ada.cookies.has('tessera'), false)
    ada.cookies.set('tessera', copy)
    assert.equal((await ada.ask('GET', '/v1/session')).status, 401)
  })

  test('a page elsewhere cannot use the session', async () => {
    const ada = browser()
    await ada.signIn('ada')
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ]) {
      const { status } = await ada.ask('PATCH', '/v1/accounts/current', { display_name: 'Owned' }, headers)
      assert.equal(status, 403, JSON.stringify(headers))
    }
    assert.equal((await ada.ask('GET', '/v1/accounts/current')).body.display_name, 'ada')
  })

  test('one sees and ends one’s own sessions, and nobody else’s', async () => {
    const [here, there, root] = [browser(), browser(), browser()]
    await here.signIn('ada')
    const other = (await there.signIn('ada')).body.session.id
    const foreign = (await root.signIn('root')).body.session.id
    const { body } = await here.ask('GET', '/v1/sessions')
    assert.equal(body.sessions.filter((session: { current: boolean }) => session.current).length, 1)
    assert.equal((await here.ask('DELETE', `/v1/sessions/${foreign}`)).status, 404)
    assert.equal((await here.ask('DELETE', `/v1/sessions/${other}`)).status, 204)
    assert.equal((await there.ask('GET', '/v1/session')).status, 401)
    assert.equal((await root.ask('GET', '/v1/session')).status, 200)
    await there.signIn('ada')
    assert.ok((await here.ask('DELETE', '/v1/sessions')).body.ended >= 1)
    assert.equal((await there.ask('GET', '/v1/session')).status, 401)
    assert.equal((await here.ask('GET', '/v1/session')).status, 200)
  })

  test('only administrators see and change accounts', async () => {
    const ada = browser()
    const { id } = (await ada.signIn('ada')).body.account
    for (const [method, url, body] of [
      ['GET', '/v1/accounts'],
      ['POST', '/v1/accounts', { user_name: 'x' }],
      ['GET', `/v1/accounts/${id}`],
      ['PATCH', `/v1/accounts/${id}`, { role: 'admin' }],
      ['DELETE', `/v1/accounts/${id}/sessions`],
      ['POST', `/v1/accounts/${id}/password-link`],
      ['GET', '/v1/audit'],
      ['GET', '/v1/audit/verbs'],
      ['GET', '/v1/audit/verification'],
    ] as const) {
      assert.equal((await ada.ask(method, url, body)).status, 403, `${method} ${url}`)
    }
    const { status, body } = await ada.ask('PATCH', '/v1/accounts/current', { role: 'admin', state: 'active', id: 'x' })
    assert.equal(status, 400)
    assert.equal(body.errors.length, 3)
  })

  test('an invitation goes from the administrator to a signed-in person', async () => {
    const [root, guest] = [browser(), browser()]
    await root.signIn('root')
    const made = await root.ask('POST', '/v1/accounts', {
      user_name: 'guest',
      email: 'guest@example.org',
      role: 'viewer',
    })
    assert.equal(made.status, 201)
    assert.equal(made.headers.location, `/v1/accounts/${made.body.id}`)
    const link = await root.ask('POST', `/v1/accounts/${made.body.id}/password-link`)
    assert.equal(link.status, 201)
    const secret = new URL(link.body.url).hash.slice(1)
    const shown = await guest.ask('POST', '/v1/password-links/current', { secret })
    assert.deepEqual([shown.body.user_name, shown.body.purpose], ['guest', 'invitation'])
    const use = { secret, new_password: 'sixteen grey herons' }
    assert.equal((await guest.ask('PUT', '/v1/password-links/current/password', use)).status, 204)
    assert.equal((await guest.ask('PUT', '/v1/password-links/current/password', use)).status, 404)
    assert.equal((await guest.signIn('guest', 'sixteen grey herons')).status, 201)
    const change = { current_password: 'sixteen grey herons', new_password: 'eleven black swans' }
    const before = guest.cookies.get('tessera')
    assert.equal((await guest.ask('PUT', '/v1/accounts/current/password', change)).status, 200)
    assert.notEqual(guest.cookies.get('tessera'), before)
    assert.equal((await guest.ask('GET', '/v1/session')).status, 200)
  })

  test('a disabled account is out with the next request', async () => {
    const [root, ada] = [browser(), browser()]
    await root.signIn('root')
    const { id } = (await ada.signIn('ada')).body.account
    const disabled = await root.ask('PATCH', `/v1/accounts/${id}`, { state: 'disabled' })
    assert.equal(disabled.body.state, 'disabled')
    assert.equal((await ada.ask('GET', '/v1/session')).status, 401)
    assert.equal((await ada.signIn('ada')).status, 403)
    assert.equal(
      (await root.ask('PATCH', `/v1/accounts/${id}`, { state: 'disabled' })).status,
      200,
      'again is no error',
    )
    assert.equal((await root.ask('PATCH', `/v1/accounts/${id}`, { state: 'active' })).status, 200)
  })

  test('the audit trail can be paged, filtered, exported and verified', async () => {
    const root = browser()
    await root.signIn('root')
    const all: { id: number; verb: string }[] = []
    let url: string | undefined = '/v1/audit?limit=4'
    while (url) {
      const { body, headers } = await root.ask('GET', url)
      all.push(...body.events)
      url = /<([^>]+)>; rel="next"/.exec(String(headers.link ?? ''))?.[1]
    }
    const { last, whole } = (await root.ask('GET', '/v1/audit/verification')).body
    assert.equal(whole, true)
    assert.deepEqual(
      all.map((event) => event.id),
      Array.from({ length: last.id }, (_, n) => last.id - n),
    )
    const { verbs } = (await root.ask('GET', '/v1/audit/verbs')).body
    const labels = new Map<string, string>(verbs.map((one: { verb: string; label: string }) => [one.verb, one.label]))
    assert.equal(labels.get('account.disabled'), 'An account was disabled; its sessions ended and its tokens stopped')
    for (const { verb } of all) assert.ok(labels.has(verb), verb)
    const disabled = (await root.ask('GET', '/v1/audit?verb=account.disabled&actor=root')).body.events
    assert.equal(disabled.length, 1)
    assert.equal(disabled[0].via, 'session')
    assert.equal((await root.ask('GET', '/v1/audit?verb=account.exploded')).status, 400)
    const cookie = `tessera=${root.cookies.get('tessera')}`
    const exported = await server.app.inject({ url: '/v1/audit/export', headers: { cookie } })
    assert.match(String(exported.headers['content-type']), /application\/x-ndjson/)
    const lines = exported.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      lines.map((event) => event.id),
      all.map((event) => event.id).reverse(),
    )
  })

  test('no password, cookie or link was logged', () => {
    const logged = server.logged()
    for (const secret of [password, 'sixteen grey herons', 'eleven black swans']) assert.ok(!logged.includes(secret))
  })
})

test('over https the cookies are bound to this host and to encryption', () => {
  const { session, set, clear } = sessionCookies('https://data.example.org')
  assert.equal(session, '__Host-tessera')
  for (const line of [...set({ secret: 's', device: 'd', seconds: 60 }), clear()]) {
    assert.match(line, /^__Host-tessera(-device)?=.*; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
    assert.doesNotMatch(line, /Domain/i)
  }
})
