import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openQueue } from '#src/queue/queue.ts'
import { makeExecutor } from '#src/runs/executor.ts'
import { makeTicker } from '#src/runs/schedules/ticker.ts'
import { silent } from '#test/postgres.ts'
import { plainSubscription, salesReport, subscriptionsHouse, told } from '#test/subscriptions.ts'
import { keepUp } from './upkeep.ts'
import { workOnSubscriptionJobs, workOnSubscriptions } from './worker.ts'

const house = await subscriptionsHouse()
const { call, run, smtp, join, ask, db, needs, database } = house
await join('olga', 'manager')
await ask('olga', 'POST', '/v1/reports', salesReport())
const queue = await openQueue({ connection: database.connection, log: silent, role: 'worker' })
after(() => queue.close(0))
await workOnSubscriptionJobs({ ...needs, queue })

async function make(id: string, over: object = {}) {
  const made = await call('olga', 'POST', '/v1/subscriptions', { id, ...plainSubscription(over) })
  assert.equal(made.status, 201, JSON.stringify(made.body))
  return made.body
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(`not within 20 s: ${what}`)
}

test('whoever answers for a subscription is told once of a run that failed, with the reason and where to look', async () => {
  await make('bad', {
    recipients: [{ address: 'refused@x.org' }, { address: 'ok@x.org' }],
    failure_addresses: ['boss@x.org', 'former@y.org'],
  })
  const { run: done } = await run('olga', 'bad')
  assert.equal(done.state, 'partially_failed')
  const all = { ...needs, queue, changer: needs.changer, allowedDomains: ['x.org'] }
  await Promise.all([keepUp(all), keepUp(all)])
  await keepUp(all)
  await until('the notice has come', () => smtp.to('boss@x.org').length > 0)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  const [mail, ...more] = smtp.to('boss@x.org')
  assert.equal(more.length, 0)
  assert.equal(smtp.to('former@y.org').length, 0)
  const { subject, text = '' } = (await mail?.parse()) ?? {}
  assert.equal(subject, '“Weekly sales to the team”: 1 of 2 deliveries failed')
  assert.match(text, /refused@x\.org \(mail\): failed\. The mail server refused the mail with code 550\./)
  assert.match(text, new RegExp(`https://portal\\.example\\.org/runs/${done.id}`))
})

test('a run that had begun to send when its token ceased to stand is told of; one that somebody cancelled is not', async () => {
  const tokenGone = { code: 'token-no-longer-stands', message: 'The token was revoked.', retryable: false }
  for (const [id, error] of [
    ['revoked', tokenGone],
    ['stopped', null],
  ] as const) {
    const addresses = [`${id}-ok@x.org`, `${id}-late@x.org`]
    const recipients = addresses.map((address) => ({ address }))
    await make(id, { recipients, failure_addresses: [`${id}-boss@x.org`] })
    const { run: done } = await run('olga', id)
    await db
      .updateTable('deliveries')
      .set({ state: 'pending' })
      .where('run_id', '=', done.id)
      .where('recipient', '=', `${id}-late@x.org`)
      .execute()
    const finished = new Date(Date.now() - 180_000)
    await db
      .updateTable('runs')
      .set({ state: 'cancelled', error: error && JSON.stringify(error), finished_at: finished })
      .where('id', '=', done.id)
      .execute()
  }
  await keepUp({ ...needs, queue })
  await until('the notice has come', () => smtp.to('revoked-boss@x.org').length > 0)
  const { subject, text = '' } = (await smtp.to('revoked-boss@x.org')[0]?.parse()) ?? {}
  assert.equal(subject, '“Weekly sales to the team”: the run was stopped halfway')
  assert.match(text, /was stopped after it had begun to send\.\s+Reason: The token was revoked\./)
  assert.match(text, /revoked-late@x\.org \(mail\): cancelled\./)
  const notices = await db.selectFrom('subscription_notices').select('run_id').execute()
  const runs = await db.selectFrom('runs').select('id').where('subject_id', '=', 'stopped').execute()
  assert.ok(!notices.some(({ run_id }) => run_id === runs[0]?.id))
})

test('the clock starts what is due, in the zone of the schedule, and a schedule that has ended completes it', async () => {
  // Half an hour before 07:30 in Lagos, which is 06:30 UTC; and the last day of the schedule.
  let now = new Date('2027-01-04T06:00:00Z')
  const clock = { now: () => now }
  const schedule = { frequency: 'daily', at: '07:30', time_zone: 'Africa/Lagos', end: '2027-01-05' }
  house.clock.pass((now.getTime() - Date.now()) / 1000)
  const mine = { ...needs, clock, queue }
  const executor = makeExecutor({ db, changer: needs.changer, queue, log: silent, stillStands: async () => true })
  const ticker = makeTicker({ db, changer: needs.changer, log: silent, clock })
  workOnSubscriptions(mine, executor, ticker)
  await make('daily', { schedule, recipients: [{ address: 'daily@x.org' }] })
  await db
    .updateTable('schedules')
    .set({ next_at: new Date('2027-01-04T06:30:00Z') })
    .execute()
  const runs = () =>
    db
      .selectFrom('runs')
      .select(['id', 'scheduled_for', 'trigger_type'])
      .where('subject_id', '=', 'daily')
      .orderBy('scheduled_for')
      .execute()
  await ticker.tick()
  assert.equal((await runs()).length, 0)
  now = new Date('2027-01-04T06:30:01Z')
  await Promise.all([ticker.tick(), makeTicker({ db, changer: needs.changer, log: silent, clock }).tick()])
  assert.deepEqual(
    (await runs()).map(({ scheduled_for, trigger_type }) => [scheduled_for?.toISOString(), trigger_type]),
    [['2027-01-04T06:30:00.000Z', 'schedule']],
  )
  now = new Date('2027-01-05T06:30:01Z')
  await ticker.tick()
  const both = await runs()
  assert.equal(both.length, 2)
  for (const { id } of both) await house.perform(id)
  assert.equal(smtp.to('daily@x.org').length, 2)
  await keepUp(mine)
  const shown = (await call('olga', 'GET', '/v1/subscriptions/daily')).body
  assert.deepEqual([shown.state, shown.next_run_at], ['completed', null])
  now = new Date('2027-05-01T00:00:00Z')
  await keepUp(mine)
  assert.equal((await call('olga', 'GET', '/v1/subscriptions/daily')).body.state, 'archived')
})

test('the last planned run is done: nothing completes the subscription before, and nothing skips it once it has begun', async () => {
  let now = new Date('2027-06-04T06:00:00Z')
  const clock = { now: () => now }
  house.clock.pass((now.getTime() - needs.clock.now().getTime()) / 1000)
  const mine = { ...needs, clock, queue }
  const executor = makeExecutor({ db, changer: needs.changer, queue, log: silent, stillStands: async () => true })
  const ticker = makeTicker({ db, changer: needs.changer, log: silent, clock })
  workOnSubscriptions(mine, executor, ticker)
  const stateOf = async (id: string) => (await call('olga', 'GET', `/v1/subscriptions/${id}`)).body.state
  const schedule = { frequency: 'daily', at: '07:30', time_zone: 'Africa/Lagos', end: '2027-06-04' }
  const recipients = Array.from({ length: 12 }, (_, at) => ({ address: `last${at}@x.org` }))
  for (const id of ['last', 'last-paused']) await make(id, { schedule, recipients })
  await db
    .updateTable('schedules')
    .set({ next_at: new Date('2027-06-04T06:30:00Z') })
    .where('subject_id', 'like', 'last%')
    .execute()
  now = new Date('2027-06-04T06:30:01Z')
  await ticker.tick()
  const runOf = async (subject: string) =>
    (await db.selectFrom('runs').select('id').where('subject_id', '=', subject).executeTakeFirstOrThrow()).id
  await keepUp(mine)
  assert.equal(await stateOf('last'), 'active', 'its run still waits')
  // Whatever completes it all the same: the run was planned before that.
  await db.updateTable('subscriptions').set({ state: 'completed' }).where('id', '=', 'last').execute()
  const waited = await runOf('last')
  await house.perform(waited)
  assert.equal((await house.result('olga', waited)).run.state, 'succeeded')
  assert.equal(smtp.to('last0@x.org').length, 1)

  // A worker is lost while it sends, and somebody pauses the subscription before another takes the run up.
  const id = await runOf('last-paused')
  let sent = 0
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const mailer = {
    ...needs.mailer,
    post: async (mail: Parameters<typeof needs.mailer.post>[0]) => {
      if (++sent <= 3) return needs.mailer.post(mail)
      reached.resolve()
      await released.promise
      return { outcome: 'accepted' as const }
    },
  }
  const lost = house.perform(id, { mailer }, { beatMs: 60_000 })
  await reached.promise
  await keepUp(mine)
  assert.equal(await stateOf('last-paused'), 'active', 'its run is at work')
  assert.equal((await call('olga', 'POST', '/v1/subscriptions/last-paused/pause')).status, 200)
  await db
    .updateTable('runs')
    .set({ lease_until: new Date(0) })
    .where('id', '=', id)
    .execute()
  await house.perform(id)
  const { run: done, deliveries } = await house.result('olga', id)
  assert.equal(done.state, 'partially_failed')
  for (const { state } of deliveries) assert.match(state, /^(delivered|unconfirmed)$/)
  released.resolve()
  await lost
})

test('a run that is cancelled stops sending, and says of everybody what became of them', async () => {
  const recipients = Array.from({ length: 60 }, (_, at) => ({ address: `c${at}@x.org` }))
  await make('cancelled', { recipients })
  const started = (await call('olga', 'POST', '/v1/subscriptions/cancelled/runs')).body
  let sent = 0
  const mailer = {
    ...needs.mailer,
    post: async (mail: Parameters<typeof needs.mailer.post>[0]) => {
      if (++sent === 10) await call('olga', 'POST', `/v1/runs/${started.id}/cancel`)
      await new Promise((resolve) => setTimeout(resolve, 30))
      return needs.mailer.post(mail)
    },
  }
  await house.perform(started.id, { mailer })
  const { run: done, deliveries } = await house.result('olga', started.id)
  assert.equal(done.state, 'cancelled')
  const count = (state: string) => deliveries.filter((one) => one.state === state).length
  assert.ok(count('cancelled') > 0 && count('delivered') >= 9)
  assert.equal(count('cancelled') + count('delivered'), 60, told(deliveries))
  for (const { recipient, state } of deliveries) assert.equal(smtp.to(recipient).length, state === 'delivered' ? 1 : 0)
})
