import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'
import { type TestMariadb, testMariadb } from '#test/mariadb.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { askDatabase } from './ask-database.ts'
import type { DatabaseAsk } from './asked-rows.ts'
import { writeRows, writtenRowsSql } from './write-rows.ts'

let scratch = ''
before(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'tessera-ask-'))
})
after(() => rm(scratch, { recursive: true }))

/** What comes out at the other end: types and rows as the engine has them. */
async function asked(ask: Partial<DatabaseAsk> & Pick<DatabaseAsk, 'address' | 'query'>) {
  const answer = await askDatabase({ since: null, timeoutSeconds: 20, ...ask })
  const file = path.join(scratch, `rows-${performance.now()}.csv`)
  const written = await writeRows(answer, file).finally(() => answer.close())
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await connection.run("set timezone = 'UTC'")
    const reader = await connection.runAndReadAll(
      `select columns(*)::varchar from (${writtenRowsSql(written, answer.columns)})`,
    )
    return {
      types: Object.fromEntries(answer.columns.map(({ name, type }) => [name, type])),
      rows: reader.getRows(),
      time: answer.time,
    }
  } finally {
    connection.disconnectSync()
    instance.closeSync()
  }
}

const awkward = [
  '',
  ' ',
  ',',
  '"',
  '""',
  "it's",
  'a\nb',
  '\r\n',
  '\\',
  '\\n',
  'NULL',
  'ünï 🛫',
  '1',
  '\t',
  '`',
  '$1',
  ';--',
]

describe('a PostgreSQL', () => {
  let database: TestDatabase
  before(async () => {
    database = await testDatabase({ empty: true })
  })
  after(() => database.close())
  const ask = (query: string, over: Partial<DatabaseAsk> = {}) => asked({ address: database.url, query, ...over })

  test('answers with its types, whatever time zone and form of dates it is set to', async () => {
    await database.pool.query(
      `alter database ${new URL(database.url.replace('@/', '@x/')).pathname.slice(1)} set timezone = 'Asia/Tokyo'`,
    )
    const { types, rows, time } =
      await ask(`select 1::smallint as small, 2 as whole, 9007199254740993 as large, 1.5::real as "real",
      1e300::float8 as double, 12345678901234567890.123::numeric(30,3) as exact, 0.1::numeric as loose, true as yes,
      date '2026-03-29' as day, timestamp '2026-03-29 02:30:00.123456' as moment,
      timestamptz '2026-03-29 02:30:00+02' as zoned, 'x'::char(3) as padded, '{"a":1}'::jsonb as doc, array[1,2] as list,
      '\\x00ff'::bytea as bytes, gen_random_uuid() is not null as made, null::text as nothing`)
    assert.deepEqual(types, {
      small: 'SMALLINT', whole: 'INTEGER', large: 'BIGINT', real: 'FLOAT', double: 'DOUBLE', exact: 'DECIMAL(30,3)', loose: 'DOUBLE',
      yes: 'BOOLEAN', day: 'DATE', moment: 'TIMESTAMP', zoned: 'TIMESTAMP WITH TIME ZONE', padded: 'VARCHAR', doc: 'VARCHAR',
      list: 'VARCHAR', bytes: 'VARCHAR', made: 'BOOLEAN', nothing: 'VARCHAR',
    }) // biome-ignore format: a table
    assert.deepEqual(rows, [
      ['1', '2', '9007199254740993', '1.5', '1e+300', '12345678901234567890.123', '0.1', 'true', '2026-03-29',
        '2026-03-29 02:30:00.123456', '2026-03-29 00:30:00+00', 'x  ', '{"a": 1}', '{1,2}', '\\x00ff', 'true', null],
    ]) // biome-ignore format: a row
    assert.ok(Math.abs(time.getTime() - Date.now()) < 60_000)
  })

  test('loses and changes no text, and no null', async () => {
    await database.pool.query('create table texts (n integer, a text, b text)')
    const texts = fc.array(fc.tuple(fc.option(text()), fc.option(text())), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(texts, async (pairs) => {
        await database.pool.query('truncate texts')
        const list = (i: 0 | 1) => pairs.map((pair) => pair[i])
        await database.pool.query('insert into texts select * from unnest($1::int[], $2::text[], $3::text[])', [
          pairs.map((_, n) => n),
          list(0),
          list(1),
        ])
        const { rows } = await ask('select a, b from texts order by n')
        assert.deepEqual(rows, pairs)
        assert.deepEqual(
          (await ask('select a from texts order by n')).rows,
          pairs.map(([a]) => [a]),
        )
      }),
      { numRuns: 25 },
    )
  })

  test('gives cells of any length', async () => {
    const { rows } = await ask(`select repeat('ü"', 2000000) as long, 1 as n union all select null, 2`)
    assert.equal(String(rows[0]?.[0]).length, 4_000_000)
    assert.deepEqual(rows[1], [null, '2'])
  })

  test('gives rows of any number, more than one batch at a time', async () => {
    const { rows } = await ask('select sum(n), count(*) from (select n from generate_series(1, 5001) n) s')
    assert.deepEqual(rows, [['12507501', '5001']])
    assert.equal((await ask('select n from generate_series(1, 5001) n')).rows.length, 5001)
    assert.deepEqual((await ask('select 1 as n where false')).rows, [])
  })

  test('is asked for rows at or above a watermark, and for those without one', async () => {
    await database.pool.query('create table w (id integer, "at Q" timestamptz)')
    await database.pool.query("insert into w values (1, '2026-01-01'), (2, '2026-01-02'), (3, '2026-01-03'), (4, null)")
    const since = { column: 'at Q', value: '2026-01-02 00:00:00+00' }
    const { rows } = await ask('select * from w -- the end', { since })
    assert.deepEqual(rows.map(([id]) => id).sort(), ['2', '3', '4'])
  })

  test('can be made to change nothing, and to do one thing at a time', async () => {
    await database.pool.query('create table safe (n integer)')
    for (const query of [
      'insert into safe values (1) returning n',
      'with w as (insert into safe values (1) returning n) select * from w',
      'select 1; insert into safe values (1)',
      'commit',
      "copy safe from program 'true'",
      "select set_config('transaction_read_only', 'off', false), (select lo_create(1))",
    ])
      await assert.rejects(ask(query), Error, query)
    assert.equal((await database.pool.query('select * from safe')).rowCount, 0)
  })

  test('that takes too long, or cannot be reached, says so without its password', async () => {
    const started = performance.now()
    await assert.rejects(ask('select pg_sleep(30)', { timeoutSeconds: 1 }), /statement timeout/)
    await assert.rejects(
      ask('select n, pg_sleep(0.4) from generate_series(1, 100000) n', { timeoutSeconds: 1 }),
      /timeout|longer than 1 seconds/,
    )
    assert.ok(performance.now() - started < 15_000)
    const port = 1
    const refused = { address: `postgres://reader:hush%20hush@127.0.0.1:${port}/x`, query: 'select 1' }
    await assert.rejects(
      asked(refused),
      (error: Error) => /ECONNREFUSED/.test(error.message) && !error.message.includes('hush'),
    )
    await assert.rejects(ask('select * from nowhere'), /relation "nowhere" does not exist/)
    await assert.rejects(ask('select 1 as n, 2 as N'), /two columns called n/)
  })

  test('that goes away in the middle fails the question', async () => {
    const query =
      'select n, repeat(md5(n::text), 30) as t, pg_sleep(0.0002) is null as s from generate_series(1, 200000) n'
    const asking = assert.rejects(ask(query), /terminat|closed|ended/i)
    for (let tries = 0; tries < 200; tries++) {
      const { rowCount } = await database.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'tessera' and query like '%repeat(md5%' and pid <> pg_backend_pid()`,
      )
      if (rowCount) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await asking
  })
})

test('somebody who takes the connection and says nothing does not hold a question for ever', async () => {
  const sockets: Socket[] = []
  const mute = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1')
  await new Promise((resolve) => mute.once('listening', resolve))
  const { port } = mute.address() as { port: number }
  for (const scheme of ['postgres', 'mysql']) {
    const address = `${scheme}://reader:hush@127.0.0.1:${port}/x`
    await assert.rejects(
      askDatabase({ address, query: 'select 1', since: null, timeoutSeconds: 1 }),
      (error: Error) => /timeout|longer|ETIMEDOUT/i.test(error.message) && !error.message.includes('hush'),
    )
  }
  for (const socket of sockets) socket.destroy()
  mute.close()
})

describe('a MariaDB', () => {
  let maria: TestMariadb
  before(async () => {
    maria = await testMariadb()
  })
  after(() => maria?.[Symbol.asyncDispose]())
  const ask = (query: string, over: Partial<DatabaseAsk> = {}) => asked({ address: maria.address, query, ...over })

  test('answers with its types', async () => {
    await maria.query(`create table shop.types (tiny tinyint unsigned, small smallint, mid mediumint, whole int unsigned, large bigint,
      huge bigint unsigned, exact decimal(30,3), f float, d double, flag bit(10), day date, moment datetime(6), stamp timestamp null,
      clock time, y year, t text, v varchar(20), c char(3), b varbinary(4), blob_ blob, e enum('a','b'), j json)`)
    await maria.query("set time_zone = '+02:00'")
    await maria.query(`insert into shop.types values (255, -3, 8388607, 4294967295, -9007199254740993, 18446744073709551615,
      123456789012345678.125, 1.5, 1e300, b'1000000001', '2026-03-29', '2026-03-29 02:30:00.123456', '2026-03-29 02:30:00', '100:00:00',
      2026, 'ünï 🛫', 'it''s', 'x', x'00ff', x'0a', 'b', '{"a":1}')`)
    await maria
      .query("insert into shop.types (day, moment, tiny) values (null, '0000-00-00 00:00:00', 0)")
      .catch(() => undefined)
    await maria.query("set sql_mode = ''")
    await maria.query("insert into shop.types (day, moment, tiny) values ('0000-00-00', '0000-00-00 00:00:00', 0)")
    const { types, rows, time } = await ask('select * from types order by tiny desc')
    assert.deepEqual(types, {
      tiny: 'UTINYINT', small: 'SMALLINT', mid: 'INTEGER', whole: 'UINTEGER', large: 'BIGINT', huge: 'UBIGINT', exact: 'DECIMAL(30,3)',
      f: 'FLOAT', d: 'DOUBLE', flag: 'UBIGINT', day: 'DATE', moment: 'TIMESTAMP', stamp: 'TIMESTAMP', clock: 'VARCHAR', y: 'USMALLINT',
      t: 'VARCHAR', v: 'VARCHAR', c: 'VARCHAR', b: 'VARCHAR', blob_: 'VARCHAR', e: 'VARCHAR', j: 'VARCHAR',
    }) // biome-ignore format: a table
    assert.deepEqual(rows[0], [
      '255', '-3', '8388607', '4294967295', '-9007199254740993', '18446744073709551615', '123456789012345678.125', '1.5', '1e+300',
      '513', '2026-03-29', '2026-03-29 02:30:00.123456', '2026-03-29 00:30:00', '100:00:00', '2026', 'ünï 🛫', "it's", 'x', '00ff',
      '0a', 'b', '{"a":1}',
    ]) // biome-ignore format: a row
    assert.ok(
      rows[1]?.slice(1).every((cell) => cell === null),
      'zero dates are none',
    )
    assert.ok(Math.abs(time.getTime() - Date.now()) < 60_000)
  })

  test('loses and changes no text, and no null', async () => {
    await maria.query('create table shop.texts (n integer, a text character set utf8mb4 collate utf8mb4_bin)')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text()), { minLength: 1, maxLength: 40 }), async (texts) => {
        await maria.query('truncate shop.texts')
        await maria.query('insert into shop.texts values ?', [texts.map((one, n) => [n, one])])
        assert.deepEqual(
          (await ask('select a from texts order by n')).rows,
          texts.map((one) => [one]),
        )
      }),
      { numRuns: 25 },
    )
  })

  test('gives rows of any number', async () => {
    assert.equal((await ask('select seq from seq_1_to_5001')).rows.length, 5001)
    assert.deepEqual((await ask('select 1 as n from dual where false')).rows, [])
  })

  test('is asked for rows at or above a watermark of any type', async () => {
    await maria.query('create table shop.w (id integer, t datetime(6), n bigint, s varchar(20))')
    await maria.query(`insert into shop.w values (1, '2026-01-01', 9007199254740992, 'a'), (2, '2026-01-02 00:00:00.000001', 9007199254740993, 'b''; --'),
      (3, '2026-01-03', 9007199254740994, 'c'), (4, null, null, null)`)
    for (const [column, value] of [
      ['t', '2026-01-02 00:00:00.000001'],
      ['n', '9007199254740993'],
      ['s', "b'; --"],
    ] as const) {
      const { rows } = await ask('select * from w', { since: { column, value } })
      assert.deepEqual(rows.map(([id]) => id).sort(), ['2', '3', '4'], column)
    }
  })

  test('can be made to change nothing, and to do one thing at a time', async () => {
    await maria.query('create table shop.safe (n integer)')
    await maria.query("grant all on shop.* to 'reader'@'127.0.0.1'")
    for (const query of [
      'insert into safe values (1)',
      'insert into safe values (1) returning n',
      'select 1; insert into safe values (1)',
      "load data local infile '/etc/passwd' into table safe",
      'commit',
    ])
      await assert.rejects(ask(query), Error, query)
    assert.deepEqual(await maria.query('select * from shop.safe'), [])
  })

  test('that takes too long, or lets nobody in, says so without the password', async () => {
    await assert.rejects(ask('select sleep(30)', { timeoutSeconds: 1 }), /max_statement_time|interrupted|longer/i)
    const address = maria.address.replace('hush%20hush', 'wrong%20word')
    await assert.rejects(
      asked({ address, query: 'select 1' }),
      (error: Error) => /Access denied for user 'reader'/.test(error.message) && !/wrong.?word/.test(error.message),
    )
    await assert.rejects(ask('select * from nowhere'), /nowhere' doesn't exist/)
  })
})

const text = () =>
  fc.oneof(
    fc.constantFrom(...awkward),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => one.replaceAll('\0', '')),
  )
