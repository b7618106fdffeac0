import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { actor } from '#src/access/caller.ts'
import type { Run } from '#src/runs/run.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { type Answer, runQuery } from '#src/warehouse/run-query.ts'
import { openRawQuestion, readRaw } from '#src/warehouse/stream-rows.ts'
import { testMariadb } from '#test/mariadb.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { me, openWorld, type World } from '#test/refresh-world.ts'
import { compileText } from '#test/small-model.ts'
import { rollBack } from './roll-back.ts'

let database: TestDatabase
let source: TestDatabase
before(async () => {
  database = await testDatabase()
  source = await testDatabase({ empty: true })
  await source.pool.query(
    'create table orders (id integer primary key, region text, amount numeric(12,2), at timestamptz, changed timestamptz)',
  )
})
after(async () => {
  await source.close()
  await database.close()
})

const yaml = (incremental = ', incremental: { watermark: changed, key: [id] }', query = 'select * from orders') => `
version: 1
name: orders
label: Orders
facts: orders
tables:
  - { name: orders, connection: shop, query: "${query}"${incremental} }
time: { column: at }
dimensions: [{ name: region, label: Region, expr: region }]
metrics:
  - { name: amount, label: Amount, agg: sum, expr: amount }
  - { name: orders, label: Orders, agg: count }
raw: { order_by: [id], fields: [{ name: id, label: Id, type: integer }, { name: region, label: Region }, { name: amount, label: Amount, type: number }] }
access: { query: public, raw: public }
`
const open = async (text = yaml(), connections: Record<string, string> = { shop: source.url }) =>
  openWorld(database, await compileText(text), { connections })

const rowsOf = async (world: World) => {
  const question = openRawQuestion(world.warehouse, me, { model: 'orders' })
  try {
    return await readRaw(world.warehouse, question, { limit: 10_000 })
  } finally {
    question.release()
  }
}
const sums = async (world: World) => {
  const warehouse = { ...world.warehouse, cache: makeResultCache<Answer>(0) }
  const ask = {
    model: 'orders',
    metrics: ['amount', 'orders'],
    dimensions: ['region'],
    series: true,
    unit: 'month' as const,
  }
  return (await runQuery(warehouse, me, ask)).rows
}
const insert = (id: number, region: string | null, amount: number, changed: string | null, at = '2026-01-15') =>
  source.pool.query(
    `insert into orders values ($1, $2, $3, $4, $5) on conflict (id) do update
     set region = excluded.region, amount = excluded.amount, at = excluded.at, changed = excluded.changed`,
    [id, region, amount, at, changed],
  )
const logOf = async (run: Run) =>
  (await database.db.selectFrom('run_log').select('text').where('run_id', '=', run.id).orderBy('line').execute())
    .map((line) => line.text)
    .join('\n')

test('a query of another database is read whole, with its types and its time', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10.5, '2026-01-01')
  await insert(2, null, 0.1, '2026-01-02')
  await using world = await open(yaml(''))
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded', run.error?.message)
  assert.deepEqual(await rowsOf(world), [
    ['1', 'north', '10.5'],
    ['2', null, '0.1'],
  ])
  const snapshot = world.live.snapshot('orders')
  assert.deepEqual(snapshot?.sources[0]?.columns, {
    id: 'INTEGER', region: 'VARCHAR', amount: 'DECIMAL(12,2)', at: 'TIMESTAMP WITH TIME ZONE', changed: 'TIMESTAMP WITH TIME ZONE',
  }) // biome-ignore format: a row
  assert.equal(snapshot?.sources[0]?.kind, 'query')
  assert.ok(Math.abs((snapshot?.sourceTime?.getTime() ?? 0) - Date.now()) < 60_000)
  const stored = JSON.stringify(await database.db.selectFrom('model_snapshots').selectAll().execute())
  assert.ok(!stored.includes('postgres://') && !(await logOf(run)).includes('postgres://'))
})

test('an incremental refresh asks for what changed and keeps the rest; what was deleted goes with a full one', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  await insert(2, 'south', 20, '2026-01-02')
  await insert(3, 'west', 30, null)
  await using world = await open()
  assert.equal((await world.refresh()).state, 'succeeded')
  assert.equal(world.live.snapshot('orders')?.refreshType, 'full', 'there was nothing to build upon')

  await insert(2, 'south', 25, '2026-01-02')
  await insert(4, 'east', 40, '2026-01-03')
  await source.pool.query('delete from orders where id = 1')
  const second = await world.refresh()
  assert.equal(second.state, 'succeeded', second.error?.message)
  assert.match(await logOf(second), /shop answered 3 rows for orders, those since 2026-01-02/)
  assert.equal(world.live.snapshot('orders')?.refreshType, 'incremental')
  assert.deepEqual([second.counts.added, second.counts.removed, second.counts.changed], [1, 0, 1])
  assert.deepEqual(
    (await rowsOf(world)).map(([id, , amount]) => `${id}:${amount}`),
    ['1:10.0', '2:25.0', '3:30.0', '4:40.0'],
  )

  const third = await world.refresh('full')
  assert.deepEqual([third.counts.added, third.counts.removed, third.counts.changed], [0, 1, 0])
  assert.equal(world.live.snapshot('orders')?.refreshType, 'full')
  assert.equal((await rowsOf(world)).length, 3)
})

test('after going back, an incremental refresh builds upon what is read', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  await using world = await open()
  await world.refresh()
  await insert(2, 'south', 20, '2026-01-05')
  await world.refresh()
  await world.change(actor(me), (change) => rollBack(world.needs, change, 'orders', {}))
  assert.equal((await rowsOf(world)).length, 1)
  const again = await world.refresh()
  assert.deepEqual([again.counts.added, again.counts.rows], [1, 2])
})

test('columns or a query that are not as they were are read whole', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  await using world = await open()
  await world.refresh()
  await source.pool.query('alter table orders add column note text')
  try {
    const run = await world.refresh()
    assert.equal(run.state, 'succeeded', run.error?.message)
    assert.match(await logOf(run), /columns of orders are not as they were, so all rows are read again/)
    assert.equal(run.counts.schema_changes, 1)
    assert.equal(world.live.snapshot('orders')?.refreshType, 'full')
  } finally {
    await source.pool.query('alter table orders drop column note')
  }
  await world.refresh()
  const other = await compileText(yaml(undefined, 'select * from orders where id > 0'))
  ;(world.needs.models as unknown[]).splice(0, 1, other)
  await world.refresh()
  assert.equal(world.live.snapshot('orders')?.refreshType, 'full', 'another query')
  await world.refresh()
  assert.equal(world.live.snapshot('orders')?.refreshType, 'incremental')
})

const changes = fc.array(
  fc.array(
    fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      region: fc.option(fc.constantFrom('north', 'south', 'it’s, "west"\n')),
      amount: fc.integer({ min: -100, max: 100_000 }).map((cents) => cents / 100),
      day: fc.integer({ min: 1, max: 28 }),
      // Several changes may carry the same moment, and clocks may stand still between refreshes.
      step: fc.integer({ min: 0, max: 1 }),
    }),
    { maxLength: 6 },
  ),
  { minLength: 2, maxLength: 4 },
)

test('refreshes that build upon each other end where one full refresh would', async () => {
  let clock = 0
  await fc.assert(
    fc.asyncProperty(changes, async (rounds) => {
      await source.pool.query('truncate orders')
      await insert(100, 'start', 1, '2026-01-01')
      await using world = await open()
      assert.equal((await world.refresh()).state, 'succeeded')
      for (const round of rounds) {
        for (const { id, region, amount, day, step } of round) {
          clock += step
          const changed = new Date(Date.UTC(2026, 1, 1) + clock).toISOString()
          await insert(id, region, amount, changed, `2026-03-${String(day).padStart(2, '0')}`)
        }
        const run = await world.refresh()
        assert.equal(run.state, 'succeeded', run.error?.message)
        assert.equal(world.live.snapshot('orders')?.refreshType, 'incremental')
      }
      const built = [await rowsOf(world), await sums(world)]
      const full = await world.refresh('full')
      assert.deepEqual([full.counts.added, full.counts.removed, full.counts.changed], [0, 0, 0])
      assert.deepEqual([await rowsOf(world), await sums(world)], built)
    }),
    { numRuns: 6 },
  )
})

test('a change that was committed late is found within the overlap', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01 10:00+00')
  await using world = await open(yaml(', incremental: { watermark: changed, key: [id], overlap: 10m }'))
  await world.refresh()
  await insert(2, 'south', 20, '2026-01-01 09:50+00')
  await insert(3, 'south', 30, '2026-01-01 09:49:59+00')
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded', run.error?.message)
  assert.match(await logOf(run), /those since 2026-01-01 09:50:00/)
  assert.deepEqual(
    (await rowsOf(world)).map(([id]) => id),
    ['1', '2'],
  )
})

test('now and then all rows are read again, as the model says', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  await insert(2, 'north', 10, '2026-01-02')
  let now = new Date('2026-02-01T00:00:00Z')
  const model = await compileText(`${yaml()}refresh: { full_every: 7d }\n`)
  await using world = await openWorld(database, model, { connections: { shop: source.url }, clock: { now: () => now } })
  const types: unknown[] = []
  for (const day of ['01', '04', '07', '08', '12', '15']) {
    now = new Date(`2026-02-${day}T00:00:00Z`)
    const run = await world.refresh()
    assert.equal(run.state, 'succeeded', run.error?.message)
    types.push(world.live.snapshot('orders')?.refreshType)
  }
  assert.deepEqual(types, ['full', 'incremental', 'incremental', 'full', 'incremental', 'full'])
})

test('a source that cannot be reached or asked fails the run with its reason; what was read stays', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  const connections: Record<string, string> = { shop: source.url }
  await using world = await open(yaml(''), connections)
  await world.refresh()
  const refused = async (address: string | null) => {
    if (address === null) delete connections.shop
    else connections.shop = address
    const run = await world.refresh()
    assert.equal(run.state, 'failed')
    assert.equal(run.error?.code, 'refresh-refused')
    assert.equal((await rowsOf(world)).length, 1)
    return run.error.message
  }
  const away = await refused('postgres://reader:hush%20hush@127.0.0.1:1/shop')
  assert.match(away, /The source orders did not answer: .*ECONNREFUSED/)
  assert.ok(!away.includes('hush'))
  assert.match(await refused('mysql://reader:hush@127.0.0.1:1/shop'), /did not answer: .*ECONNREFUSED/)
  assert.match(await refused(null), /There is no source called shop; write it into \[sources\]/)
  connections.shop = source.url
  await source.pool.query('alter table orders rename to gone')
  assert.match((await world.refresh()).error?.message ?? '', /relation "orders" does not exist/)
  await source.pool.query('alter table gone rename to orders')
  assert.equal((await world.refresh()).state, 'succeeded')
})

test('rows that their key does not tell apart refuse an incremental refresh', async () => {
  await source.pool.query('truncate orders')
  await insert(1, 'north', 10, '2026-01-01')
  await insert(2, 'north', 20, '2026-01-02')
  await using twice = await open(yaml(', incremental: { watermark: changed, key: [region] }'))
  assert.match((await twice.refresh()).error?.message ?? '', /several rows with region = north/)
  await source.pool.query('update orders set region = null where id = 1')
  assert.match((await twice.refresh()).error?.message ?? '', /key region of orders holds nulls/)
  await using none = await open(yaml(', incremental: { watermark: never, key: [id] }'))
  assert.match((await none.refresh()).error?.message ?? '', /never/)
})

test('a MariaDB is built upon as well', async () => {
  await using maria = await testMariadb()
  await maria.query(
    'create table shop.orders (id int unsigned primary key, region varchar(20), amount decimal(12,2), at datetime, changed datetime(6))',
  )
  await maria.query(`insert into shop.orders values (1, 'north', 10.50, '2026-01-15', '2026-01-01 00:00:00.000001'),
    (2, 'süd', 20, '2026-01-16', '2026-01-01 00:00:00.000002'), (3, null, 30, '2026-01-17', null)`)
  await using world = await open(yaml(), { shop: maria.address })
  const first = await world.refresh()
  assert.equal(first.state, 'succeeded', first.error?.message)
  await maria.query("update shop.orders set amount = 25, changed = '2026-01-02' where id = 2")
  await maria.query("insert into shop.orders values (4, 'ost', 40, '2026-01-18', '2026-01-02')")
  const second = await world.refresh()
  assert.match(await logOf(second), /shop answered 3 rows for orders, those since 2026-01-01 00:00:00.000002/)
  assert.deepEqual([second.counts.added, second.counts.removed, second.counts.changed], [1, 0, 1])
  const built = [await rowsOf(world), await sums(world)]
  assert.deepEqual(built[0], [
    ['1', 'north', '10.5'],
    ['2', 'süd', '25.0'],
    ['3', null, '30.0'],
    ['4', 'ost', '40.0'],
  ])
  assert.equal((await world.refresh('full')).state, 'succeeded')
  assert.deepEqual([await rowsOf(world), await sums(world)], built)
})
