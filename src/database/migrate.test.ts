import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { silent, testDatabase } from '#test/postgres.ts'
import { migrate } from './migrate.ts'
import { connect } from './open-database.ts'

describe('migrations', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'tessera-migrations-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  const write = (name: string, text: string) => writeFile(path.join(directory, name), text)

  test('run in order, each once, several statements and dollar quotes included', async () => {
    await using database = await testDatabase({ empty: true })
    await write('0002-second.sql', `insert into first values (1); do $$ begin insert into first values (2); end $$;`)
    await write('0001-first.sql', 'create table first (n integer);')
    await write('notes.txt', 'not a migration')
    assert.deepEqual(await migrate(database.db, directory), ['0001-first', '0002-second'])
    assert.deepEqual(await migrate(database.db, directory), [])
    const { rows } = await database.pool.query('select n from first order by n')
    assert.deepEqual(rows, [{ n: 1 }, { n: 2 }])
  })

  test('change nothing when one of them fails, and say where', async () => {
    await using database = await testDatabase({ empty: true })
    await write('0001-good.sql', 'create table good ();')
    await write('0002-bad.sql', 'select 1;\nselect nonsense;')
    await assert.rejects(migrate(database.db, directory), {
      code: 'database-cannot-migrate',
      message: 'Migration 0002-bad failed (line 2): column "nonsense" does not exist.',
    })
    const { rows } = await database.pool.query(`select to_regclass('good') as good`)
    assert.deepEqual(rows, [{ good: null }])
  })

  test('of servers that start together are run by one of them', async () => {
    await using database = await testDatabase({ empty: true })
    const other = connect(database.connection, { log: silent })
    await write('0001-slow.sql', 'select pg_sleep(0.1); create table once ();')
    const done = await Promise.all([migrate(database.db, directory), migrate(other.db, directory)])
    await other.close()
    assert.deepEqual(done.flat(), ['0001-slow'])
  })

  test('refuse a database that a newer version has migrated', async () => {
    await using database = await testDatabase({ empty: true })
    await write('0001-old.sql', 'select 1')
    await write('0002-new.sql', 'select 1')
    await migrate(database.db, directory)
    await rm(path.join(directory, '0002-new.sql'))
    await assert.rejects(migrate(database.db, directory), { code: 'database-newer', message: /0002-new/ })
  })
})
