import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { operator } from '#test/accounts.ts'
import { refusedWith, tokensHouse } from '#test/tokens.ts'
import { issueToken } from './issue-token.ts'
import { revokeToken } from './revoke-token.ts'

const house = await tokensHouse()
const { database, someone } = house

test('the database holds a keyed hash of the secret and nothing from which it can be had', async () => {
  const ada = await someone('member')
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  const { rows } = await sql<{
    all: string
  }>`select row_to_json(t)::text as all from tokens t where id = ${token.id}`.execute(database.db)
  const stored = rows[0]!.all
  assert.ok(!stored.includes(secret) && !stored.includes(secret.slice(17, 49)))
  const { rows: events } = await sql<{
    all: string
  }>`select string_agg(detail::text, '') as all from audit_events`.execute(database.db)
  assert.ok(!events[0]!.all.includes(secret.slice(17, 49)))
})

test('a token holds no more than its maker, whatever is asked', async () => {
  const viewer = await someone('viewer')
  await assert.rejects(house.issue(viewer, ['warehouse:raw']), refusedWith('grants-exceeded', '#/permissions/0'))
  await assert.rejects(
    house.issue(viewer, ['warehouse:read', 'models:refresh:jobs']),
    refusedWith('grants-exceeded', '#/permissions/1'),
  )
  await assert.rejects(house.issue(viewer, ['all:everything']), refusedWith('token-unacceptable', '#/permissions/0'))
  await assert.rejects(house.issue(viewer, []), refusedWith('token-unacceptable', '#/permissions'))
  const { token } = await house.issue(viewer, ['warehouse:read:jobs', 'warehouse:read', 'warehouse:read'])
  assert.deepEqual(token.grants, ['warehouse:read'])
})

test('a token makes none that is stronger or lives longer than itself', async () => {
  const ada = await someone('manager')
  const { secret, token } = await house.issue(ada, ['tokens:write', 'warehouse:read:jobs'], { expires_in_days: 30 })
  const tool = (await house.show(secret))!
  await assert.rejects(house.issue(tool, ['warehouse:read']), refusedWith('grants-exceeded'))
  await assert.rejects(
    house.issue(tool, ['warehouse:read:jobs'], { expires_in_days: 31 }),
    refusedWith('token-unacceptable'),
  )
  const child = await house.issue(tool, ['warehouse:read:jobs'])
  assert.equal(child.token.expires_at.getTime(), token.expires_at.getTime())
  assert.equal(child.token.issued_with, token.id)
})

test('a token that is revoked while it makes another makes none', async () => {
  const ada = await someone('manager')
  const { secret, token } = await house.issue(ada, ['tokens:write', 'warehouse:read'])
  const tool = (await house.show(secret))!
  await house.change(ada, (change) => revokeToken(house.needs, change, { id: token.id }))
  // The request was let in before the revocation returned; the change comes after.
  await assert.rejects(house.issue(tool, ['warehouse:read']), refusedWith('account-cannot-hold-tokens'))
})

test('a disabled account gets no token, not even in the moment of being disabled', async () => {
  const ada = await someone('member')
  await house.change(operator, (change) => disableAccount(house.accounts, change, ada.accountId!))
  await assert.rejects(house.issue(ada, ['warehouse:read']), refusedWith('account-cannot-hold-tokens'))
})

test('an empty expiration_interval lets nobody make tokens for themselves; service accounts still get theirs', async () => {
  const admin = await someone('admin')
  const robot = await house.service('robot-without-default', admin.accountId!)
  house.policy.expirationInterval = null
  try {
    await assert.rejects(house.issue(admin, ['warehouse:read']), refusedWith('personal-tokens-off'))
    await assert.rejects(
      house.issue(admin, ['warehouse:read'], { expires_in_days: 30 }),
      refusedWith('personal-tokens-off'),
    )
    await assert.rejects(
      house.issue(admin, ['warehouse:read'], { account: robot.user_name }),
      refusedWith('token-unacceptable', '#/expires_at'),
    )
    const { token } = await house.issue(admin, ['warehouse:read'], { account: robot.user_name, expires_in_days: 30 })
    assert.equal(token.account_name, robot.user_name)
  } finally {
    house.policy.expirationInterval = '6 months'
  }
})

test('administrators make tokens for service accounts, within those accounts’ role, and for no other person', async () => {
  const admin = await someone('admin')
  const member = await someone('member')
  const robot = await house.service('robot', admin.accountId!, 'viewer')
  await assert.rejects(
    house.issue(admin, ['accounts:admin'], { account: robot.user_name }),
    refusedWith('grants-exceeded'),
  )
  await assert.rejects(
    house.issue(member, ['warehouse:read'], { account: robot.user_name }),
    refusedWith('account-cannot-hold-tokens'),
  )
  await assert.rejects(
    house.issue(admin, ['warehouse:read'], { account: member.accountName! }),
    refusedWith('account-cannot-hold-tokens'),
  )
  await assert.rejects(
    house.issue(admin, ['warehouse:read'], { account: 'nobody' }),
    refusedWith('account-cannot-hold-tokens'),
  )
  const { secret } = await house.issue(admin, ['warehouse:read'], { account: 'ROBOT' })
  assert.equal((await house.show(secret))?.accountName, 'robot')
})

test('the command line makes tokens for anybody, and must say for whom', async () => {
  const ada = await someone('member')
  const ask = { name: 'ops', permissions: ['warehouse:read'] }
  await assert.rejects(
    house.change(operator, (change) => issueToken(house.needs, change, ask)),
    refusedWith('token-unacceptable', '#/account'),
  )
  const { token } = await house.change(operator, (change) =>
    issueToken(house.needs, change, { ...ask, account: ada.accountName! }),
  )
  assert.equal(token.account_id, ada.accountId)
})

test('a beginning after the end is refused, one that has passed is none', async () => {
  const ada = await someone('member')
  const at = (days: number) => new Date(house.clock.now().getTime() + days * 86_400_000).toISOString()
  await assert.rejects(
    house.issue(ada, ['warehouse:read'], { expires_in_days: 5, not_before: at(5) }),
    refusedWith('token-unacceptable', '#/not_before'),
  )
  assert.equal((await house.issue(ada, ['warehouse:read'], { not_before: at(-1) })).token.not_before, null)
})
