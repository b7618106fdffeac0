import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { z } from 'zod'
import { type AuditNote, actor, localCaller } from '#src/access/caller.ts'
import { type Change, makeChanger } from '#src/database/change.ts'
import type { Log } from '#src/database/log.ts'
import { openQueue } from '#src/queue/queue.ts'
import type { Schedule } from '#src/schedule/shape.ts'
import { silent, testDatabase } from '#test/postgres.ts'
import { createRun } from '../create-run.ts'
import { listRuns } from '../list-runs.ts'
import { runKind } from '../run.ts'
import { describeSchedules } from './describe-schedules.ts'
import { scheduleState } from './kept-schedule.ts'
import { deleteHolidayCalendar, putHolidayCalendar } from './put-holiday-calendar.ts'
import { findSchedule, listSchedules, removeSchedule, setSchedule } from './set-schedule.ts'
import { type Due, makeTicker } from './ticker.ts'

const system = localCaller('system', 'tessera')
const daily: Schedule = { frequency: 'daily', at: '08:00', time_zone: 'Europe/Berlin', catch_up: 'once' }
const hourly: Schedule = { frequency: 'hourly', at: '00:00', time_zone: 'UTC', catch_up: 'once' }
const owner = { accountId: 'a-1', accountName: 'ada' }

async function clockwork(t: TestContext, begins = '2027-01-04T06:00:00Z') {
  const database = await testDatabase()
  t.after(() => database.close())
  const { db, connection } = database
  const notes: AuditNote[] = []
  const changer = makeChanger(db, async (_tx, _actor, added) => void notes.push(...added))
  let now = new Date(begins)
  const clock = { now: () => now }
  const needs = { db, changer, clock, log: silent as Log }
  const change = <T>(body: (change: Change) => Promise<T>) => changer(actor(system), body)
  const dues: Due[] = []
  const ticker = makeTicker(needs)
  ticker.onDue('ring', async (_change, due) => void dues.push(due))
  const key = (id: string) => ({ kind: 'ring', subject: { type: 'bell', id } })
  return {
    connection,
    needs,
    ticker,
    change,
    notes,
    key,
    /** What has rung since the last time that this was asked. */
    rung: () => dues.splice(0).map(({ subject, scheduledFor }) => `${subject.id} ${scheduledFor.toISOString()}`),
    dues,
    set: (id: string, schedule: Schedule, paused = false) =>
      change((change) => setSchedule(needs, change, { ...key(id), schedule, owner, paused })),
    find: (id: string) => findSchedule(db, key(id)),
    /** Sets the clock, and looks. */
    async at(moment: string) {
      now = new Date(moment)
      await ticker.tick()
    },
    setClock(moment: string) {
      now = new Date(moment)
    },
  }
}

test('each planned time is taken once, and the next is counted from it and not from when it was taken', async (t) => {
  const { set, at, rung, find } = await clockwork(t)
  const { nextAt } = await set('a', daily)
  assert.equal(nextAt?.toISOString(), '2027-01-04T07:00:00.000Z')
  await at('2027-01-04T06:59:59Z')
  assert.deepEqual(rung(), [])
  await at('2027-01-04T07:00:01.700Z')
  await at('2027-01-04T07:00:03Z')
  assert.deepEqual(rung(), ['a 2027-01-04T07:00:00.000Z'])
  assert.equal((await find('a'))?.nextAt?.toISOString(), '2027-01-05T07:00:00.000Z')
  await at('2027-01-05T07:00:00Z')
  assert.deepEqual(rung(), ['a 2027-01-05T07:00:00.000Z'])
})

test('to set a schedule again as it is, as every start of a server does, changes nothing', async (t) => {
  const { set, at, rung, setClock } = await clockwork(t)
  await set('a', daily)
  await set('a', { ...daily, every: undefined })
  await at('2027-01-04T07:00:01Z')
  await set('a', daily)
  await at('2027-01-04T07:00:02Z')
  assert.deepEqual(rung(), ['a 2027-01-04T07:00:00.000Z'])

  setClock('2027-01-05T09:00:00Z')
  await set('a', daily)
  await at('2027-01-05T09:00:01Z')
  assert.deepEqual(rung(), ['a 2027-01-05T07:00:00.000Z'], 'what was due while nothing ran is still due')

  setClock('2027-01-06T09:00:00Z')
  await set('a', { ...daily, at: '10:00' })
  await at('2027-01-06T09:00:01Z')
  assert.deepEqual(rung(), ['a 2027-01-06T09:00:00.000Z'], 'and by a schedule that came between, the latest of it')
})

test('times that were missed are made up for together, and the cause says so', async (t) => {
  const { set, at, dues } = await clockwork(t)
  await set('a', daily)
  await at('2027-01-08T09:30:00Z')
  const [due, ...more] = dues
  assert.equal(more.length, 0)
  assert.equal(due?.scheduledFor.toISOString(), '2027-01-08T07:00:00.000Z')
  assert.equal(due?.late, true)
  assert.equal(
    due?.cause,
    'Every day at 08:00 (Europe/Berlin); planned for 2027-01-08 08:00; caught up late, because nothing ran at the time; makes up for 4 times missed before as well',
  )
})

test('times that were missed are let pass where the schedule says so, and the next that is taken tells of them', async (t) => {
  const { set, at, dues, rung, find } = await clockwork(t)
  await set('a', { ...daily, catch_up: 'skip' })
  await at('2027-01-06T09:00:00Z')
  assert.deepEqual(rung(), [])
  assert.equal((await find('a'))?.passedOver, 3)
  await at('2027-01-07T07:02:00Z')
  const [due] = dues
  assert.equal(due?.scheduledFor.toISOString(), '2027-01-07T07:00:00.000Z', 'two minutes are no delay')
  assert.equal(due?.late, false)
  assert.match(due?.cause ?? '', /; 3 times before it passed while nothing ran and were not made up for$/)
  assert.equal((await find('a'))?.passedOver, 0)
})

test('a minute’s schedule that lay still for a year is caught up with at once', async (t) => {
  const { set, at, dues } = await clockwork(t)
  await set('a', { frequency: 'cron', cron: '* * * * *', time_zone: 'America/New_York', catch_up: 'once' })
  const began = performance.now()
  await at('2028-01-04T06:00:30Z')
  assert.ok(performance.now() - began < 10_000)
  assert.equal(dues[0]?.scheduledFor.toISOString(), '2028-01-04T06:00:00.000Z')
  assert.match(dues[0]?.cause ?? '', /makes up for more than 100 times missed/)
})

test('a paused schedule lets its times pass, and goes on from when it is resumed', async (t) => {
  const { set, at, rung, find, setClock } = await clockwork(t)
  await set('a', hourly)
  await set('a', hourly, true)
  const paused = await find('a')
  assert.deepEqual([paused?.nextAt, paused && scheduleState(paused)], [null, 'paused'])
  await at('2027-01-04T09:30:00Z')
  assert.deepEqual(rung(), [])
  await set('a', hourly)
  await at('2027-01-04T09:30:01Z')
  assert.deepEqual(rung(), [])
  setClock('2027-01-04T10:00:00Z')
  await at('2027-01-04T10:00:01Z')
  assert.deepEqual(rung(), ['a 2027-01-04T10:00:00.000Z'])
})

test('a schedule that comes to its end says so with its last time, and is completed', async (t) => {
  const { set, at, dues, find } = await clockwork(t)
  await set('a', { ...daily, end: '2027-01-05' })
  await set('b', { frequency: 'once', on: '2027-01-05', at: '08:00', time_zone: 'Europe/Berlin', catch_up: 'once' })
  await at('2027-01-04T07:00:00Z')
  assert.deepEqual(
    dues.splice(0).map(({ last }) => last),
    [false],
  )
  await at('2027-01-05T07:00:00Z')
  assert.deepEqual(
    dues
      .splice(0)
      .map(({ subject, last }) => [subject.id, last])
      .sort(),
    [
      ['a', true],
      ['b', true],
    ],
  )
  const ended = await find('a')
  assert.equal(ended && scheduleState(ended), 'completed')
  await at('2027-02-05T07:00:00Z')
  assert.equal(dues.length, 0)
})

test('a schedule that was removed is due no more, and each kind has its own', async (t) => {
  const { set, at, rung, change, key, needs } = await clockwork(t)
  await set('a', hourly)
  await set('b', hourly)
  await change((change) =>
    setSchedule(needs, change, { kind: 'strike', subject: { type: 'bell', id: 'a' }, schedule: hourly, owner }),
  )
  assert.equal(await change((change) => removeSchedule(change, key('a'))), true)
  assert.equal(await change((change) => removeSchedule(change, key('a'))), false)
  await at('2027-01-04T07:00:00Z')
  assert.deepEqual(rung(), ['b 2027-01-04T07:00:00.000Z'], 'nobody here does what is due of the other kind')
  assert.deepEqual(
    (await listSchedules(needs.db, 'strike')).map(({ key, nextAt }) => [key.subject.id, nextAt?.toISOString()]),
    [['a', '2027-01-04T07:00:00.000Z']],
  )
})

test('many processes that look at the same time start each planned time once, as a run of its owner’s', async (t) => {
  const { set, needs, connection, setClock } = await clockwork(t)
  const { db } = needs
  const queue = await openQueue({ connection, log: silent, role: 'sender' })
  t.after(() => queue.close())
  const kind = runKind({ name: 'ring', data: z.object({}), permission: 'models:refresh', timeoutSeconds: 60 })
  const tickers = Array.from({ length: 4 }, () => {
    const ticker = makeTicker(needs)
    ticker.onDue('ring', async (change, { subject, cause }) => {
      await createRun({ queue }, change, { kind, subject, cause, data: {} })
    })
    return ticker
  })
  for (let i = 0; i < 30; i++) await set(`bell ${i}`, hourly)
  for (const hour of ['07', '08', '09']) {
    setClock(`2027-01-04T${hour}:00:00.300Z`)
    await Promise.all(tickers.map((ticker) => ticker.tick()))
  }
  const runs = await listRuns({ db }, system, { limit: 1000 })
  assert.equal(runs.length, 90)
  const keys = runs.map(({ subject, trigger }) => `${subject.id} ${trigger.cause}`)
  assert.equal(new Set(keys).size, 90)
  assert.ok(runs.every(({ trigger }) => trigger.type === 'schedule' && trigger.accountName === 'ada'))
  const jobs = await db.selectFrom('schedules').selectAll().where('next_at', '<=', needs.clock.now()).execute()
  assert.equal(jobs.length, 0)
})

test('what cannot be started stays due and is tried again ever less often, and holds up nothing else', async (t) => {
  const { set, at, needs, rung, find } = await clockwork(t)
  let broken = true
  const ticker = makeTicker(needs)
  const done: string[] = []
  ticker.onDue('ring', async (change, { subject, scheduledFor }) => {
    if (subject.id === 'a' && broken) {
      await change.tx.deleteFrom('schedules').execute()
      throw new Error('no rope')
    }
    done.push(`${subject.id} ${scheduledFor.toISOString()}`)
  })
  await set('a', hourly)
  await set('b', hourly)
  const look = async (moment: string) => {
    needs.clock.now = () => new Date(moment)
    await ticker.tick()
  }
  await look('2027-01-04T07:00:00Z')
  assert.deepEqual(done.splice(0), ['b 2027-01-04T07:00:00.000Z'])
  await look('2027-01-04T07:00:04Z')
  assert.equal((await find('a'))?.failures, 1, 'it is held for five seconds')
  await look('2027-01-04T07:00:05Z')
  assert.equal((await find('a'))?.failures, 2)
  await look('2027-01-04T07:01:30Z')
  assert.deepEqual(
    await describeSchedules({ db: needs.db, clock: needs.clock }),
    {
      active: 2,
      paused: 0,
      completed: 0,
      overdue: 1,
      failing: 1,
      oldestDue: new Date('2027-01-04T07:00:00Z'),
      next: new Date('2027-01-04T08:00:00Z'),
    },
    'the health check hears of it',
  )
  broken = false
  await look('2027-01-04T07:10:00Z')
  assert.deepEqual(done, ['a 2027-01-04T07:00:00.000Z'])
  assert.equal((await find('a'))?.failures, 0)
  await at('2027-01-04T07:10:01Z')
  assert.deepEqual(rung(), [])
})

test('a clock that is set back takes no time twice; one that ran years ahead is forgiven', async (t) => {
  const { set, at, rung, needs } = await clockwork(t)
  await set('a', hourly)
  await at('2027-01-04T07:00:01Z')
  assert.equal(rung().length, 1)
  await at('2027-01-04T06:30:00Z')
  await at('2027-01-04T07:00:01Z')
  assert.deepEqual(rung(), [])
  await at('2027-01-04T08:00:00Z')
  assert.deepEqual(rung(), ['a 2027-01-04T08:00:00.000Z'])

  await at('2031-06-01T00:00:00Z')
  assert.deepEqual(rung(), ['a 2031-06-01T00:00:00.000Z'])
  needs.clock.now = () => new Date('2027-01-04T08:30:00Z')
  const restarted = makeTicker(needs)
  restarted.onDue('ring', async () => undefined)
  await restarted.tick()
  const kept = await findSchedule(needs.db, { kind: 'ring', subject: { type: 'bell', id: 'a' } })
  assert.equal(kept?.nextAt?.toISOString(), '2027-01-04T09:00:00.000Z')
})

test('nothing happens on the days of a holiday calendar; when they change, what leaves them out is planned anew', async (t) => {
  const { set, at, rung, change, needs, find, notes } = await clockwork(t)
  const put = (days: string[]) =>
    change((change) =>
      putHolidayCalendar(needs, change, 'bank', {
        label: 'Bank holidays',
        days: days.map((date) => ({ date, label: '' })),
      }),
    )
  await assert.rejects(set('a', { ...daily, holidays: 'bank' }), { code: 'unknown-holiday-calendar' })
  await put(['2027-01-05', '2027-01-04', '2027-01-05'])
  await set('a', { ...daily, holidays: 'bank' })
  await set('b', daily)
  await at('2027-01-04T07:00:00Z')
  await at('2027-01-05T07:00:00Z')
  assert.deepEqual(rung(), ['b 2027-01-04T07:00:00.000Z', 'b 2027-01-05T07:00:00.000Z'])
  assert.equal((await find('a'))?.nextAt?.toISOString(), '2027-01-06T07:00:00.000Z')
  await put(['2027-01-06'])
  assert.equal((await find('a'))?.nextAt?.toISOString(), '2027-01-07T07:00:00.000Z')
  await assert.rejects(
    change((change) => deleteHolidayCalendar(change, 'bank')),
    { code: 'holiday-calendar-in-use', message: 'It is left out by the schedule of bell a.' },
  )
  await set('a', daily)
  await change((change) => deleteHolidayCalendar(change, 'bank'))
  await assert.rejects(
    change((change) => deleteHolidayCalendar(change, 'bank')),
    { code: 'holiday-calendar-not-found' },
  )
  assert.deepEqual(
    notes.map(({ verb, subjectId }) => `${verb} ${subjectId}`),
    ['calendar.changed bank', 'calendar.changed bank', 'calendar.deleted bank'],
  )
})

test('left to itself it looks every second, and stops when it is closed', async (t) => {
  const { needs, set, setClock } = await clockwork(t)
  const rung: string[] = []
  const ticker = makeTicker({ ...needs, everyMs: 20 })
  const heard = new Promise<void>((resolve) => {
    ticker.onDue('ring', async (_change, { subject }) => {
      rung.push(subject.id)
      resolve()
    })
  })
  await set('a', hourly)
  ticker.start()
  setClock('2027-01-04T07:00:00Z')
  await heard
  await ticker.close()
  setClock('2027-01-04T09:00:00Z')
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.deepEqual(rung, ['a'])
})
