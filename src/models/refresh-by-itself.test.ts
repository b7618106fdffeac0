import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { actor, localCaller } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { listRuns } from '#src/runs/list-runs.ts'
import { performRun } from '#src/runs/perform-run.ts'
import { findSchedule } from '#src/runs/schedules/set-schedule.ts'
import { makeTicker } from '#src/runs/schedules/ticker.ts'
import { silent, type TestDatabase, testDatabase } from '#test/postgres.ts'
import { me, openWorld, salesYaml, type World } from '#test/refresh-world.ts'
import { compileText } from '#test/small-model.ts'
import { refreshModelRun } from './jobs.ts'
import { checkModels } from './load-models.ts'
import { planRefreshes, refreshWhenDue } from './plan-refreshes.ts'
import { refreshModel } from './refresh-model.ts'
import { requestRefresh } from './request-refresh.ts'
import { type ModelMail, sendStaleNotices } from './send-stale-notices.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('schedules').execute()
  await database.db.deleteFrom('model_notices').execute()
})

const withRefresh = (more: string, name = 'sales') =>
  salesYaml()
    .replace('name: sales\nlabel: Sales', `name: ${name}\nlabel: Sales`)
    .replace('refresh: {', `refresh: { ${more},`)
const rows = ['2026-01-01,north,1', '2026-01-02,south,2']
const key = { kind: refreshModelRun.name, subject: { type: 'model', id: 'sales' } }
const runsOf = (world: World, model: string) =>
  listRuns(world.needs, me, { kinds: [refreshModelRun.name], subjectType: 'model', subjectId: model, limit: 50 })

test('a model is refreshed when its schedule says, once for each planned time, and late ones are made up for', async () => {
  const model = await compileText(withRefresh('schedule: { frequency: daily, at: "06:30", time_zone: Europe/Zurich }'))
  await using world = await openWorld(database, model)
  await world.write(rows)
  let now = new Date('2026-03-27T12:00:00Z')
  const clock = { now: () => now }
  const { db, runs } = world.needs
  const plan = { db, changer: world.change, models: [model], runs, clock, log: silent }
  await planRefreshes(plan)
  await planRefreshes(plan)
  const ticker = makeTicker({ db, changer: world.change, log: silent, clock })
  refreshWhenDue(plan, ticker)
  await ticker.tick()
  assert.equal((await runsOf(world, 'sales')).length, 0)
  const due = async (moment: string) => {
    now = new Date(moment)
    await ticker.tick()
    await ticker.tick()
    const [run] = await runsOf(world, 'sales')
    assert.ok(run)
    await world.perform(run)
    return run
  }
  const first = await due('2026-03-28T05:30:02Z')
  assert.deepEqual([first.trigger.type, first.scheduledFor?.toISOString()], ['schedule', '2026-03-28T05:30:00.000Z'])
  assert.match(first.trigger.cause ?? '', /planned for 2026-03-28 06:30/)
  // The clocks go forward in the night; and then nothing ran for two days.
  const later = await due('2026-03-31T09:00:00Z')
  assert.equal(later.scheduledFor?.toISOString(), '2026-03-31T04:30:00.000Z')
  assert.match(later.trigger.cause ?? '', /caught up late/)
  assert.equal((await runsOf(world, 'sales')).length, 2)
  assert.equal((await findSchedule(db, key))?.nextAt?.toISOString(), '2026-04-01T04:30:00.000Z')

  await planRefreshes({ ...plan, models: [await compileText(salesYaml())] })
  assert.equal(await findSchedule(db, key), null, 'what the file says no more is forgotten')
})

test('a schedule that cannot be kept keeps no other from being kept', async () => {
  const odd = await compileText(withRefresh('schedule: { cron: "0 6 * * *", holidays: nowhere }', 'odd'))
  const model = await compileText(withRefresh('schedule: { cron: "0 6 * * *" }'))
  await using world = await openWorld(database, [odd, model])
  const { db, runs, clock } = world.needs
  const warned: string[] = []
  const log = { ...silent, warn: (...words: unknown[]) => void warned.push(JSON.stringify(words)) }
  await planRefreshes({ db, changer: world.change, models: [odd, model], runs, clock, log })
  assert.ok(await findSchedule(db, key))
  assert.equal(warned.length, 1)
  assert.match(warned[0] ?? '', /odd/)
})

test('a model that comes after another is refreshed whenever that one was, and only then', async () => {
  const sales = await compileText(salesYaml())
  const follower = await compileText(withRefresh('after: [sales]', 'follower'))
  await using world = await openWorld(database, [sales, follower])
  await world.write(['2026-01-01,north,1'])
  assert.equal((await world.refresh()).state, 'failed')
  assert.equal((await runsOf(world, 'follower')).length, 0)

  await world.write(rows)
  const run = await world.refresh()
  assert.equal(run.state, 'succeeded')
  const [following] = await runsOf(world, 'follower')
  assert.deepEqual(
    [following?.state, following?.trigger.type, following?.trigger.cause],
    ['queued', 'dependency', `after sales (run ${run.id})`],
  )
  await world.refresh()
  assert.equal((await runsOf(world, 'follower')).length, 1, 'the one that waits will read this as well')
  // One at work may have read what was there before.
  await database.db
    .updateTable('runs')
    .set({ state: 'running', attempt: 1, started_at: new Date(), lease_until: new Date(Date.now() + 60_000) })
    .where('id', '=', following!.id)
    .execute()
  await world.refresh()
  assert.equal((await runsOf(world, 'follower')).length, 2)
})

test('who may refresh one model may thereby bring on those that come after it', async () => {
  const sales = await compileText(salesYaml())
  const follower = await compileText(withRefresh('after: [sales]', 'follower'))
  await using world = await openWorld(database, [sales, follower])
  await world.write(rows)
  const token = { ...localCaller('system', 'app'), tokenId: 'narrow' }
  const modelNames = ['sales', 'follower']
  const { run } = await world.change(actor(token), (change) =>
    requestRefresh({ runs: world.needs.runs, modelNames }, change, 'sales'),
  )
  const needs = { db: database.db, changer: world.change, queue: null, log: silent }
  const stillStands = async (_token: string, _permission: string, model: string) => model === 'sales'
  await performRun({ ...needs, stillStands }, refreshModelRun, refreshModel(world.needs), run.id)
  const [following] = await runsOf(world, 'follower')
  assert.equal(following?.trigger.tokenId, null)
  await performRun({ ...needs, stillStands }, refreshModelRun, refreshModel(world.needs), following!.id)
  assert.equal((await runsOf(world, 'follower'))[0]?.state, 'succeeded')
})

test('whoever is to know is told that data have grown too old: once, and again only after they were fresh', async () => {
  const model = await compileText(withRefresh('notify: [ops@example.org, lead@example.org]'))
  await using world = await openWorld(database, model)
  await world.write(rows)
  await world.refresh()
  const mails: ModelMail[] = []
  let now = new Date()
  const later = (hours: number) => {
    now = new Date(Date.now() + hours * 3_600_000)
  }
  const notices = (models = [model]) =>
    world.change(actor(me), (change: Change) =>
      sendStaleNotices(
        {
          models,
          clock: { now: () => now },
          site: { address: 'https://data.example.org' },
          timeZone: 'UTC',
          queueMail: async (_tx, mail) => void mails.push(mail),
        },
        change,
      ),
    )
  assert.deepEqual(await notices(), [])
  later(1.1)
  assert.deepEqual(await Promise.all([notices(), notices(), notices()]).then((told) => told.flat()), ['sales'])
  assert.deepEqual(
    mails.map(({ to }) => to),
    ['ops@example.org', 'lead@example.org'],
  )
  assert.match(mails[0]?.subject ?? '', /“Sales” are older than promised/)
  assert.match(mails[0]?.text ?? '', /no older than 1 hour.*https:\/\/data\.example\.org\/models\/sales/s)
  later(30)
  assert.deepEqual(await notices(), [], 'nobody is told twice')
  await world.refresh()
  now = new Date()
  assert.deepEqual(await notices(), [])
  later(2)
  assert.deepEqual(await notices(), ['sales'], 'a promise that is broken again')
  assert.equal(world.notes.filter((note) => note.verb === 'model.stale_noticed').length, 2)

  // Where the file names nobody, administrators who have an address are told.
  await database.db.deleteFrom('model_notices').execute()
  mails.length = 0
  await database.db
    .insertInto('accounts')
    .values([
      { user_name: 'root', display_name: 'Root', kind: 'person', role: 'admin', email: 'root@example.org' },
      { user_name: 'mute', display_name: 'Mute', kind: 'person', role: 'admin' },
      { user_name: 'vera', display_name: 'Vera', kind: 'person', role: 'viewer', email: 'vera@example.org' },
    ])
    .execute()
  await notices([await compileText(salesYaml())])
  assert.deepEqual(
    mails.map(({ to }) => to),
    ['root@example.org'],
  )
})

const mistakes: Record<string, { files: Record<string, string>; says: RegExp }> = {
  'a schedule without sense': {
    files: { sales: withRefresh('schedule: { frequency: weekly, at: "06:00" }') },
    says: /^sales.yml:\d+: weekdays is missing; "weekly" needs it/,
  },
  'a schedule of no frequency': {
    files: { sales: withRefresh('schedule: { at: "06:00" }') },
    says: /frequency is missing; add it/,
  },
  'a bad cron': { files: { sales: withRefresh('schedule: { cron: "61 * * * *" }') }, says: /sales.yml:\d+: cron / },
  'a zone that is not there': {
    files: { sales: withRefresh('schedule: { cron: "0 6 * * *", time_zone: Mars/Base }') },
    says: /time_zone.*is not a time zone/,
  },
  'a model before it that is not there': { files: { sales: withRefresh('after: [shops]') }, says: /there is no model shops; models are sales/ },
  'a circle': {
    files: { sales: withRefresh('after: [b]'), b: withRefresh('after: [c]', 'b'), c: withRefresh('after: [sales]', 'c') },
    says: /sales.yml:\d+: models would be refreshed after each other for ever: sales, b, c/,
  },
  'itself before it': { files: { sales: withRefresh('after: [sales]') }, says: /cannot be refreshed after itself/ },
  'nobody to tell of nothing': {
    files: { sales: withRefresh('notify: [a@example.org]').replace(', fresh_within: 1h', '') },
    says: /nothing to tell without fresh_within/,
  },
  'a source that is not there': {
    files: { sales: salesYaml().replace('files: "data:sales*.csv", header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT }', 'connection: crm, query: select 1') },
    says: /crm is no name in \[sources\] of the settings; there are shop/,
  },
  'a model to read that is not there': {
    files: { sales: salesYaml().replace('files: "data:sales*.csv", header: true, delimiter: ",", columns: { day: DATE, shop: VARCHAR, n: BIGINT }', 'model: nowhere') },
    says: /there is no model nowhere/,
  },
  'incremental without a way': { files: { sales: withRefresh('mode: incremental') }, says: /no table says how; add incremental/ },
} // biome-ignore format: a table
for (const [name, { files, says }] of Object.entries(mistakes))
  test(`a mistake is told with file, line and remedy: ${name}`, async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'tessera-models-'))
    try {
      for (const [file, text] of Object.entries(files)) await writeFile(path.join(directory, `${file}.yml`), text)
      const { faults } = await checkModels(directory, { timeZone: 'UTC', connections: ['shop'] })
      const told = faults.map(({ file, line, message }) => `${file}:${line}: ${message}`)
      assert.ok(
        told.some((fault) => says.test(fault)),
        told.join('\n') || 'no fault was found',
      )
    } finally {
      await rm(directory, { recursive: true })
    }
  })
