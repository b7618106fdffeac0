import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type AuditNote, actor, anonymous, type Caller, localCaller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { makeChanger } from '#src/database/change.ts'
import { defineProblem } from '#src/problem/problem.ts'
import { openQueue } from '#src/queue/queue.ts'
import { silent, testDatabase } from '#test/postgres.ts'
import { cancelRun } from './cancel-run.ts'
import { createRun } from './create-run.ts'
import { makeExecutor } from './executor.ts'
import { awaitRun, getRun, getRunLog } from './get-run.ts'
import { listRuns } from './list-runs.ts'
import { type PerformNeeds, performRun } from './perform-run.ts'
import { type Run, type RunHandler, runKind } from './run.ts'

const bake = runKind({
  name: 'bake',
  data: z.object({ cake: z.string() }),
  permission: 'models:refresh',
  timeoutSeconds: 60,
  concurrency: 4,
  oneAtATime: true,
})
type Bake = { cake: string }

const system = localCaller('system', 'tessera')
const burnt = defineProblem('burnt', 'unprocessable', 'The cake is burnt', 'Bake another.')

async function kitchen(t: TestContext, over: Partial<Omit<PerformNeeds, 'queue'>> = {}) {
  const database = await testDatabase()
  const { db, connection } = database
  const notes: AuditNote[] = []
  const changer = makeChanger(db, async (_tx, _actor, added) => void notes.push(...added))
  const queue = await openQueue({ connection, log: silent, role: 'worker' })
  const needs = { db, changer, queue, log: silent, stillStands: async () => true, leaseMs: 2000, beatMs: 50, ...over }
  const closers: (() => Promise<void>)[] = []
  t.after(async () => {
    for (const close of closers) await close()
    await queue.close()
    await database.close()
  })
  return {
    db,
    notes,
    needs,
    /** Opens one more worker. */
    async hire(handler: RunHandler<Bake>, more: { sweepMs?: number; waitedMs?: number; kind?: typeof bake } = {}) {
      const executor = makeExecutor({ ...needs, sweepMs: 200, ...more })
      executor.register(more.kind ?? bake, handler)
      await executor.start()
      closers.push(() => executor.close())
      return executor
    },
    order: (cake: string, by: Caller = system, send = true): Promise<Run> =>
      changer(actor(by), (change) =>
        createRun({ queue: send ? queue : null }, change, {
          kind: bake,
          subject: { type: 'cake', id: cake },
          data: { cake },
        }),
      ),
    ended: (id: string) =>
      awaitRun({ db }, system, id, { waitMs: 15_000, enough: () => false, signal: new AbortController().signal }),
    started: (id: string) =>
      awaitRun({ db }, system, id, {
        waitMs: 15_000,
        enough: ({ state }) => state === 'running',
        signal: new AbortController().signal,
      }),
    cancel: (id: string, by: Caller = system) => changer(actor(by), (change) => cancelRun({ queue }, change, by, id)),
  }
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

test('a run tells its steps, progress, log and counts, and what must become true with its end does', async (t) => {
  const { db, hire, order, ended, notes } = await kitchen(t)
  await hire(async ({ data, step, progress, log }) => {
    await step('mix', async () => log(`mixing ${data.cake}`))
    progress(0.5, 'half done')
    await step('bake', async () => log('hot', 'warn'))
    return {
      counts: { slices: 8 },
      commit: async (change) => change.note({ verb: 'model.refreshed', subjectType: 'cake', subjectId: data.cake }),
    }
  })
  const asked = await order('sponge')
  assert.equal(asked.state, 'queued')
  const run = await ended(asked.id)
  assert.equal(run.state, 'succeeded')
  assert.deepEqual(
    run.steps.map(({ name, state }) => [name, state]),
    [
      ['mix', 'succeeded'],
      ['bake', 'succeeded'],
    ],
  )
  assert.deepEqual([run.progress, run.counts, run.attempt, run.error], [1, { slices: 8 }, 1, null])
  const log = await getRunLog({ db }, system, run.id, { after: 0, limit: 10 })
  assert.deepEqual(
    log.map(({ line, level, text }) => [line, level, text]),
    [
      [1, 'info', 'mixing sponge'],
      [2, 'warn', 'hot'],
    ],
  )
  assert.deepEqual(
    notes.map(({ verb }) => verb),
    ['model.refreshed'],
  )
})

test('a problem is told to whoever watches; any other error only to the log', async (t) => {
  const { hire, order, ended } = await kitchen(t)
  await hire(async ({ data }) => {
    if (data.cake === 'sponge') throw burnt({ detail: 'Black on top.', hint: 'Bake it shorter.' })
    throw new Error('select secret from cakes')
  })
  const [told, kept] = await Promise.all([
    order('sponge').then(({ id }) => ended(id)),
    order('pie').then(({ id }) => ended(id)),
  ])
  assert.equal(told.state, 'failed')
  assert.deepEqual(told.error, { code: 'burnt', message: 'Black on top.\nBake it shorter.', retryable: false })
  assert.deepEqual([kept.state, kept.error?.code, kept.error?.retryable], ['failed', 'internal', true])
  assert.doesNotMatch(kept.error?.message ?? '', /secret/)
})

test('a run whose commit fails has failed, and nothing of the commit is left', async (t) => {
  const { hire, order, ended, notes } = await kitchen(t)
  await hire(async ({ log }) => {
    log('almost')
    return {
      commit: async (change) => {
        change.note({ verb: 'model.refreshed', subjectType: 'cake', subjectId: 'x' })
        throw burnt()
      },
    }
  })
  const run = await ended((await order('sponge')).id)
  assert.deepEqual([run.state, run.error?.code], ['failed', 'burnt'])
  assert.deepEqual(notes, [])
})

test('two runs on one subject take turns, and runs on others go on beside them', async (t) => {
  const { hire, order, ended } = await kitchen(t)
  const open = new Set<string>()
  let most = 0
  await hire(
    async ({ data }) => {
      assert.ok(!open.has(data.cake), 'two at once')
      open.add(data.cake)
      most = Math.max(most, open.size)
      await sleep(150)
      open.delete(data.cake)
    },
    // So that only the end of one can have woken the next.
    { sweepMs: 60_000 },
  )
  const asked = await Promise.all(['sponge', 'sponge', 'pie', 'sponge'].map((cake) => order(cake)))
  const runs = await Promise.all(asked.map(({ id }) => ended(id)))
  assert.deepEqual(
    runs.map(({ state }) => state),
    ['succeeded', 'succeeded', 'succeeded', 'succeeded'],
  )
  assert.ok(most > 1)
})

test('a waiting run is cancelled at once, a running one stops, and an ended one says so', async (t) => {
  const { hire, order, ended, started, cancel, notes } = await kitchen(t)
  const waiting = await order('never', system, false)
  assert.equal((await cancel(waiting.id)).run.state, 'cancelled')
  assert.equal((await cancel(waiting.id)).changed, false)
  await hire(({ data, signal }) => (data.cake === 'pie' ? Promise.resolve() : untilAborted(signal)))
  const running = await order('sponge')
  await started(running.id)
  const asked = await cancel(running.id)
  assert.deepEqual([asked.run.state, asked.run.cancelRequested], ['running', true])
  assert.equal((await ended(running.id)).state, 'cancelled')
  const done = await ended((await order('pie')).id)
  await assert.rejects(cancel(done.id), { code: 'run-finished' })
  assert.equal(notes.filter(({ verb }) => verb === 'run.cancelled').length, 2)
})

test('a run that takes too long is stopped, even when it does not listen', async (t) => {
  const { hire, order, ended } = await kitchen(t, { graceMs: 50 })
  const hasty = { ...bake, timeoutSeconds: 0.2 }
  await hire(({ data, signal }) => (data.cake === 'deaf' ? new Promise(() => undefined) : untilAborted(signal)), {
    kind: hasty,
  })
  for (const cake of ['deaf', 'sponge']) {
    const run = await ended((await order(cake)).id)
    assert.deepEqual([run.state, run.error?.code], ['timed_out', 'timed-out'])
  }
})

test('the run of a dead worker is taken up by another, and the dead one can finish nothing when it comes back', async (t) => {
  const { needs, hire, order, ended, notes, started } = await kitchen(t, { leaseMs: 300 })
  const { id } = await order('sponge', system, false)
  const wake = Promise.withResolvers<void>()
  // Silent from the beginning: its first beat would come after the test.
  const dead = performRun(
    { ...needs, beatMs: 1e6 },
    bake,
    async () => {
      await wake.promise
      return {
        commit: async (change) => change.note({ verb: 'model.refresh_requested', subjectType: 'cake', subjectId: 'x' }),
      }
    },
    id,
  )
  await started(id)
  await hire(async () => ({ counts: { slices: 8 } }))
  const run = await ended(id)
  assert.deepEqual([run.state, run.attempt, run.counts], ['succeeded', 2, { slices: 8 }])
  wake.resolve()
  await dead
  assert.deepEqual(notes, [])
})

test('a run that kills its workers is given up', async (t) => {
  const { needs, hire, order, ended, db } = await kitchen(t, { leaseMs: 50 })
  const { id } = await order('bomb', system, false)
  await db.updateTable('runs').set({ attempt: 4 }).where('id', '=', id).execute()
  const end = new AbortController()
  const dead = performRun(
    { ...needs, beatMs: 1e6, graceMs: 1 },
    bake,
    ({ signal }) => untilAborted(signal),
    id,
    end.signal,
  )
  await sleep(100)
  await hire(async () => undefined)
  const run = await ended(id)
  assert.deepEqual([run.state, run.error?.code], ['failed', 'worker-lost'])
  end.abort()
  await dead
})

test('a worker that closes gives its run back, and another finishes it', async (t) => {
  const { hire, order, ended, started } = await kitchen(t)
  const first = await hire(({ signal }) => untilAborted(signal))
  const { id } = await order('sponge')
  await started(id)
  const closing = first.close()
  await hire(async () => undefined)
  await closing
  const run = await ended(id)
  assert.deepEqual([run.state, run.attempt], ['succeeded', 2])
})

test('a run whose job was lost is found', async (t) => {
  const { hire, order, ended } = await kitchen(t)
  const { id } = await order('sponge', system, false)
  await hire(async () => undefined, { waitedMs: 0 })
  assert.equal((await ended(id)).state, 'succeeded')
})

const ada: Caller = { ...anonymous, via: 'token', accountId: 'ada', accountName: 'ada', tokenId: 't1', role: 'manager' }
const refresher = { ...ada, grants: Grants.of(['models:refresh:sponge']) }
const otherToken = { ...ada, tokenId: 't2', grants: Grants.of(['models:refresh:pie']) }
const reader = { ...ada, tokenId: 't3', grants: Grants.of(['runs:read', 'models:refresh:pie']) }
const session: Caller = { ...ada, via: 'session', tokenId: null, grants: Grants.ofRole('manager') }
const stranger: Caller = {
  ...ada,
  accountId: 'eve',
  tokenId: 't4',
  grants: Grants.of(['runs:read', 'models:refresh:pie']),
}
const colleague: Caller = { ...ada, accountId: 'bob', tokenId: 't5', grants: Grants.of(['models:refresh:sponge']) }
const admin: Caller = { ...ada, accountId: 'root', via: 'session', tokenId: null, grants: Grants.ofRole('admin') }

test('a token revoked while its run waits stops the run before it begins', async (t) => {
  const asked: unknown[] = []
  const stillStands: PerformNeeds['stillStands'] = async (...question) => asked.push(question) === 0
  const { hire, order, ended, notes } = await kitchen(t, { stillStands })
  const { id } = await order('sponge', refresher)
  await hire(() => assert.fail('it began'))
  const run = await ended(id)
  assert.deepEqual([run.state, run.error?.code], ['cancelled', 'token-no-longer-stands'])
  assert.deepEqual(asked, [['t1', 'models:refresh', 'sponge']])
  assert.deepEqual(
    notes.map(({ verb }) => verb),
    ['run.cancelled'],
  )
})

test('one sees one’s own runs, a bare token those it started, an admin all; and cancels, of these, what one could start', async (t) => {
  const { db, order, cancel } = await kitchen(t)
  const run = await order('sponge', refresher, false)
  assert.deepEqual([run.trigger.type, run.trigger.tokenId, run.trigger.accountName], ['api', 't1', 'ada'])
  const sees = async (caller: Caller): Promise<boolean> => {
    const listed = await listRuns({ db }, caller, { limit: 10 })
    const got = await getRun({ db }, caller, run.id).then(
      () => true,
      (error: { code?: string }) => {
        assert.equal(error.code, 'run-not-found')
        return false
      },
    )
    assert.equal(listed.length === 1, got)
    return got
  }
  assert.deepEqual(await Promise.all([refresher, otherToken, reader, session, stranger, admin].map(sees)), [
    true,
    false,
    true,
    true,
    false,
    true,
  ])
  await assert.rejects(cancel(run.id, otherToken), { code: 'run-not-found' })
  await assert.rejects(cancel(run.id, stranger), { code: 'run-not-found' })
  await assert.rejects(cancel(run.id, reader), { code: 'may-not-cancel-run' })
  assert.equal((await cancel(run.id, refresher)).run.state, 'cancelled')
})

test('who could have started a run may follow its address, but neither finds it listed nor cancels it', async (t) => {
  const { db, order, cancel } = await kitchen(t)
  const run = await order('sponge', refresher, false)
  assert.equal((await getRun({ db }, colleague, run.id)).id, run.id)
  assert.deepEqual(await listRuns({ db }, colleague, { limit: 10 }), [])
  await assert.rejects(cancel(run.id, colleague), { code: 'may-not-cancel-run' })
})

test('a list is paged without gaps, and filtered', async (t) => {
  const { db, order } = await kitchen(t)
  for (const cake of ['a', 'b', 'a', 'c', 'a']) await order(cake, admin, false)
  const seen: Run[] = []
  for (let last: Run | undefined; ; last = seen.at(-1)) {
    const after = last && { after: { createdAt: last.createdAt.toISOString(), id: last.id } }
    const page = await listRuns({ db }, admin, { limit: 2, ...after })
    if (page.length === 0) break
    seen.push(...page)
  }
  assert.equal(new Set(seen.map(({ id }) => id)).size, 5)
  const filtered = await listRuns({ db }, admin, { limit: 10, kinds: ['bake'], states: ['queued'], subjectId: 'a' })
  assert.equal(filtered.length, 3)
})
