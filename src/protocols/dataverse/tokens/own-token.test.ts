import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type DataversePortal, openDataversePortal } from '#test/dataverse-portal.ts'
import { signedIn } from '#test/tokens.ts'

let portal: DataversePortal
before(async () => {
  portal = await openDataversePortal()
})
after(() => portal.close())

const sameOrigin = (cookie: string) => ({ cookie, 'sec-fetch-site': 'same-origin' })
const moment = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}`

describe('the account’s own token', () => {
  test('is told to who shows it, in words that clients split at spaces, and lives a year', async () => {
    const { key } = await portal.depositor('member', 'alice')
    const { status, json, headers } = await portal.ask(key, 'GET', '/api/users/token')
    assert.equal(status, 200)
    assert.equal(json().status, 'OK')
    const words = json().data.message.split(' ')
    assert.equal(words[1], key)
    assert.match(json().data.message, new RegExp(`^Token ${key} expires on ${moment}$`))
    const lives = new Date(`${words[4]}T${words[5]}Z`).getTime() - portal.house.clock.now().getTime()
    assert.ok(Math.abs(lives / 86_400_000 - 365) < 1.5, String(lives))
    assert.equal(headers['cache-control'], 'no-store')
  })

  test('is shown by header, parameter or bearer; the header counts where several differ', async () => {
    const { key } = await portal.depositor()
    const asked = [
      await portal.ask(null, 'GET', `/api/users/token?key=${key}`),
      await portal.ask(null, 'GET', '/api/users/token', undefined, { authorization: `Bearer ${key}` }),
      await portal.ask(key, 'GET', '/api/users/token?key=wrong'),
      await portal.ask(key, 'GET', '/api/users/token', undefined, { authorization: 'Basic d3Jvbmc6' }),
      await portal.ask(key, 'GET', '/api/v1/users/token/'),
    ]
    for (const { status, json } of asked) {
      assert.equal(status, 200)
      assert.equal(json().data.message.split(' ')[1], key)
    }
    const wrong = await portal.ask('wrong', 'GET', `/api/users/token?key=${key}`)
    assert.deepEqual([wrong.status, wrong.json()], [401, { status: 'ERROR', message: 'Bad API key' }])
    assert.ok(!portal.logged.some((line) => line.includes(key)), 'no line of the log holds the secret')
  })

  test('made anew, is another one, and the old one is dead at once', async () => {
    const { key, userName } = await portal.depositor()
    const { status, json } = await portal.ask(key, 'POST', '/api/users/token/recreate?returnExpiration=true')
    assert.equal(status, 200)
    const words = json().data.message.split(' ')
    const fresh = words[5]
    assert.match(json().data.message, new RegExp(`^New token for ${userName} is \\S+ and expires on ${moment}$`))
    assert.ok(!Number.isNaN(new Date(`${words[9]}T${words[10]}`).getTime()))
    assert.deepEqual((await portal.ask(key, 'GET', '/api/users/token')).json(), {
      status: 'ERROR',
      message: 'Bad API key',
    })
    assert.equal((await portal.ask(fresh, 'GET', '/api/users/token')).status, 200)
    const short = await portal.ask(fresh, 'POST', '/api/users/token/recreate', {})
    assert.match(short.json().data.message, new RegExp(`^New token for ${userName} is \\S+$`))
  })

  test('deleted, is refused everywhere with the words of an unknown one', async () => {
    const { key, userName } = await portal.depositor()
    const gone = await portal.ask(key, 'DELETE', '/api/users/token')
    assert.deepEqual([gone.status, gone.json().data], [200, { message: `Token for ${userName} deleted.` }])
    for (const url of ['/api/users/token', '/api/users/:me'])
      assert.deepEqual((await portal.ask(key, 'GET', url)).json(), { status: 'ERROR', message: 'Bad API key' })
  })

  test('expired, is refused like an unknown one, and its owner makes it anew in a session', async () => {
    const { key, userName } = await portal.depositor()
    portal.house.clock.pass(366 * 24 * 3600)
    try {
      assert.deepEqual((await portal.ask(key, 'GET', '/api/users/token')).json(), {
        status: 'ERROR',
        message: 'Bad API key',
      })
      const cookie = sameOrigin(await portal.session(userName))
      const { json } = await portal.ask(null, 'POST', '/api/users/token/recreate', undefined, cookie)
      assert.equal((await portal.ask(json().data.message.split(' ')[5], 'GET', '/api/users/:me')).status, 200)
    } finally {
      portal.house.clock.pass(-366 * 24 * 3600)
    }
  })

  test('is made by a session that has none; a session is never shown a secret', async () => {
    const { user_name } = await portal.person('member')
    const cookie = sameOrigin(await portal.session(user_name))
    const none = await portal.ask(null, 'GET', '/api/users/token', undefined, cookie)
    assert.deepEqual([none.status, none.json().message], [404, 'Token not found.'])
    const made = await portal.ask(null, 'POST', '/api/users/token/recreate', undefined, cookie)
    const secret = made.json().data.message.split(' ')[5]
    const shown = await portal.ask(null, 'GET', '/api/users/token', undefined, cookie)
    assert.match(shown.json().data.message, new RegExp(`^Token tsr_\\w{12}_… expires on ${moment}$`))
    assert.ok(!shown.text.includes(secret))
    const gone = await portal.ask(null, 'DELETE', '/api/users/token', undefined, cookie)
    assert.equal(gone.status, 200)
    assert.equal((await portal.ask(secret, 'GET', '/api/users/token')).status, 401)
  })

  test('that was never given is refused, also where it looks like one of Dataverse’s', async () => {
    for (const key of ['', 'wrong', 'c6527048-5bdc-48b0-a1d5-ed1b62c8113b'])
      for (const [method, url] of [
        ['GET', '/api/users/token'],
        ['POST', '/api/users/token/recreate'],
        ['DELETE', '/api/users/token'],
        ['GET', '/api/users/:me'],
      ] as const) {
        const reply = await portal.ask(key, method, url)
        assert.deepEqual([reply.status, reply.json()], [401, { status: 'ERROR', message: 'Bad API key' }], key)
      }
  })

  test('is not for nobody', async () => {
    const answers = [
      ['GET', '/api/users/token', 401, 'Only authenticated users can perform the requested operation'],
      ['POST', '/api/users/token/recreate', 404, 'Token for :guest is not eligible for recreation.'],
      ['DELETE', '/api/users/token', 404, 'Token for :guest not eligible for deletion.'],
    ] as const
    for (const [method, url, status, message] of answers) {
      const reply = await portal.ask(null, method, url)
      assert.deepEqual([reply.status, reply.json()], [status, { status: 'ERROR', message }])
    }
  })

  test('a named token tells of itself, and may not touch the account’s own one without the permission', async () => {
    const { caller, userName, key } = await portal.depositor()
    const { secret } = await portal.house.issue(
      signedIn({ id: caller.accountId!, user_name: userName, role: 'member' }),
      ['datasets:read'],
    )
    const told = await portal.ask(secret, 'GET', '/api/users/token')
    assert.equal(told.json().data.message.split(' ')[1], secret)
    const refused = await portal.ask(secret, 'POST', '/api/users/token/recreate')
    assert.deepEqual(
      [refused.status, refused.json().message],
      [401, `User @${userName} is not permitted to perform requested action.`],
    )
    assert.equal((await portal.ask(key, 'GET', '/api/users/:me')).status, 200)
  })
})
