import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { movableClock } from '#test/accounts.ts'
import { silent, type TestDatabase, testDatabase } from '#test/postgres.ts'
import { type Refusal, startRefusalLog } from './refusals.ts'
import { verifyChain } from './verify-chain.ts'

const refusal = (over: Partial<Refusal> = {}): Refusal => ({
  verb: 'token.refused',
  reason: 'expired',
  address: '192.0.2.1',
  tokenId: 't1',
  ...over,
})

describe('refusals', () => {
  let on: TestDatabase
  before(async () => {
    on = await testDatabase()
  })
  after(() => on.close())

  const written = async () => {
    const { rows } = await on.pool.query('select * from audit_events order by id')
    return rows
  }
  const open = (over: object = {}) => {
    const clock = movableClock()
    return { clock, log: startRefusalLog({ db: on.db, log: silent, clock, everyMs: 3_600_000, ...over }) }
  }

  test('reach the audit trail by themselves', async () => {
    const log = startRefusalLog({ db: on.db, log: silent })
    log.refused(refusal({ reason: 'revoked', client: 'curl/8' }))
    while ((await written()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    const [event] = await written()
    assert.equal(event.verb, 'token.refused')
    assert.equal(event.subject_id, 't1')
    assert.equal(event.client, 'curl/8')
    assert.equal(event.detail.reason, 'revoked')
    await log.close()
  })

  test('of guessed tokens are one kind for each address, in IPv6 for each /64 network', async () => {
    const { log } = open()
    const before = (await written()).length
    for (let n = 1; n <= 500; n++) {
      log.refused(refusal({ reason: 'unknown', tokenId: `guess${n}` }))
      log.refused(refusal({ reason: 'shown_in_an_address', tokenId: `guess${n}` }))
      log.refused(refusal({ reason: 'unknown', tokenId: `guess${n}`, address: `2001:db8::${n.toString(16)}` }))
    }
    await log.close()
    assert.deepEqual(
      (await written()).slice(before).map((event) => event.detail.count),
      [500, 500, 500],
    )
  })

  test('of one kind are one line at first and one a minute after, with a count', async () => {
    const { clock, log } = open()
    const before = (await written()).length
    const counts = async () => (await written()).slice(before).map((event) => event.detail.count)
    log.refused(refusal())
    await log.flush()
    assert.deepEqual(await counts(), [1])
    for (let n = 0; n < 40; n++) log.refused(refusal())
    clock.pass(59)
    await log.flush()
    assert.deepEqual(await counts(), [1], 'the minute is still collecting')
    clock.pass(2)
    await log.flush()
    assert.deepEqual(await counts(), [1, 40])
    clock.pass(61)
    log.refused(refusal())
    await log.close()
    assert.deepEqual(await counts(), [1, 40, 1])
  })

  test('of different kinds are not mixed', async () => {
    const { log } = open()
    const before = (await written()).length
    for (const over of [{}, { reason: 'revoked' }, { address: '192.0.2.2' }, { tokenId: 't2' }, { accountId: 'a' }]) {
      log.refused(refusal(over))
      log.refused(refusal(over))
    }
    await log.close()
    const events = (await written()).slice(before)
    assert.equal(events.length, 5)
    assert.ok(events.every((event) => event.detail.count === 2))
  })

  test('are written to the last one when the process stops', async () => {
    const { log } = open()
    const before = (await written()).length
    log.refused(refusal({ tokenId: 'stop' }))
    await log.flush()
    log.refused(refusal({ tokenId: 'stop' }))
    await log.close()
    assert.equal((await written()).length, before + 2)
  })

  test('survive an absence of the database, and a flood meanwhile stays small and loses no count', async () => {
    let away = true
    const warnings: string[] = []
    const db = {
      transaction: () => (away ? { execute: () => Promise.reject(new Error('away')) } : on.db.transaction()),
    }
    const { log } = open({ db, log: { warn: (_: object, text: string) => warnings.push(text) } })
    const before = (await written()).length
    for (let n = 0; n < 20_000; n++) log.refused(refusal({ address: `10.0.${n >> 8}.${n & 255}` }))
    await assert.rejects(log.flush(), /away/)
    away = false
    await log.flush()
    const events = (await written()).slice(before)
    assert.ok(events.length <= 5_001, `${events.length} lines`)
    assert.equal(
      events.reduce((sum, event) => sum + event.detail.count, 0),
      20_000,
    )
    assert.equal(events.at(-1).address, null, 'the rest is one line without address')
    await log.close()
    assert.deepEqual(warnings, [])
  })

  test('take their place in the chain like everything else', async () => {
    assert.deepEqual((await verifyChain(on.db)).faults, [])
  })
})
