import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusedWith, tokensHouse } from '#test/tokens.ts'
import { narrowToken } from './narrow-token.ts'
import { rotateToken } from './rotate-token.ts'
import { createInSlot, deleteSlot, recreateInSlot, showSlot } from './token-slots.ts'

const house = await tokensHouse()
const { database, someone } = house

test('an account has one token in a slot, and even an expired one must be deleted first', async () => {
  const ada = await someone()
  const create = () => house.change(ada, (change) => createInSlot(house.needs, change, 'xdmod'))
  const { token, secret } = await create()
  assert.deepEqual((await house.show(secret))?.grants.toTexts().sort(), ['warehouse:raw', 'warehouse:read'])
  await assert.rejects(create(), refusedWith('token-slot-taken'))
  house.clock.pass(400 * 86_400)
  await assert.rejects(create(), refusedWith('token-slot-taken'))
  assert.equal((await showSlot(database.db, ada, 'xdmod'))?.id, token.id)
  await house.change(ada, (change) => deleteSlot(house.needs, change, 'xdmod'))
  assert.equal(await showSlot(database.db, ada, 'xdmod'), null)
  await assert.rejects(
    house.change(ada, (change) => deleteSlot(house.needs, change, 'xdmod')),
    refusedWith('token-not-found'),
  )
  assert.ok((await create()).secret)
})

test('of many who fill a slot at the same moment one succeeds', async () => {
  const ada = await someone()
  const tries = await Promise.allSettled(
    Array.from({ length: 6 }, () => house.change(ada, (change) => createInSlot(house.needs, change, 'dataverse'))),
  )
  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a Dataverse token recreates itself for another year, stops at once, and gains nothing', async () => {
  const ada = await someone()
  const { token, secret } = await house.change(ada, (change) => recreateInSlot(house.needs, change, 'dataverse'))
  await house.change(ada, (change) =>
    narrowToken(house.needs, change, { id: token.id, permissions: ['datasets:read'] }),
  )
  house.clock.pass(100 * 86_400)
  const itself = (await house.show(secret))!
  const next = await house.change(itself, (change) => recreateInSlot(house.needs, change, 'dataverse'))
  assert.equal(await house.show(secret), null)
  assert.deepEqual((await house.show(next.secret))?.grants.toTexts(), ['datasets:read'])
  assert.equal(next.token.expires_at.getTime() - house.clock.now().getTime(), 365 * 86_400_000)
  await house.change((await house.show(next.secret))!, (change) => deleteSlot(house.needs, change, 'dataverse'))
  assert.equal(await house.show(next.secret), null)
})

test('another token without tokens:write touches no slot', async () => {
  const ada = await someone()
  await house.change(ada, (change) => createInSlot(house.needs, change, 'dataverse'))
  const { secret } = await house.issue(ada, ['datasets:write', 'datasets:read', 'datasets:publish'])
  const tool = (await house.show(secret))!
  await assert.rejects(
    house.change(tool, (change) => recreateInSlot(house.needs, change, 'dataverse')),
    refusedWith('permission-missing'),
  )
  await assert.rejects(
    house.change(tool, (change) => deleteSlot(house.needs, change, 'dataverse')),
    refusedWith('permission-missing'),
  )
  await assert.rejects(
    house.change(tool, (change) => createInSlot(house.needs, change, 'xdmod')),
    refusedWith('permission-missing'),
  )
})

test('the successor of a rotated slot token stands in the slot', async () => {
  const ada = await someone()
  const { token } = await house.change(ada, (change) => createInSlot(house.needs, change, 'xdmod'))
  const next = await house.change(ada, (change) =>
    rotateToken(house.needs, change, { id: token.id, overlapSeconds: 600 }),
  )
  assert.equal((await showSlot(database.db, ada, 'xdmod'))?.id, next.token.id)
})

test('an empty expiration_interval fills no slot', async () => {
  const ada = await someone()
  house.policy.expirationInterval = null
  try {
    for (const slot of ['xdmod', 'dataverse'] as const)
      await assert.rejects(
        house.change(ada, (change) => createInSlot(house.needs, change, slot)),
        refusedWith('personal-tokens-off'),
      )
  } finally {
    house.policy.expirationInterval = '6 months'
  }
})
