import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { silent, testDatabase } from '#test/postgres.ts'
import { openDatabase } from './open-database.ts'

describe('a database connection', () => {
  test('reads counts as numbers, instants as Dates, days and exact decimals as text', async () => {
    await using database = await testDatabase({ empty: true })
    const { rows } = await database.pool.query(
      `select 9007199254740991::int8 as count, '2026-03-01T00:00:00Z'::timestamptz as instant,
        date '2026-03-01' as day, 0.1::numeric as exact, '{"a":[1]}'::jsonb as document`,
    )
    assert.deepEqual(rows, [
      {
        count: 9_007_199_254_740_991,
        instant: new Date('2026-03-01T00:00:00Z'),
        day: '2026-03-01',
        exact: '0.1',
        document: { a: [1] },
      },
    ])
  })

  test('refuses a count that a number cannot hold exactly, and goes on working', async () => {
    await using database = await testDatabase({ empty: true, poolSize: 1 })
    await assert.rejects(database.pool.query('select 9007199254740993::int8'), /too large/)
    assert.equal((await database.pool.query('select 1')).rowCount, 1)
  })

  test('that is cut, idle or in the middle of a transaction, fails its query and not the process', async () => {
    await using database = await testDatabase({ empty: true, poolSize: 2 })
    await using other = await testDatabase({ empty: true, poolSize: 1 })
    const busy = await database.pool.connect()
    const idle = await database.pool.connect()
    await busy.query('begin')
    idle.release()
    const lost = Promise.all([once(database.pool, 'error'), once(busy, 'error')])
    // An idle connection keeps no process alive: without this one, the process could leave before it hears of the cut.
    const staying = setInterval(() => undefined, 1000)
    await other.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      database.pool.options.database,
    ])
    await lost
    clearInterval(staying)
    await assert.rejects(busy.query('select 1'))
    busy.release(true)
    assert.equal((await database.pool.query('select 1')).rowCount, 1)
  })

  test('to a given address opens no server of our own', async () => {
    await using database = await testDatabase({ empty: true })
    const opened = await openDatabase({ url: database.url, dataDirectory: '/nowhere', log: silent })
    assert.equal((await opened.pool.query('select 1')).rowCount, 1)
    await opened.close()
  })
})
