import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm, symlink, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, mock, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Command } from 'commander'
import { sql } from 'kysely'
import { actor } from '#src/access/caller.ts'
import type { Changer } from '#src/database/change.ts'
import { getRun } from '#src/runs/get-run.ts'
import { performRun } from '#src/runs/perform-run.ts'
import { makeResultCache } from '#src/warehouse/result-cache.ts'
import { type Answer, runQuery } from '#src/warehouse/run-query.ts'
import { snapshotDirectory } from '#src/warehouse/snapshot-directory.ts'
import { openRawQuestion, streamRaw } from '#src/warehouse/stream-rows.ts'
import { silent, type TestDatabase, testDatabase } from '#test/postgres.ts'
import { me, openWorld as openSharedWorld, salesYaml, type World } from '#test/refresh-world.ts'
import { compileText } from '#test/small-model.ts'
import { collectSnapshots } from './collect-snapshots.ts'
import { modelCommands } from './commands.ts'
import type { CompiledModel } from './compile-model.ts'
import { refreshModelRun } from './jobs.ts'
import { openLiveModels } from './live-models.ts'
import { refreshModel } from './refresh-model.ts'
import { showModel } from './show-model.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())
const openWorld = (model?: CompiledModel) => openSharedWorld(database, model)

const three = ['2026-01-01,north,1', '2026-01-02,south,2', '2026-02-01,north,3']
const rowsOf = async (world: World) =>
  (await runQuery(world.warehouse, me, { model: 'sales', metrics: ['rows'] })).rows[0]?.[0]

test('a refresh puts new data in place of the old, which readers in flight keep', async () => {
  await using world = await openWorld()
  await world.write(three)
  await assert.rejects(rowsOf(world), { code: 'model-not-ready' })
  const first = await world.refresh()
  assert.equal(first.state, 'succeeded')
  assert.deepEqual([first.counts.rows, first.counts.rows_before], [3, 0])
  assert.equal(await rowsOf(world), 3)

  const inFlight = openRawQuestion(world.warehouse, me, { model: 'sales' })
  await world.write([...three, '2026-02-02,west,4'])
  const second = await world.refresh()
  assert.deepEqual([second.counts.rows, second.counts.rows_before], [4, 3])
  assert.equal(await rowsOf(world), 4)
  const { stream } = await streamRaw(world.warehouse, inFlight, 'csv', { limit: null })
  assert.equal(await text(stream), 'n\n1\n2\n3\n')

  assert.deepEqual(world.notes.map((note) => note.verb), [
    'model.refresh_requested', 'model.refreshed', 'model.refresh_requested', 'model.refreshed',
  ]) // biome-ignore format: a list
  assert.deepEqual(world.notes[3]?.detail?.version, 2)
  const { freshness } = showModel({ ...world.needs, live: world.live }, me, 'sales')
  assert.deepEqual(
    [freshness?.version, freshness?.rows, freshness?.stale, freshness?.last_day],
    [2, 4, false, '2026-02-02'],
  )
})

const refused: Record<string, { lines: readonly string[]; says: RegExp }> = {
  'too few rows': { lines: ['2026-01-01,north,1'], says: /min_rows/ },
  'too great a loss': { lines: ['2026-01-01,north,1', '2026-01-01,north,2'], says: /max_loss/ },
  'a key twice': { lines: [...three, '2026-03-01,north,3'], says: /several rows with shop, n = north, 3/ },
  'a null where none may be': { lines: [...three, ',west,4'], says: /holds nulls/ },
  'a cell of another type': { lines: [...three, '2026-01-01,west,many'], says: /cannot be read/ },
}
test('data that a guard refuses never replace good ones, and the run says why', async () => {
  await using world = await openWorld()
  await world.write([...three, '2026-02-02,west,4', '2026-02-03,west,5'])
  assert.equal((await world.refresh()).state, 'succeeded')
  const files = await world.files()
  for (const [name, { lines, says }] of Object.entries(refused)) {
    await world.write(lines)
    const run = await world.refresh()
    assert.equal(run.state, 'failed', name)
    assert.equal(run.error?.code, 'refresh-refused', name)
    assert.match(run.error.message, says)
    assert.equal(await rowsOf(world), 5)
  }
  await writeFile(path.join(world.directory, 'data', 'sales.csv'), 'day,shop\n2026-01-01,north\n')
  assert.match((await world.refresh()).error?.message ?? '', /no column n|cannot be read/)
  await rm(path.join(world.directory, 'data', 'sales.csv'))
  assert.match((await world.refresh()).error?.message ?? '', /there is no such file/)
  assert.deepEqual(await world.files(), files)
  assert.equal(world.needs.building.size, 0)
})

test('sources outside of their directories are out of reach', async () => {
  for (const files of [
    'data:../secret.csv',
    'data:link.csv',
    '../../etc/passwd',
    '/etc/passwd',
    'package:../x/y.csv',
  ]) {
    await using world = await openWorld(
      await compileText(salesYaml().replace('data:sales*.csv', files).replace('files:', 'format: csv, files:')),
    )
    await writeFile(path.join(world.directory, 'secret.csv'), ['day,shop,n', ...three].join('\n'))
    await symlink(path.join(world.directory, 'secret.csv'), path.join(world.directory, 'data', 'link.csv'))
    const run = await world.refresh()
    assert.equal(run.state, 'failed', files)
    assert.match(run.error?.message ?? '', /outside|no such file|not installed/, files)
  }
})

test('who asks for a refresh while one is open joins it', async () => {
  await using world = await openWorld()
  await world.write(three)
  const [a, b] = await Promise.all([world.request(), world.request()])
  assert.equal(a.run.id, b.run.id)
  assert.deepEqual([a.joined, b.joined].sort(), [false, true])
  assert.equal((await world.perform(a.run)).state, 'succeeded')
  const next = await world.request()
  assert.equal(next.joined, false)
  assert.equal(world.notes.filter((note) => note.verb === 'model.refresh_requested').length, 2)
})

test('a refresh that is cancelled or killed leaves nothing, and the next one works', async () => {
  await using world = await openWorld()
  await world.write(three)
  await world.refresh()
  const files = await world.files()
  await world.write(Array.from({ length: 300_000 }, (_, i) => `2026-01-01,shop ${i % 50},${i}`))
  const { run } = await world.request()
  const closing = new AbortController()
  const performing = world.perform(run, closing.signal)
  await waitFor(async () => (await world.files()).some((name) => name.endsWith('.building')))
  closing.abort()
  await performing
  assert.equal(await rowsOf(world), 3)
  assert.deepEqual(await world.files(), files)
  const again = await world.perform(run)
  assert.equal(again.state, 'succeeded')
  assert.equal(await rowsOf(world), 300_000)
})

test('another process learns of a new snapshot within a second', async () => {
  await using world = await openWorld()
  const { db } = database
  const { models, warehouseDirectory } = world.needs
  // A second set of readers on the same files, as a second process has.
  const other = await openLiveModels({ db, engine: world.engine, models, warehouseDirectory, log: silent, pollMs: 100 })
  await world.live.close()
  await world.write(three)
  const silentNeeds = { ...world.needs, live: null }
  const { run } = await world.request()
  const performing = { db, changer: world.change, queue: null, log: silent, stillStands: async () => true }
  await performRun(performing, refreshModelRun, refreshModel(silentNeeds), run.id)
  await waitFor(async () => other.snapshot('sales')?.version === 1, 1000)
  await other.close()
})

test('readers under load see one generation each while snapshots are swapped, and none fails', async () => {
  await using world = await openWorld()
  const generation = (g: number) =>
    world.write(Array.from({ length: 5000 }, (_, i) => `2026-01-0${1 + (i % 9)},s${i % 7},${g * 1_000_000 + i}`))
  await generation(1)
  await world.refresh()
  let reading = true
  let answers = 0
  const seen = new Set<number>()
  const readers = Array.from({ length: 4 }, async (_, reader) => {
    while (reading) {
      if (reader % 2) {
        const cache = makeResultCache<Answer>(0)
        const answer = await runQuery({ ...world.warehouse, cache }, me, {
          model: 'sales',
          metrics: ['rows', 'generations'],
        })
        assert.deepEqual(answer.rows, [[5000, 1]])
      } else {
        const question = openRawQuestion(world.warehouse, me, { model: 'sales' })
        const { stream } = await streamRaw(world.warehouse, question, 'csv', { limit: null })
        const numbers = (await text(stream))
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((n) => Math.floor(Number(n) / 1_000_000))
        assert.equal(numbers.length, 5000)
        assert.equal(new Set(numbers).size, 1)
        seen.add(numbers[0]!)
      }
      answers++
    }
  })
  for (let g = 2; g <= 5; g++) {
    await generation(g)
    assert.equal((await world.refresh()).state, 'succeeded')
    await collectSnapshots({ ...world.needs, keep: 1, graceSeconds: 0 })
  }
  reading = false
  await Promise.all(readers)
  assert.ok(answers > 8 && seen.size > 1, `${answers} answers, generations ${[...seen]}`)
  assert.equal((await world.files()).length, 1)
})

test('leftovers of crashed refreshes are collected; what counts or is in work stays', async () => {
  await using world = await openWorld()
  await world.write(three)
  await world.refresh()
  await world.refresh()
  await world.refresh()
  const snapshots = snapshotDirectory(world.needs.warehouseDirectory)
  const { stdout } = await promisify(execFile)('sh', ['-c', 'echo $$'])
  const dead = Number(stdout)
  const put = (name: string) => writeFile(path.join(snapshots, name), 'x')
  await put(`sales-${dead}-0123456789ab.building`)
  await put(`sales-${dead}-0123456789ab.building.wal`)
  await put(`sales-${dead}-1123456789ab.duckdb`)
  await put(`sales-${process.ppid}-2123456789ab.building`)
  await put(`sales-${process.pid}-3123456789ab.building`)
  await put(`sales-${process.ppid}-4123456789ab.duckdb`)
  await utimes(path.join(snapshots, `sales-${process.ppid}-4123456789ab.duckdb`), 1, 1)
  world.needs.building.add(`sales-${process.pid}-3123456789ab`)
  await collectSnapshots({ ...world.needs, graceSeconds: 0 })
  const left = await world.files()
  const kept = (await database.db.selectFrom('model_snapshots').select('file').execute()).map((row) => row.file)
  assert.equal(kept.length, 2)
  const inWork = [`sales-${process.ppid}-2123456789ab.building`, `sales-${process.pid}-3123456789ab.building`]
  assert.deepEqual(left, [...kept, ...inWork].sort())
  assert.equal(await rowsOf(world), 3)
})

test('snapshots of a model that is refreshed all the time do not pile up', async () => {
  await using world = await openWorld()
  await world.write(three)
  for (let refreshes = 0; refreshes < 4; refreshes++) await world.refresh()
  // All but the last were replaced two minutes ago; the pointer moved just now.
  await database.db
    .updateTable('model_snapshots')
    .set({ finished_at: new Date(Date.now() - 120_000) })
    .where('version', '<', 4)
    .execute()
  await collectSnapshots(world.needs)
  assert.equal((await world.files()).length, 2)
  assert.equal(await rowsOf(world), 3)
})

test('a refresh whose end cannot be committed leaves its file to be collected later', async () => {
  await using world = await openWorld()
  await world.write(three)
  const { run } = await world.request()
  const change: Changer = () => Promise.reject(new Error('the database is away'))
  const performing = { db: database.db, changer: change, queue: null, log: silent, stillStands: async () => true }
  await assert.rejects(performRun(performing, refreshModelRun, refreshModel(world.needs), run.id))
  const [left] = await world.files()
  const file = path.join(snapshotDirectory(world.needs.warehouseDirectory), String(left))
  await collectSnapshots(world.needs)
  assert.equal((await world.files()).length, 1, 'it may be about to commit')
  await utimes(file, 1, 1)
  await collectSnapshots(world.needs)
  assert.deepEqual(await world.files(), [])
})

test('the command line takes up a refresh whose worker died, without any server', async () => {
  await using world = await openWorld()
  await world.write(three)
  const { run } = await world.request()
  await sql`update runs set state = 'running', attempt = 1, lease_until = now() + interval '700 milliseconds'`.execute(
    database.db,
  )
  const program = new Command()
  const needs = { ...world.needs, change: world.change, actor: actor(me), log: silent, stillStands: async () => true }
  modelCommands(
    program,
    (body) => body(needs),
    () => ({ modelsDirectory: world.directory, timeZone: 'UTC' }),
  )
  const said: string[] = []
  const [out, err] = [process.stdout, process.stderr].map((stream) =>
    mock.method(stream, 'write', (text: string) => said.push(text)),
  )
  await program.parseAsync(['model', 'refresh', 'sales'], { from: 'user' }).finally(() => {
    out?.mock.restore()
    err?.mock.restore()
  })
  const ended = await getRun(world.needs, me, run.id)
  assert.deepEqual([ended.state, ended.attempt], ['succeeded', 2])
})

test('a model file that changed is told as outdated; who may read takes effect at once', async () => {
  await using world = await openWorld()
  await world.write(three)
  await world.refresh()
  const changed = await compileText(
    salesYaml().replace('label: Rows', 'label: Lines').replace('query: public', 'query: admin'),
  )
  const { db } = database
  const { warehouseDirectory } = world.needs
  await world.live.close()
  await world.engine.detach('sales@1')
  const live = await openLiveModels({ db, engine: world.engine, models: [changed], warehouseDirectory, log: silent })
  const shown = showModel({ models: [changed], live, clock: world.needs.clock }, me, 'sales')
  assert.equal(shown.freshness?.outdated, true)
  assert.equal(shown.metrics[0]?.label, 'Rows')
  const viewer = { ...me, role: 'viewer' as const }
  await assert.rejects(runQuery({ ...world.warehouse, shelf: live }, viewer, { model: 'sales', metrics: ['rows'] }), {
    code: 'data-forbidden',
  })
  await live.close()
})

async function waitFor(condition: () => Promise<boolean>, ms = 10_000): Promise<void> {
  const until = Date.now() + ms
  while (Date.now() < until) {
    if (await condition()) return
    await sleep(10)
  }
  assert.fail('it never became true')
}
