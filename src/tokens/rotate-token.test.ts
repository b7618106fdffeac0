import assert from 'node:assert/strict'
import { test } from 'node:test'
import { updateAccount } from '#src/accounts/update-account.ts'
import { operator } from '#test/accounts.ts'
import { refusedWith, signedIn, tokensHouse } from '#test/tokens.ts'
import { narrowToken } from './narrow-token.ts'
import { revokeToken } from './revoke-token.ts'
import { recreateToken, rotateToken } from './rotate-token.ts'
import { stateOf } from './token-state.ts'

const house = await tokensHouse()
const { someone } = house

const rotate = (by: Parameters<typeof house.change>[0], id: string, overlapSeconds: number, more: object = {}) =>
  house.change(by, (change) => rotateToken(house.needs, change, { id, overlapSeconds, ...more }))
const recreate = (by: Parameters<typeof house.change>[0], id: string) =>
  house.change(by, (change) => recreateToken(house.needs, change, { id }))

test('a successor has the same name, rights and length of life, and names its predecessor', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read', 'models:refresh:jobs'], { expires_in_days: 60 })
  house.clock.pass(10 * 86_400)
  const next = await rotate(ada, token.id, 3600)
  assert.deepEqual([next.token.name, next.token.grants], [token.name, token.grants])
  assert.equal(next.token.predecessor_id, token.id)
  assert.equal(next.token.expires_at.getTime() - house.clock.now().getTime(), 60 * 86_400_000)
})

test('an overlap of 0 stops the old one at once', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  await house.show(secret)
  const next = await rotate(ada, token.id, 0)
  assert.equal(await house.show(secret), null)
  assert.ok(await house.show(next.secret))
})

test('rotating twice makes no second successor, until the first is dead', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read'])
  const next = await rotate(ada, token.id, 3600)
  await assert.rejects(rotate(ada, token.id, 3600), refusedWith('token-already-rotated'))
  assert.ok(await house.show(next.secret))
  await house.change(ada, (change) => revokeToken(house.needs, change, { id: next.token.id }))
  assert.ok(await rotate(ada, token.id, 3600))
})

test('a token that is being replaced cannot put off its end by being rotated again', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read', 'tokens:write'], { expires_in_days: 90 })
  const tool = (await house.show(secret))!
  const next = await rotate(ada, token.id, 60)
  await house.change(tool, (change) => revokeToken(house.needs, change, { id: next.token.id }))
  await rotate(tool, token.id, 30 * 86_400)
  house.clock.pass(61)
  assert.equal(await house.show(secret), null)
})

test('of many rotations at the same moment one succeeds', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read'])
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => rotate(ada, token.id, 60)))
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a successor never gains rights: neither what was narrowed away nor what the role lost', async () => {
  const ada = await someone('manager')
  const { token } = await house.issue(ada, ['warehouse:read', 'models:refresh', 'warehouse:raw'])
  await house.change(ada, (change) =>
    narrowToken(house.needs, change, { id: token.id, permissions: ['models:refresh', 'warehouse:read'] }),
  )
  await house.change(operator, (change) => updateAccount(house.accounts, change, ada.accountId!, { role: 'member' }))
  const next = await rotate(signedIn({ id: ada.accountId!, user_name: ada.accountName!, role: 'member' }), token.id, 60)
  assert.deepEqual(next.token.grants, ['warehouse:read'])
})

test('a token may rotate itself, but not into something that lives longer', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read', 'tokens:write'], { expires_in_days: 30 })
  house.clock.pass(86_400)
  const tool = (await house.show(secret))!
  const next = await rotate(tool, token.id, 0)
  assert.equal(next.token.expires_at.getTime(), token.expires_at.getTime())
  assert.equal(await house.show(secret), null)
  assert.ok(await house.show(next.secret))
})

test('a token does not rotate a stronger one', async () => {
  const ada = await someone()
  const { secret } = await house.issue(ada, ['tokens:write', 'warehouse:read'])
  const strong = await house.issue(ada, ['warehouse:read', 'models:refresh'])
  await assert.rejects(rotate((await house.show(secret))!, strong.token.id, 60), refusedWith('grants-exceeded'))
})

test('an expired or revoked token can be made anew, but not rotated', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read'], { expires_in_days: 1 })
  house.clock.pass(2 * 86_400)
  await assert.rejects(rotate(ada, token.id, 60), refusedWith('token-not-alive'))
  const next = await recreate(ada, token.id)
  assert.ok(await house.show(next.secret))
  await house.change(ada, (change) => revokeToken(house.needs, change, { id: next.token.id }))
  const third = await recreate(ada, next.token.id)
  assert.ok(await house.show(third.secret))
})

test('a token that is made anew stops at once', async () => {
  const ada = await someone()
  const { token, secret } = await house.issue(ada, ['warehouse:read'])
  await house.show(secret)
  await recreate(ada, token.id)
  assert.equal(await house.show(secret), null)
})

test('others’ tokens do not exist; an admin may stop them but never gets a secret of another person', async () => {
  const [ada, bob, admin] = [await someone(), await someone(), await someone('admin')]
  const { token } = await house.issue(ada, ['warehouse:read'])
  await assert.rejects(rotate(bob, token.id, 60), refusedWith('token-not-found'))
  await assert.rejects(rotate(admin, token.id, 60), refusedWith('account-cannot-hold-tokens'))
  await assert.rejects(recreate(admin, token.id), refusedWith('account-cannot-hold-tokens'))
  assert.ok(await house.change(admin, (change) => revokeToken(house.needs, change, { id: token.id })))
})

test('a token only ever narrows', async () => {
  const ada = await someone()
  const { token } = await house.issue(ada, ['warehouse:read:jobs'], { expires_in_days: 30 })
  const narrow = (ask: object) =>
    house.change(ada, (change) => narrowToken(house.needs, change, { id: token.id, ...ask }))
  await assert.rejects(narrow({ permissions: ['warehouse:read'] }), refusedWith('token-only-narrows'))
  await assert.rejects(narrow({ permissions: ['warehouse:read:flights'] }), refusedWith('token-only-narrows'))
  await assert.rejects(narrow({ expires_in_days: 31 }), refusedWith('token-only-narrows'))
  assert.equal((await narrow({ permissions: ['warehouse:read:jobs'] })).changed, false)
  const { token: less } = await narrow({ expires_in_days: 10 })
  assert.equal(stateOf(less, house.clock.now()), 'active')
  assert.ok(less.expires_at < token.expires_at)
})
