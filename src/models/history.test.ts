import assert from 'node:assert/strict'
import { utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, mock, test } from 'node:test'
import { Command } from 'commander'
import { actor } from '#src/access/caller.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { type Answer, runQuery } from '#src/warehouse/run-query.ts'
import { openRawQuestion, streamRaw } from '#src/warehouse/stream-rows.ts'
import { silent, type TestDatabase, testDatabase } from '#test/postgres.ts'
import { me, openWorld, salesYaml, type World } from '#test/refresh-world.ts'
import { compileText } from '#test/small-model.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { modelCommands } from './commands.ts'
import { listSnapshots } from './list-snapshots.ts'
import { rollBack } from './roll-back.ts'
import { schemaChanges } from './schema-changes.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const keyed = salesYaml().replace('refresh: {', 'refresh: { key: [shop, n],').replace(', max_loss: 0.5', '')
const rows = ['2026-01-01,north,1', '2026-01-02,south,2', '2026-02-01,north,3']
const back = (world: World, ask: { version?: number; reason?: string } = {}) =>
  world.change(actor(me), (change) => rollBack(world.needs, change, 'sales', ask))
const count = async (world: World) =>
  (await runQuery(world.warehouse, me, { model: 'sales', metrics: ['rows'] })).rows[0]?.[0]

test('a refresh tells how many rows were added, removed and changed, by the key that the model names', async () => {
  await using world = await openWorld(database, await compileText(keyed))
  await world.write(rows)
  const first = await world.refresh()
  assert.equal(first.state, 'succeeded', first.error?.message)
  assert.equal(first.counts.added, undefined, 'there was nothing before')
  await world.write(['2026-01-01,north,1', '2026-01-05,south,2', '2026-02-01,west,4', '2026-02-01,west,5'])
  const second = await world.refresh()
  const { added, removed, changed, rows_before } = second.counts
  assert.deepEqual({ added, removed, changed, rows_before }, { added: 2, removed: 1, changed: 1, rows_before: 3 })
  const { snapshots, current } = await listSnapshots(world.needs, 'sales')
  assert.equal(current, 2)
  assert.deepEqual(
    snapshots.map(({ version, differences, rowsBefore }) => [version, differences, rowsBefore]),
    [
      [2, { added: 2, removed: 1, changed: 1 }, 3],
      [1, null, null],
    ],
  )
  await world.write(['2026-01-01,north,1', '2026-01-01,north,1'])
  assert.match((await world.refresh()).error?.message ?? '', /several rows with shop, n = north, 1/)
})

test('columns that came, went or changed are told on the run and kept with the snapshot', async () => {
  const free = salesYaml().replace(', delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT }', '')
  await using world = await openWorld(database, await compileText(free))
  const write = (lines: readonly string[]) =>
    writeFile(path.join(world.directory, 'data', 'sales.csv'), lines.join('\n'))
  await write(['day,shop,n,note', '2026-01-01,north,1,a', '2026-01-02,south,2,b'])
  const moment = new Date('2026-01-03T04:05:06Z')
  await utimes(path.join(world.directory, 'data', 'sales.csv'), moment, moment)
  assert.equal((await world.refresh()).counts.schema_changes, 0)
  assert.equal(world.live.snapshot('sales')?.sourceTime?.toISOString(), moment.toISOString())
  await write(['day,shop,n,price', '2026-01-01,north,1.5,2', '2026-01-02,south,2,3'])
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded', run.error?.message)
  assert.equal(run.counts.schema_changes, 3)
  assert.deepEqual(world.live.snapshot('sales')?.schemaChanges, [
    { table: 'sales', column: 'note', change: 'removed', from: 'VARCHAR', to: null },
    { table: 'sales', column: 'n', change: 'type_changed', from: 'BIGINT', to: 'DOUBLE' },
    { table: 'sales', column: 'price', change: 'added', from: null, to: 'BIGINT' },
  ])
  const lines = await database.db.selectFrom('run_log').select('text').where('run_id', '=', run.id).execute()
  const told = lines.map((line) => line.text)
  assert.ok(told.includes('sales has lost its column note (VARCHAR)'), told.join('\n'))
  assert.ok(told.includes('the column n of sales is DOUBLE now, it was BIGINT'))
})

test('a table that is new in the model file has no schema changes', () => {
  const columns = { a: 'INTEGER' }
  assert.deepEqual(schemaChanges([{ name: 'old', columns }], [{ name: 'new', columns }]), [])
})

test('one goes back to what was read before; the next refresh goes on from the sources', async () => {
  await using world = await openWorld(database, await compileText(keyed))
  await world.write(rows)
  await world.refresh()
  await world.write([...rows, '2026-03-01,west,4'])
  await world.refresh()
  assert.equal(await count(world), 4)
  const inFlight = openRawQuestion(world.warehouse, me, { model: 'sales' })

  const { snapshot, moved } = await back(world, { reason: 'wrong numbers' })
  assert.deepEqual([snapshot.version, moved], [1, true])
  assert.equal(await count(world), 3)
  const { stream } = await streamRaw(world.warehouse, inFlight, 'csv', { limit: null })
  assert.equal((await text(stream)).trimEnd().split('\n').length, 5, 'who was reading goes on with what they had')
  assert.deepEqual(world.notes.at(-1), {
    verb: 'model.rolled_back',
    subjectType: 'model',
    subjectId: 'sales',
    detail: { from: 2, to: 1, reason: 'wrong numbers' },
  })
  assert.equal((await back(world, { version: 1 })).moved, false)
  assert.equal((await back(world, { version: 2 })).moved, true, 'and forward again')
  assert.equal(await count(world), 4)
  await back(world)

  // What is read is kept, however old it is.
  await collectSnapshots({ ...world.needs, keep: 1, graceSeconds: 0 })
  assert.equal(await count(world), 3)
  await assert.rejects(back(world), { code: 'unknown-snapshot', message: /kept from before/ })
  await assert.rejects(back(world, { version: 9 }), { code: 'unknown-snapshot', message: /Snapshot 9 of sales/ })

  const run = await world.refresh()
  assert.deepEqual([run.counts.rows_before, run.counts.added], [3, 1], 'compared with what was read')
  assert.equal(world.live.snapshot('sales')?.version, 3, 'a number is never used twice')
})

test('readers see one generation each while snapshots are swapped, rolled back and collected', async () => {
  await using world = await openWorld(database)
  const generation = (g: number) =>
    world.write(Array.from({ length: 3000 }, (_, i) => `2026-01-0${1 + (i % 9)},s${i % 7},${g * 1_000_000 + i}`))
  await generation(1)
  await world.refresh()
  let reading = true
  let answers = 0
  const readers = Array.from({ length: 3 }, async () => {
    while (reading) {
      const cache = makeResultCache<Answer>(0)
      const asked = await runQuery({ ...world.warehouse, cache }, me, {
        model: 'sales',
        metrics: ['rows', 'generations'],
      })
      assert.deepEqual(asked.rows, [[3000, 1]])
      answers++
    }
  })
  for (let g = 2; g <= 4; g++) {
    await generation(g)
    assert.equal((await world.refresh()).state, 'succeeded')
    await back(world)
    await collectSnapshots({ ...world.needs, keep: 2, graceSeconds: 0 })
    await back(world, { version: g })
  }
  reading = false
  await Promise.all(readers)
  assert.ok(answers > 10, `${answers} answers`)
})

test('at the command line, snapshots are listed and gone back to', async () => {
  await using world = await openWorld(database, await compileText(keyed))
  await world.write(rows)
  await world.refresh()
  await world.write([...rows, '2026-03-01,west,4'])
  await world.refresh()
  const needs = { ...world.needs, change: world.change, actor: actor(me), log: silent, stillStands: async () => true }
  const command = async (...words: string[]) => {
    const program = new Command().exitOverride()
    modelCommands(
      program,
      (body) => body(needs),
      () => ({ modelsDirectory: world.directory, timeZone: 'UTC' }),
    )
    let said = ''
    const out = mock.method(process.stdout, 'write', (text: string) => {
      said += text
      return true
    })
    await program.parseAsync(['model', ...words], { from: 'user' }).finally(() => out.mock.restore())
    return said
  }
  assert.match(
    await command('snapshots', 'sales'),
    /^2 \(read now\): .*full, 4 rows, 1 added, 0 removed, 0 changed\n1: /,
  )
  assert.match(await command('rollback', 'sales', '--reason', 'wrong'), /^sales \(Sales\): snapshot 1 of/)
  assert.equal(await count(world), 3)
  const listed = JSON.parse(await command('snapshots', 'sales', '--json')) as { version: number; current: boolean }[]
  assert.deepEqual(
    listed.map(({ version, current }) => [version, current]),
    [
      [2, false],
      [1, true],
    ],
  )
  await assert.rejects(command('rollback', 'sales', '--to', 'x'), { code: 'unknown-snapshot' })
})

test('a snapshot that is being gone back to is not collected at the same moment', async () => {
  await using world = await openWorld(database)
  await world.write(rows)
  for (let refreshes = 0; refreshes < 3; refreshes++) await world.refresh()
  const collecting: Promise<void>[] = []
  await world.change(actor(me), async (change) => {
    await rollBack(world.needs, change, 'sales', { version: 1 })
    collecting.push(collectSnapshots({ ...world.needs, keep: 1, graceSeconds: 0 }))
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  await Promise.all(collecting)
  assert.equal(await count(world), 3)
  assert.equal(world.live.snapshot('sales')?.version, 1)
})

test('a column that the source drops refuses the refresh; one that the model drops is told to who asks for it', async () => {
  await using world = await openWorld(database)
  await world.write(rows)
  await world.refresh()
  const ask = { model: 'sales', metrics: ['rows'], dimensions: ['shop'] }
  const before = await runQuery(world.warehouse, me, ask)
  const file = path.join(world.directory, 'data', 'sales.csv')
  await writeFile(file, 'day,n\n2026-01-01,1\n2026-01-02,2\n')
  const run = await world.refresh()
  assert.equal(run.error?.code, 'refresh-refused')
  assert.match(run.error.message, /sales (has no column shop|cannot be read)/)
  assert.deepEqual(await runQuery(world.warehouse, me, ask), before)

  const without = salesYaml()
    .replace('dimensions: [{ name: shop, label: Shop, expr: shop }]', '')
    .replace('unique: [[shop, n]], ', '')
  await using later = await openWorld(database, await compileText(without))
  await later.write(rows)
  await later.refresh()
  await assert.rejects(runQuery(later.warehouse, me, ask), {
    code: 'query-invalid',
    message: 'There is no dimension shop.',
  })
})
