import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AuditNote, actor, anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { makeChanger } from '#src/database/change.ts'
import type { Problem } from '#src/problem/problem.ts'
import { openQueue } from '#src/queue/queue.ts'
import { silent, testDatabase } from '#test/postgres.ts'
import { makeExecutor } from './executor.ts'
import { awaitRun } from './get-run.ts'
import { performRun } from './perform-run.ts'
import { repeatWith, rerunRun } from './rerun-run.ts'
import { type IfRunning, type Run, type RunHandler, runKind } from './run.ts'
import { startRun } from './start-run.ts'

const bake = runKind({
  name: 'bake',
  data: z.object({ cake: z.string(), icing: z.string().default('none') }),
  permission: 'models:refresh',
  timeoutSeconds: 60,
  concurrency: 4,
  oneAtATime: true,
})
const ada: Caller = {
  ...anonymous,
  via: 'token',
  accountId: 'ada',
  accountName: 'ada',
  tokenId: 't1',
  grants: Grants.of(['models:refresh', 'runs:read']),
}
const bob: Caller = { ...ada, accountId: 'bob', accountName: 'bob', tokenId: 't2' }

async function bakery(t: TestContext) {
  const database = await testDatabase()
  const { db, connection } = database
  const notes: AuditNote[] = []
  const changer = makeChanger(db, async (_tx, _actor, added) => void notes.push(...added))
  const queue = await openQueue({ connection, log: silent, role: 'worker' })
  const closers: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closers) await close()
    await queue.close()
    await database.close()
  })
  const needs = { db, changer, queue, log: silent, stillStands: async () => true, beatMs: 50 }
  return {
    db,
    notes,
    async hire(handler: RunHandler<{ cake: string }>) {
      const executor = makeExecutor({ ...needs, sweepMs: 60_000 })
      executor.register(bake, handler, { rerun: repeatWith({ queue, callbacks: null }, bake) })
      await executor.start()
      closers.push(() => executor.close())
      return executor
    },
    /** Does a run here and now, until the gate opens. */
    async occupy(id: string): Promise<{ finish(): Promise<void> }> {
      const gate = Promise.withResolvers<void>()
      const begun = Promise.withResolvers<void>()
      const work = performRun(
        needs,
        bake,
        async ({ signal }) => {
          begun.resolve()
          await Promise.race([
            gate.promise,
            new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
          ])
        },
        id,
      )
      await begun.promise
      closers.push(async () => {
        gate.resolve()
        await work
      })
      return {
        finish: () => {
          gate.resolve()
          return work
        },
      }
    },
    start: (
      ifRunning?: IfRunning,
      { by = ada, cake = 'sponge', icing = 'none', send = false, whole = false }: Record<string, unknown> = {},
    ) =>
      changer(actor(by as Caller), (change) =>
        startRun({ queue: send ? queue : null, callbacks: null }, change, {
          kind: bake,
          subject: { type: 'cake', id: cake as string },
          data: { cake: cake as string, icing: icing as string },
          ifRunning,
          ...(whole === true && { same: () => true }),
        }),
      ),
    rerun: (rerunOf: Parameters<typeof rerunRun>[0], id: string, by = ada, only: 'failed' | null = null) =>
      changer(actor(by), (change) => rerunRun(rerunOf, change, by, id, only)),
    ended: (id: string): Promise<Run> =>
      awaitRun({ db }, { ...ada, grants: Grants.ofRole('admin') }, id, {
        waitMs: 15_000,
        enough: () => false,
        signal: new AbortController().signal,
      }),
    states: async () =>
      (await db.selectFrom('runs').select(['id', 'state']).orderBy('created_at').execute()).map(({ state }) => state),
  }
}

test('join gives the run that is under way, waiting or at work; then a new one', async (t) => {
  const { start, occupy } = await bakery(t)
  const first = await start('join')
  assert.equal(first.joined, false)
  assert.deepEqual(await start(), { ...first, joined: true })
  const work = await occupy(first.run.id)
  assert.deepEqual([(await start('join')).run.id, (await start('join', { cake: 'pie' })).joined], [first.run.id, false])
  await work.finish()
  assert.equal((await start('join')).joined, false)
})

test('nobody is given a run that does something else than asked for', async (t) => {
  const { start, occupy, states } = await bakery(t)
  const plain = await start('join')
  await occupy(plain.run.id)
  const iced = await start('join', { icing: 'lemon' })
  assert.equal(iced.joined, false)
  assert.equal((await start('queue', { icing: 'lemon' })).run.id, iced.run.id)
  assert.equal((await start('join')).run.id, plain.run.id)
  // Where the room says that they are all the same, they are; the newest, as it sees most.
  assert.equal((await start('join', { icing: 'chocolate', whole: true })).run.id, iced.run.id)
  assert.deepEqual(await states(), ['running', 'queued'])
})

test('queue lets one more wait, which later callers join; it begins when the one before has ended', async (t) => {
  const { start, occupy, hire, ended } = await bakery(t)
  const first = await start('queue')
  // One that has not begun sees everything that was there when it was asked for.
  assert.deepEqual(await start('queue'), { ...first, joined: true })
  const work = await occupy(first.run.id)
  const second = await start('queue', { send: true })
  assert.equal(second.joined, false)
  const third = await start('queue')
  assert.deepEqual([third.run.id, third.joined], [second.run.id, true])
  let begun = false
  await hire(async () => {
    begun = true
  })
  await sleep(300)
  assert.equal(begun, false)
  await work.finish()
  assert.equal((await ended(second.run.id)).state, 'succeeded')
})

test('reject names the run that is under way', async (t) => {
  const { start, states } = await bakery(t)
  const first = await start('reject')
  const refusal = (await start('reject').catch((error: unknown) => error)) as Problem
  assert.deepEqual([refusal.code, refusal.kind], ['run-already-open', 'conflict'])
  assert.partialDeepStrictEqual(refusal.details, {
    extensions: { run: first.run.id },
    headers: { location: `/v1/runs/${first.run.id}` },
  })
  assert.equal((await start('reject', { cake: 'pie' })).joined, false)
  assert.deepEqual(await states(), ['queued', 'queued'])
})

test('restart cancels what is under way, and the new run follows', async (t) => {
  const { start, occupy, states, notes, ended } = await bakery(t)
  const first = await start()
  const work = await occupy(first.run.id)
  const waiting = await start('queue')
  const anew = await start('restart')
  assert.equal(anew.joined, false)
  assert.deepEqual(await states(), ['running', 'cancelled', 'queued'])
  assert.equal((await ended(first.run.id)).state, 'cancelled')
  await work.finish()
  assert.deepEqual(
    notes.map(({ verb, subjectId }) => [verb, subjectId]),
    [waiting.run.id, first.run.id].map((id) => ['run.cancelled', id]),
  )
  // What was told to stop is nothing to join.
  assert.equal((await start('join')).run.id, anew.run.id)
})

test('restart does not cancel what its caller might not cancel', async (t) => {
  const { start, states } = await bakery(t)
  const first = await start()
  await assert.rejects(start('restart', { by: bob }), { code: 'may-not-cancel-run' })
  assert.deepEqual(await states(), ['queued'])
  const admin = { ...bob, grants: Grants.ofRole('admin') }
  assert.notEqual((await start('restart', { by: admin })).run.id, first.run.id)
})

test('twenty who ask at the same moment start one run', async (t) => {
  const { start, states } = await bakery(t)
  const started = await Promise.all(Array.from({ length: 20 }, () => start('join')))
  assert.equal(new Set(started.map(({ run }) => run.id)).size, 1)
  assert.equal(started.filter(({ joined }) => !joined).length, 1)
  assert.deepEqual(await states(), ['queued'])
})

test('a run that has ended is done again by who may start such ones, and says whose repetition it is', async (t) => {
  const { start, rerun, hire, ended, notes } = await bakery(t)
  const executor = await hire(async ({ data }) => ({ counts: { letters: data.cake.length } }))
  const first = await start('join', { send: true })
  await ended(first.run.id)
  const again = await rerun(executor, first.run.id)
  const run = await ended(again.run.id)
  assert.deepEqual(
    [run.state, run.rerunOf, run.counts, run.data],
    ['succeeded', first.run.id, { letters: 6 }, first.run.data],
  )
  assert.partialDeepStrictEqual(notes, [
    { verb: 'run.repeated', subjectId: run.id, detail: { rerun_of: first.run.id } },
  ])
  await assert.rejects(rerun(executor, first.run.id, ada, 'failed'), { code: 'run-not-repeatable' })
  await assert.rejects(rerun({ rerunOf: () => null }, first.run.id), { code: 'run-not-repeatable' })
  const reader = { ...ada, grants: Grants.of(['runs:read']) }
  await assert.rejects(rerun(executor, first.run.id, reader), { code: 'permission-missing' })
  await assert.rejects(rerun(executor, first.run.id, { ...bob, grants: Grants.none }), { code: 'run-not-found' })
})

test('a run that is under way is not done again', async (t) => {
  const { start, rerun } = await bakery(t)
  const first = await start()
  await assert.rejects(rerun({ rerunOf: () => assert.fail() }, first.run.id), { code: 'run-not-finished' })
})
