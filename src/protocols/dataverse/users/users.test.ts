import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type DataversePortal, openDataversePortal, password } from '#test/dataverse-portal.ts'

let portal: DataversePortal
before(async () => {
  portal = await openDataversePortal({ builtinUsersKey: 'burrito' })
})
after(() => portal.close())

describe('who asks', () => {
  test('is told with exactly the members that pyDataverse allows', async () => {
    const { key } = await portal.depositor('member', 'alice')
    const { data } = (await portal.ask(key, 'GET', '/api/users/:me')).json()
    assert.deepEqual(Object.keys(data).sort(), [
      'authenticationProviderId',
      'createdTime',
      'deactivated',
      'displayName',
      'email',
      'firstName',
      'id',
      'identifier',
      'lastApiUseTime',
      'lastLoginTime',
      'lastName',
      'persistentUserId',
      'superuser',
    ])
    assert.deepEqual([data.identifier, data.superuser, data.email], ['@alice', false, 'alice@example.org'])
    assert.ok(Number.isSafeInteger(data.id))
    assert.match(data.createdTime, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
    assert.equal((await portal.ask(key, 'GET', '/api/v1/users/%3Ame/')).json().data.id, data.id)
    assert.equal(
      (await portal.ask((await portal.depositor('admin')).key, 'GET', '/api/users/:me')).json().data.superuser,
      true,
    )
  })

  test('is nobody: told with Dataverse’s odd words', async () => {
    const none = await portal.ask(null, 'GET', '/api/users/:me')
    assert.deepEqual([none.status, none.json()], [400, { status: 'ERROR', message: 'User with token null not found.' }])
    const wrong = await portal.ask('wrong', 'GET', '/api/users/:me')
    assert.deepEqual([wrong.status, wrong.json().message], [401, 'Bad API key'])
  })

  test('ends a session, where there is one', async () => {
    const { user_name } = await portal.person('member')
    const cookie = { cookie: await portal.session(user_name), 'sec-fetch-site': 'same-origin' }
    assert.equal((await portal.ask(null, 'POST', '/api/logout', {}, cookie)).json().data.message, 'User logged out')
    assert.equal((await portal.ask(null, 'POST', '/api/logout', {}, cookie)).status, 400)
  })
})

describe('accounts for test set-ups', () => {
  const post = (query: string, userName: string) =>
    portal.ask(null, 'POST', `/api/builtin-users?${query}`, {
      firstName: 'Lisa',
      lastName: 'Simpson',
      userName,
      affiliation: 'Springfield',
      position: 'Student',
      email: 'lsimpson@mailinator.com',
    })

  test('are made with the key, and can deposit with their token', async () => {
    const made = await post(`password=${password}&key=burrito`, 'lsimpson')
    assert.equal(made.status, 200, made.text)
    const { user, authenticatedUser, apiToken } = made.json().data
    assert.equal(user.userName, 'lsimpson')
    assert.equal(authenticatedUser.identifier, '@lsimpson')
    const me = await portal.ask(apiToken, 'GET', '/api/users/:me')
    assert.deepEqual([me.json().data.firstName, me.json().data.email], ['Lisa', 'lsimpson@mailinator.com'])
    const again = await post(`password=${password}&key=burrito`, 'lsimpson')
    assert.deepEqual([again.status, again.json().message], [400, "username 'lsimpson' already exists"])
  })

  test('are refused without the key, and where there is none', async () => {
    for (const query of [`password=${password}`, `password=${password}&key=wrong`]) {
      const refused = await post(query, 'bart')
      assert.deepEqual([refused.status, refused.json().message], [401, 'Bad api key '])
    }
    assert.equal((await post('password=short&key=burrito', 'bart')).status, 400)
    const closed = await openDataversePortal()
    try {
      const reply = await closed.ask(null, 'POST', `/api/builtin-users?password=${password}&key=`, {
        firstName: 'A',
        lastName: 'B',
        userName: 'ab',
      })
      assert.deepEqual(
        [reply.status, reply.json().message],
        [403, 'Dataverse config issue: No API key defined for built in user management'],
      )
    } finally {
      await closed.close()
    }
  })

  test('are not made by half: where people have no tokens it is told before there is an account', async () => {
    const { policy } = portal.house
    const allowed = policy.expirationInterval
    policy.expirationInterval = null
    try {
      const without = await post(`password=${password}&key=burrito`, 'maggie')
      assert.deepEqual(
        [without.status, without.json()],
        [
          403,
          {
            status: 'ERROR',
            message: 'No user was created: this installation lets nobody have an API token of their own.',
          },
        ],
      )
      assert.equal((await post(`password=${password}&key=wrong`, 'maggie')).status, 401, 'the key is asked for first')
    } finally {
      policy.expirationInterval = allowed
    }
    const made = await post(`password=${password}&key=burrito`, 'maggie')
    assert.equal(made.status, 200, 'the name is still free')
    assert.equal((await portal.ask(made.json().data.apiToken, 'GET', '/api/users/:me')).status, 200)
  })

  test('never tell a token to who knows the password', async () => {
    const reply = await portal.ask(null, 'GET', `/api/builtin-users/alice/api-token?password=${password}`)
    assert.deepEqual([reply.status, reply.json().message], [403, 'This API endpoint has been disabled.'])
  })
})
