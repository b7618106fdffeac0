import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { tableFromIPC } from 'apache-arrow'
import { Problem } from '#src/problem/problem.ts'
import { openSmallModel } from '#test/small-model.ts'
import type { Engine, RowFormat } from './engine.ts'

const yaml = `
version: 1
name: small
label: Small
facts: t
tables: [{ name: t, files: t.csv, header: true, delimiter: ",", columns: { day: DATE, n: BIGINT } }]
time: { column: day }
metrics: [{ name: rows, label: Rows, agg: count }]
access: { query: public, raw: public }
`
const files = { 't.csv': 'day,n\n2026-01-01,1\n2026-01-02,2\n' }
const open = (options: { timeoutMs?: number; memoryLimitBytes?: number } = {}) =>
  openSmallModel({ yaml, files, ...options })

const run = (engine: Engine, sql: string, params: readonly (string | number)[] = []) =>
  engine.query({ sql, params }, { maxRows: 10 })
const code = (wanted: string) => (error: unknown) => error instanceof Problem && error.code === wanted

const long = 'select count(*) as n from range(100000) a, range(100000) b where (a.range * b.range) % 7 = 3'

test('the engine opens nothing outside of the warehouse, whatever it is told', async () => {
  await using model = await open()
  const { engine, directory } = model
  const outside = path.join(directory, 'models', 't.csv')
  const attempts = [
    `select * from read_text('/etc/passwd')`,
    `select * from read_csv('${outside}')`,
    `select * from '${outside}'`,
    `select * from glob('/etc/*')`,
    `select * from read_parquet('https://example.org/x.parquet')`,
    `copy (select 1) to '${directory}/out.csv'`,
    `attach '${directory}/other.duckdb' as other`,
    `set enable_external_access = true`,
    `set memory_limit = '100GB'`,
    `install httpfs`,
    `create table "small@1".main.more as select 1`,
    `insert into "small@1".main.facts values (current_date)`,
    `select 1; select 2`,
    `select 1) to '${directory}/out.csv' --`,
  ]
  for (const sql of attempts) {
    await assert.rejects(run(engine, sql), Problem, sql)
    await assert.rejects(engine.stream({ sql, params: [] }, 'csv', {}), Problem, sql)
  }
  assert.deepEqual((await readdir(directory)).sort(), ['models', 'scratch', 'warehouse'])
})

test('what the engine says of a failure stays in the log', async () => {
  await using model = await open()
  const secret = `select secret_column from "small@1".main.facts`
  await assert.rejects(run(model.engine, secret), (error: unknown) => {
    assert.ok(error instanceof Problem)
    assert.doesNotMatch(JSON.stringify([error.message, error.details.detail, error.details.hint]), /secret|select/)
    return true
  })
})

test('a query that takes too long is stopped, and the engine goes on', async () => {
  await using model = await open()
  await assert.rejects(
    model.engine.query({ sql: long, params: [] }, { maxRows: 1, timeoutMs: 100 }),
    code('query-timed-out'),
  )
  assert.deepEqual((await run(model.engine, 'select 1 as one')).rows, [[1]])
})

test('a query ends when its caller leaves', async () => {
  await using model = await open()
  const leaving = new AbortController()
  const running = model.engine.query({ sql: long, params: [] }, { maxRows: 1, signal: leaving.signal })
  setTimeout(() => leaving.abort(), 50)
  await assert.rejects(running, code('query-cancelled'))
  await assert.rejects(model.engine.query({ sql: 'select 1', params: [] }, { maxRows: 1, signal: leaving.signal }))
})

test('an answer longer than promised is refused, not cut', async () => {
  await using model = await open()
  const refused = (await run(model.engine, 'select * from range(11)').catch((error: unknown) => error)) as Problem
  assert.equal(refused.code, 'query-too-large')
  assert.match(refused.details.hint ?? '', /POST \/v1\/exports/)
})

const rows = "select range as n, 'tä,xt \"' || range as t, range % 2 = 0 as even, range / 4 as quarter from range(5000)"

test('each format carries the same rows', async () => {
  await using model = await open()
  const { engine } = model
  const stream = (format: RowFormat) => engine.stream({ sql: rows, params: [] }, format, {})
  const expected = Array.from({ length: 5000 }, (_, i) => ({
    n: i,
    t: `tä,xt "${i}`,
    even: i % 2 === 0,
    quarter: i / 4,
  }))

  assert.deepEqual(JSON.parse(await text(await stream('json'))), expected)
  const lines = (await text(await stream('ndjson'))).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    expected,
  )
  const csv = (await text(await stream('csv'))).split('\n')
  assert.deepEqual([csv[0], csv[2], csv.length], ['n,t,even,quarter', '1,"tä,xt ""1",false,0.25', 5002])

  const arrow = tableFromIPC(await buffer(await stream('arrow')))
  assert.equal(arrow.numRows, 5000)
  assert.deepEqual(
    [...arrow].slice(0, 7).map((row) => ({ ...row.toJSON(), n: Number(row.n) })),
    expected.slice(0, 7),
  )

  const file = path.join(model.directory, 'out.parquet')
  await (await import('node:fs/promises')).writeFile(file, await buffer(await stream('parquet')))
  const other = await DuckDBInstance.create(':memory:')
  const connection = await other.connect()
  const read = await connection.runAndReadAll(`select count(*), min(t), sum(quarter) from '${file}'`)
  assert.deepEqual(read.getRows(), [[5000n, 'tä,xt "0', 3124375]])
  connection.disconnectSync()
  other.closeSync()
})

test('Arrow keeps nulls, types and the order of many rows', async () => {
  await using model = await open()
  const sql = `select range as n, case when range % 3 > 0 then 'é' || range end as t, case when range % 5 > 0 then range % 2 = 0 end as b,
    case when range % 7 > 0 then date '2026-01-01' + cast(range % 9 as integer) end as d,
    timestamp '2026-01-01 00:00:00.5' + interval (range) second as m, case when range % 2 = 0 then range / 4 end as q
    from (select * from range(300000) order by range)`
  const table = tableFromIPC(await buffer(await model.engine.stream({ sql, params: [] }, 'arrow', {})))
  assert.equal(table.numRows, 300_000)
  let i = 0
  for (const row of table) {
    const day = Date.UTC(2026, 0, 1) + (i % 9) * 86_400_000
    const wanted = [BigInt(i), i % 3 ? `é${i}` : null, i % 5 ? i % 2 === 0 : null, i % 7 ? day : null,
      Date.UTC(2026, 0, 1) + i * 1000 + 500, i % 2 ? null : i / 4] // biome-ignore format: by column
    if (i % 997 === 0)
      assert.deepEqual([row.n, row.t, row.b, row.d === null ? null : Number(row.d), Number(row.m), row.q], wanted)
    assert.equal(row.n, BigInt(i++))
  }
})

test('a query that fails half-way never answers with half its rows', async () => {
  await using model = await open()
  await assert.rejects(
    model.engine.query({ sql: failsLate, params: [] }, { maxRows: 5_000_000 }),
    (error: unknown) => error instanceof Problem,
  )
})

test('lines of text leave as they are, whatever is in them', async () => {
  await using model = await open()
  const sql = `select e'a"b,c\\r\\n[1]\\r' as line union all select e'\\x1eü'`
  assert.equal(await text(await model.engine.stream({ sql, params: [] }, 'text_lines', {})), 'a"b,c\r\n[1]\r\n\x1eü\n')
})

test('no rows at all are an answer in each format', async () => {
  await using model = await open()
  const stream = (format: RowFormat) =>
    model.engine.stream({ sql: 'select 1 as n where false', params: [] }, format, {})
  assert.deepEqual(JSON.parse(await text(await stream('json'))), [])
  assert.equal(await text(await stream('ndjson')), '')
  assert.equal(await text(await stream('csv')), 'n\n')
})

/** Fails late, when many rows are out already. */
const failsLate = "select case when range < 1000000 then range else error('boom') end as n from range(1100000)"

for (const format of ['ndjson', 'csv', 'parquet', 'arrow'] as const)
  test(`a stream that fails half-way never looks whole (${format})`, async () => {
    await using model = await open()
    await assert.rejects(
      async () => buffer(await model.engine.stream({ sql: failsLate, params: [] }, format, {})),
      (error: unknown) => error instanceof Problem && !/boom/.test(error.message),
    )
    await waitFor(async () => (await pipesOf(model.directory)).length === 0)
  })

test('what is wrong with a statement is said before the first byte', async () => {
  await using model = await open()
  await assert.rejects(
    model.engine.stream({ sql: "select error('boom') as n", params: [] }, 'csv', {}),
    code('query-failed'),
  )
  await assert.rejects(model.engine.stream({ sql: 'select nothing', params: [] }, 'csv', {}), code('query-failed'))
})

test('a reader who leaves stops the engine and gives back the place', async () => {
  await using model = await open()
  const endless = { sql: 'select range as n from range(100000000000)', params: [] }
  for (let i = 0; i < 5; i++) {
    const stream = await model.engine.stream(endless, i % 2 ? 'csv' : 'arrow', {})
    for await (const chunk of stream) {
      assert.ok(chunk.length > 0)
      break
    }
  }
  const leaving = new AbortController()
  const stream = await model.engine.stream(endless, 'ndjson', { signal: leaving.signal })
  leaving.abort()
  await assert.rejects(buffer(stream), code('query-cancelled'))
  await waitFor(async () => (await pipesOf(model.directory)).length === 0)
  assert.equal(await text(await model.engine.stream({ sql: 'select 1 as n', params: [] }, 'csv', {})), 'n\n1\n')
})

test('one who reads nothing, however often he asks, leaves others a way out', async () => {
  await using model = await open()
  const endless = { sql: 'select range as n from range(100000000000)', params: [] }
  const gone = new AbortController()
  const slow = { signal: gone.signal, asker: 'anonymous' }
  const first = await model.engine.stream(endless, 'csv', slow)
  const second = model.engine.stream(endless, 'csv', slow)
  const one = { sql: 'select 1 as n', params: [] }
  assert.equal(await text(await model.engine.stream(one, 'csv', { asker: 'ada' })), 'n\n1\n')
  gone.abort()
  await assert.rejects(second, code('query-cancelled'))
  await assert.rejects(buffer(first), code('query-cancelled'))
})

test('a reader who stands still is cut off', async () => {
  await using model = await open({ timeoutMs: 300 })
  const stream = await model.engine.stream({ sql: 'select range as n from range(100000000000)', params: [] }, 'csv', {})
  const ended = new Promise((resolve) => stream.once('error', resolve))
  await sleep(900)
  stream.resume()
  assert.ok(code('query-timed-out')(await ended))
})

test('a query beyond the memory budget spills or is refused, and the engine goes on', async () => {
  await using model = await open({ memoryLimitBytes: 64e6 })
  const sorted =
    'select n from (select range as n, hash(range) as h from range(4000000)) order by h limit 1 offset 3999999'
  assert.equal((await run(model.engine, sorted)).rows.length, 1)
  const greedy = 'select length(list(hash(range)::varchar)::varchar) as n from range(5000000)'
  await assert.rejects(run(model.engine, greedy), code('query-out-of-memory'))
  assert.deepEqual((await run(model.engine, 'select 1 as one')).rows, [[1]])
})

const pipesOf = (directory: string) => readdir(path.join(directory, 'warehouse', 'pipes', String(process.pid)))

async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return
    await sleep(10)
  }
  assert.fail('it never became true')
}
