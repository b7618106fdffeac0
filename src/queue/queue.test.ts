import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { z } from 'zod'
import { defineProblem } from '#src/problem/problem.ts'
import { silent, testDatabase } from '#test/postgres.ts'
import { jobKind } from './job-kind.ts'
import { openQueue } from './queue.ts'

const greet = jobKind({
  name: 'greet',
  data: z.object({ name: z.string() }),
  concurrency: 2,
  retries: 1,
  retryDelaySeconds: 1,
})

async function open(t: TestContext) {
  const database = await testDatabase()
  const { connection, db } = database
  const worker = await openQueue({ connection, log: silent, role: 'worker' })
  const sender = await openQueue({ connection, log: silent, role: 'sender' })
  t.after(async () => {
    await sender.close()
    await worker.close()
    await database.close()
  })
  return { db, worker, sender }
}

async function until(reached: () => boolean, patienceMs = 10_000): Promise<void> {
  const end = performance.now() + patienceMs
  while (!reached()) {
    if (performance.now() > end) throw new assert.AssertionError({ message: 'it did not come to pass in time' })
    await sleep(10)
  }
}

test('a job sent in a transaction is done exactly if it commits, in another process too', async (t) => {
  const { db, worker, sender } = await open(t)
  const greeted: string[] = []
  await worker.work(greet, async ({ data }) => {
    greeted.push(data.name)
  })
  const failing = db.transaction().execute(async (tx) => {
    await sender.send(tx, greet, { name: 'never' })
    throw new Error('rolled back')
  })
  await assert.rejects(failing, /rolled back/)
  await db.transaction().execute((tx) => sender.send(tx, greet, { name: 'Ada' }))
  await db.transaction().execute((tx) => sender.send(tx, greet, { name: 'Grace' }))
  await until(() => greeted.length === 2)
  assert.deepEqual(greeted.sort(), ['Ada', 'Grace'])
})

test('a failed attempt is tried again, and only as often as its kind says', async (t) => {
  const { db, worker } = await open(t)
  const attempts: number[] = []
  await worker.work(greet, async ({ attempt }) => {
    attempts.push(attempt)
    throw new Error('not today')
  })
  await worker.send(db, greet, { name: 'Ada' })
  await until(() => attempts.length === 2)
  await sleep(1500)
  assert.deepEqual(attempts, [1, 2])
})

test('a job that meets a problem which would come again is not tried again', async (t) => {
  const { db, worker } = await open(t)
  const refused = defineProblem('refused', 'unprocessable', 'Refused', 'Ask for something else.')
  let attempts = 0
  await worker.work(greet, async () => {
    attempts++
    throw refused()
  })
  await worker.send(db, greet, { name: 'Ada' })
  await sleep(2500)
  assert.equal(attempts, 1)
})

test('a crowd of short jobs is done in a moment', async (t) => {
  const { db, worker } = await open(t)
  const short = jobKind({ ...greet, name: 'short', short: true })
  const greeted = new Set<string>()
  await worker.work(short, async ({ data }) => void greeted.add(data.name))
  await db.transaction().execute(async (tx) => {
    for (let n = 0; n < 60; n++) await worker.send(tx, short, { name: String(n) })
  })
  await until(() => greeted.size === 60, 5000)
})

test('of two jobs with the same key only one waits', async (t) => {
  const { db, worker } = await open(t)
  const keyed = jobKind({ name: 'keyed', data: z.object({ name: z.string() }), key: ({ name }) => name })
  for (const name of ['a', 'a', 'b']) await worker.send(db, keyed, { name })
  const done: string[] = []
  await worker.work(keyed, async ({ data }) => {
    done.push(data.name)
  })
  await until(() => done.length === 2)
  await sleep(1200)
  assert.deepEqual(done.sort(), ['a', 'b'])
})

test('what a process had in hand when it was killed is tried again soon, not when its time would be up', async (t) => {
  const { db, worker } = await open(t)
  const attempts: number[] = []
  await worker.work({ ...greet, retryDelaySeconds: 0 }, async ({ attempt }) => {
    attempts.push(attempt)
    // As of a process that is gone: nothing comes of it.
    if (attempt === 1) await new Promise(() => undefined)
  })
  await worker.send(db, greet, { name: 'Ada' })
  await until(() => attempts.length === 1)
  // And no sign of life is young enough.
  await sql`update pgboss.job set heartbeat_seconds = 0 where name = ${greet.name} and heartbeat_seconds = 30`.execute(
    db,
  )
  await until(() => attempts.length === 2, 60_000)
})

test('closing waits for the job at work', async (t) => {
  const { db, worker } = await open(t)
  let finished = false
  let began = false
  await worker.work(greet, async () => {
    began = true
    await sleep(300)
    finished = true
  })
  await worker.send(db, greet, { name: 'Ada' })
  await until(() => began)
  await worker.close()
  assert.ok(finished)
})

test('data that does not fit its kind is refused where it is sent', async (t) => {
  const { db, sender } = await open(t)
  await assert.rejects(sender.send(db, greet, { name: 1 } as never))
})

test('a schedule is kept, and a wrong one refused', async (t) => {
  const { db, worker } = await open(t)
  await worker.schedule(greet, '30 2 * * *', { name: 'night' }, 'Europe/Berlin')
  await worker.schedule(greet, '0 3 * * *', { name: 'night' }, 'UTC')
  const { rows } = await sql`select cron, timezone from pgboss.schedule`.execute(db)
  assert.deepEqual(rows, [{ cron: '0 3 * * *', timezone: 'UTC' }])
  await assert.rejects(worker.schedule(greet, 'every night', { name: 'night' }, 'UTC'))
})
