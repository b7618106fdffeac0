import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { silent } from '#test/postgres.ts'
import { tokensHouse } from '#test/tokens.ts'
import { startUseCounts } from './count-uses.ts'
import { forgetSources } from './forget-sources.ts'
import { readTokenUses } from './read-token-uses.ts'
import { findSources, mostSources } from './store.ts'

const house = await tokensHouse()
const { db } = house.database
const dayMs = 86_400_000
let made = 0

const counting = () => {
  const uses = startUseCounts({ db, log: silent, everyMs: 60_000 })
  const id = `counted${String(++made).padStart(5, '0')}`
  const counter = uses.counterOf(id)
  return {
    uses,
    id,
    use: (at: number, address: string, client: string | null) => uses.count(counter, at, { address, client }),
  }
}

test('who used a token yesterday is told by address and client, newest first', async () => {
  const { uses, id, use } = counting()
  const noon = Date.UTC(2030, 0, 2, 12)
  const browser =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36'
  use(noon - dayMs, '192.0.2.1', 'curl/8.5.0')
  use(noon - dayMs + 1000, '192.0.2.1', 'curl/8.5.0')
  await uses.flush()
  use(noon - dayMs + 3000, '192.0.2.1', 'curl/8.5.0')
  use(noon - dayMs + 2000, '192.0.2.2', null)
  use(noon, '192.0.2.1', browser)
  await uses.close()
  const told = await readTokenUses(db, id, 7, new Date(noon))
  const at = (ms: number) => new Date(noon + ms)
  const [day, before] = ['2030-01-02', '2030-01-01']
  assert.deepEqual(told.sources, [
    {
      day,
      address: '192.0.2.1',
      client: 'Mozilla/5.0 AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36',
      uses: 1,
      first_at: at(0),
      last_at: at(0),
    },
    {
      day: before,
      address: '192.0.2.1',
      client: 'curl/8.5.0',
      uses: 3,
      first_at: at(-dayMs),
      last_at: at(-dayMs + 3000),
    },
    {
      day: before,
      address: '192.0.2.2',
      client: null,
      uses: 1,
      first_at: at(-dayMs + 2000),
      last_at: at(-dayMs + 2000),
    },
  ])
  assert.equal(told.total, 5)
})

test('whatever is flushed when: the sources of a day add up to its uses, and are few', async () => {
  const step = fc.oneof(
    { weight: 1, arbitrary: fc.constant('flush' as const) },
    {
      weight: 12,
      arbitrary: fc.record({ from: fc.nat(30), client: fc.constantFrom('a', 'b', null), day: fc.nat(1) }),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 200 }), async (steps) => {
      const { uses, id, use } = counting()
      const expected = new Map<string, number>()
      let at = Date.UTC(2030, 0, 1, 23)
      for (const one of steps) {
        if (one === 'flush') await uses.flush()
        else {
          at += 1000
          const moment = at + one.day * dayMs
          const day = new Date(moment).toISOString().slice(0, 10)
          expected.set(day, (expected.get(day) ?? 0) + 1)
          use(moment, `10.0.0.${one.from}`, one.client)
        }
      }
      await uses.close()
      const told = await readTokenUses(db, id, 5, new Date(Date.UTC(2030, 0, 3)))
      for (const { day, uses } of told.days) {
        const sources = told.sources.filter((source) => source.day === day)
        assert.equal(uses, expected.get(day) ?? 0)
        assert.equal(
          sources.reduce((sum, source) => sum + source.uses, 0),
          uses,
        )
        assert.ok(sources.filter(({ address }) => address !== null).length <= mostSources)
        assert.ok(sources.length <= mostSources + 1)
      }
    }),
    { numRuns: 40 },
  )
})

test('a token shown under ever new names fills no table, and its last use is still told', async () => {
  const { uses, id, use } = counting()
  const at = Date.UTC(2030, 0, 1, 12)
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 100; i++) use(at + round * 1000 + i, `10.0.${round}.${i}`, `bot/${i}`)
    await uses.flush()
  }
  await uses.close()
  const sources = await findSources(db, id, '2030-01-01')
  assert.equal(sources.length, mostSources + 1)
  const [others] = sources
  assert.deepEqual([others?.address, others?.client, others?.uses], [null, null, 300 - mostSources])
  const last = await db.selectFrom('token_last_uses').selectAll().where('token_id', '=', id).executeTakeFirst()
  assert.deepEqual([last?.address, last?.client], ['10.0.2.99', 'bot/99'])
})

test('from where is forgotten after 400 days, how often is not', async () => {
  const { uses, id, use } = counting()
  const now = Date.UTC(2030, 0, 1, 12)
  for (const age of [0, 400, 401]) use(now - age * dayMs, '192.0.2.1', null)
  await uses.close()
  await forgetSources({ db, clock: { now: () => new Date(now) } })
  assert.deepEqual(
    (await findSources(db, id, '2028-01-01')).map(({ day }) => day),
    ['2030-01-01', '2028-11-27'],
  )
  const days = await db.selectFrom('token_days').selectAll().where('token_id', '=', id).execute()
  assert.equal(days.length, 3)
})
