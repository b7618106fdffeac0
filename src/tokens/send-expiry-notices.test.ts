import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { disableAccount } from '#src/accounts/disable-account.ts'
import { operator } from '#test/accounts.ts'
import { signedIn, tokensHouse } from '#test/tokens.ts'
import { revokeToken } from './revoke-token.ts'
import { rotateToken } from './rotate-token.ts'
import { dueNotices, sendExpiryNotices } from './send-expiry-notices.ts'

const house = await tokensHouse()
const { database } = house

const someone = async (name: string) => {
  const caller = signedIn(await house.person(name))
  await sql`update accounts set email = ${`${name}@example.org`} where id = ${caller.accountId}`.execute(database.db)
  return caller
}
const remind = () =>
  house.change(operator, (change) => sendExpiryNotices({ ...house.needs, timeZone: 'Europe/Berlin' }, change))
const days = 86_400
/** Days in the subjects of the mails sent since. */
const noticed = async () => {
  house.mails.length = 0
  await remind()
  return house.mails.map(({ subject }) => subject)
}

test('a token’s owner hears 30, 14, 7, 3 and 1 days before, once each, however often we look', async () => {
  const ada = await someone('ada')
  const { token } = await house.issue(ada, ['warehouse:read'], { name: 'nightly', expires_in_days: 90 })
  const heard: string[] = []
  for (let hour = 0; hour < 90 * 24; hour += 11) {
    heard.push(...(await noticed()))
    house.clock.pass(11 * 3600)
  }
  assert.deepEqual(
    heard.map((subject) => /within (?:a|\d+) days?/.exec(subject)?.[0]),
    ['within 30 days', 'within 14 days', 'within 7 days', 'within 3 days', 'within a day'],
  )
  const { rows } = await sql<{ days: number }>`
    select days from token_notices where token_id = ${token.id} order by days`.execute(database.db)
  assert.deepEqual(
    rows.map((row) => row.days),
    [1, 3, 7, 14, 30],
  )
})

test('after a long stop only the most urgent notice is sent', async () => {
  const bob = await someone('bob')
  await house.issue(bob, ['warehouse:read'], { expires_in_days: 90 })
  house.clock.pass(85 * days)
  const subjects = await noticed()
  assert.equal(subjects.length, 1)
  assert.match(subjects[0]!, /within 7 days/)
  assert.deepEqual(await noticed(), [])
})

test('two processes that look at the same moment send one notice', async () => {
  const cleo = await someone('cleo')
  await house.issue(cleo, ['warehouse:read'], { expires_in_days: 10 })
  house.clock.pass(4 * days)
  house.mails.length = 0
  await Promise.all([remind(), remind(), remind()])
  assert.equal(house.mails.filter(({ to }) => to === 'cleo@example.org').length, 1)
})

test('nobody hears of a revoked or replaced token, of one of a disabled account, or of a life just chosen', async () => {
  const dan = await someone('dan')
  const eve = await someone('eve')
  const revoked = await house.issue(dan, ['warehouse:read'], { expires_in_days: 31 })
  const rotated = await house.issue(dan, ['warehouse:read'], { expires_in_days: 31 })
  await house.issue(eve, ['warehouse:read'], { expires_in_days: 31 })
  await house.change(dan, (change) => revokeToken(house.needs, change, { id: revoked.token.id }))
  house.clock.pass(2 * days)
  await house.change(dan, (change) =>
    rotateToken(house.needs, change, { id: rotated.token.id, overlapSeconds: 20 * days }),
  )
  await house.change(operator, (change) => disableAccount(house.accounts, change, eve.accountId!))
  assert.deepEqual(await noticed(), [])
})

test('a notice says which token, until when in the site’s zone, when it was last used, and what to do', async () => {
  const fay = await someone('fay')
  const { token, secret } = await house.issue(fay, ['warehouse:read'], { name: 'report robot', expires_in_days: 8 })
  await house.show(secret)
  await house.uses.flush()
  house.clock.pass(6 * days)
  house.mails.length = 0
  await remind()
  const mail = house.mails.find(({ to }) => to === 'fay@example.org')
  assert.match(mail?.subject ?? '', /report robot.*within 3 days/)
  for (const part of [
    token.id,
    'Europe/Berlin',
    'last used',
    'rotate',
    'My Profile → API Token: http://localhost:8080/profile/token',
  ])
    assert.ok(mail?.text.includes(part), part)
  assert.ok(!mail?.text.includes(secret))
})

test('of a service account’s token its owner hears, and where administrators find it', async () => {
  const gus = await someone('gus')
  const admin = signedIn(await house.person('root', 'admin'))
  await house.service('pipeline', gus.accountId!)
  const { token } = await house.issue(admin, ['warehouse:read'], { account: 'pipeline', expires_in_days: 8 })
  house.clock.pass(6 * days)
  house.mails.length = 0
  await remind()
  const mail = house.mails.find(({ to }) => to === 'gus@example.org')
  assert.ok(mail?.text.includes(`Admin console → API tokens: http://localhost:8080/admin/tokens/${token.id}`))
})

test('a notice that would have been due before the token was made is none', () => {
  const created_at = new Date('2026-01-01T00:00:00Z')
  const at = (n: number) => new Date(created_at.getTime() + n * days * 1000)
  const token = { created_at, expires_at: at(30) }
  assert.deepEqual(dueNotices(token, created_at), [])
  assert.deepEqual(dueNotices(token, at(16)), [14])
  assert.deepEqual(dueNotices(token, at(29.5)), [14, 7, 3, 1])
  assert.deepEqual(dueNotices(token, at(30)), [])
})
