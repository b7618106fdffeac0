import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { type Actor, actor, localCaller } from '#src/access/caller.ts'
import { makeChanger } from '#src/database/change.ts'
import { silent, type TestDatabase, testDatabase } from '#test/postgres.ts'
import { readCheckpoints, startCheckpoints } from './checkpoints.ts'
import { describeTrail } from './describe-trail.ts'
import { type ChainReport, verifyChain, walkChain } from './verify-chain.ts'
import { writeNotes } from './write-notes.ts'

const admin: Actor = actor(localCaller('command', 'test'))

async function note(on: TestDatabase, count: number, detail: Record<string, unknown> = {}) {
  const change = makeChanger(on.db, writeNotes)
  for (let n = 0; n < count; n++) {
    await change(admin, async (change) =>
      change.note({ verb: 'account.updated', subjectType: 'account', subjectId: String(n), detail: { n, ...detail } }),
    )
  }
}

/** What only the owner of the database can do: the triggers stand in everybody else's way. */
async function tamper(on: TestDatabase, statement: string) {
  await on.pool.query(`
    begin;
    alter table audit_events disable trigger user;
    ${statement};
    alter table audit_events enable trigger user;
    commit`)
}

const faultsOf = (report: ChainReport) => report.faults.map(({ kind, event }) => `${kind} ${event}`)

describe('the chain', () => {
  let on: TestDatabase
  before(async () => {
    on = await testDatabase({ poolSize: 25 })
    await note(on, 10, { text: 'naïve "quotes" \u2028 \ud83d\ude00', nested: { b: 1, a: [1.5, null, true] } })
  })
  after(() => on.close())

  /** Each kind of tampering is tried on the same ten events and taken back. */
  async function tampered(statement: string): Promise<ChainReport> {
    return on.db
      .transaction()
      .execute(async (tx) => {
        await sql.raw('alter table audit_events disable trigger user').execute(tx)
        await sql.raw(statement).execute(tx)
        const report = await walkChain(tx, [])
        throw Object.assign(new Error('take it back'), { report })
      })
      .catch((error: { report?: ChainReport }) => {
        if (!error.report) throw error
        return error.report
      })
  }

  test('is whole when nobody touched it', async () => {
    const report = await verifyChain(on.db)
    assert.deepEqual(report.faults, [])
    assert.equal(report.events, 10)
    assert.equal(report.last.id, 10)
  })

  for (const [what, statement, found] of [
    ['an edited detail', `update audit_events set detail = '{"n":99}' where id = 4`, ['edited 4']],
    [
      'a detail that only reads the same',
      `update audit_events set detail = (detail::text || ' ')::json where id = 4`,
      ['edited 4'],
    ],
    ['an edited account', `update audit_events set account_name = 'mallory' where id = 10`, ['edited 10']],
    ['an edited time', `update audit_events set at = at + interval '1 millisecond' where id = 1`, ['edited 1']],
    ['an edited address', `update audit_events set address = '::1' where id = 2`, ['edited 2']],
    ['an event cut from the middle', 'delete from audit_events where id in (5, 6)', ['missing 5']],
    ['the first event cut', 'delete from audit_events where id = 1', ['missing 1']],
    ['the tail cut', 'delete from audit_events where id > 8', ['head 9']],
    ['everything cut', 'delete from audit_events', ['head 1']],
    [
      'two events swapped',
      `update audit_events set id = id + 100 where id in (3, 4);
       update audit_events set id = case id when 103 then 4 else 3 end where id > 100`,
      ['unlinked 3', 'edited 3', 'unlinked 4', 'edited 4', 'unlinked 5'],
    ],
    [
      'an event added by hand',
      `insert into audit_events select 11, at, verb, subject_type, subject_id, via, account_id, account_name, token_id,
         session_id, request_id, address, client, detail, hash, hash from audit_events where id = 10`,
      ['edited 11', 'head 11'],
    ],
    ['a head moved back', `update audit_head set id = 9`, ['head 10']],
  ] as const) {
    test(`tells where it finds ${what}`, async () => {
      assert.deepEqual(faultsOf(await tampered(statement)), found)
    })
  }

  test('cannot be edited, cut or emptied by statements', async () => {
    for (const statement of [
      `update audit_events set verb = 'x'`,
      'delete from audit_events where id = 1',
      'delete from audit_events where false',
      'truncate audit_events',
      'truncate audit_head',
      'delete from audit_head',
    ]) {
      await assert.rejects(on.pool.query(statement), /append-only/, statement)
    }
    assert.ok((await verifyChain(on.db)).whole)
  })

  test('keeps what Postgres and JSON cannot hold in a form that they can', async () => {
    await note(on, 1, { text: 'nul \u0000 half \ud800', gone: undefined, none: Number.NaN, big: 1e21, at: new Date(0) })
    const { rows } = await on.pool.query('select detail from audit_events order by id desc limit 1')
    assert.deepEqual(rows[0].detail, {
      n: 0,
      text: 'nul \ufffd half \ufffd',
      none: null,
      big: 1e21,
      at: '1970-01-01T00:00:00.000Z',
    })
    assert.ok((await verifyChain(on.db)).whole)
  })

  test('stays whole, without gaps, under fifty changes at once, of which some fail', async () => {
    const change = makeChanger(on.db, writeNotes)
    const { last } = await verifyChain(on.db)
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        change(admin, async (change) => {
          await sql`select pg_sleep(${Math.random() / 50})`.execute(change.tx)
          change.note({ verb: 'account.updated', subjectType: 'account', subjectId: String(n) })
          change.note({ verb: 'account.disabled', subjectType: 'account', subjectId: String(n) })
          if (n % 5 === 0) throw new Error('changed my mind')
        }),
      ),
    )
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 40)
    const report = await verifyChain(on.db)
    assert.deepEqual(report.faults, [])
    assert.equal(report.last.id, last.id + 80)
    const { rows } = await on.pool.query(
      'select from (select at < lag(at) over (order by id) as back from audit_events) e where back',
    )
    assert.equal(rows.length, 0, 'time never runs backwards along the chain')
  })
})

describe('a checkpoint', () => {
  let on: TestDatabase
  let folder: string
  let file: string
  before(async () => {
    on = await testDatabase()
    folder = await mkdtemp(path.join(tmpdir(), 'tessera-checkpoints-'))
    file = path.join(folder, 'audit/checkpoints.ndjson')
  })
  after(async () => {
    await on.close()
    await rm(folder, { recursive: true })
  })

  test('is written when the chain moved, and only then', async () => {
    const checkpoints = startCheckpoints({ db: on.db, file, log: silent })
    assert.equal(await checkpoints.write(), true)
    assert.deepEqual(await readCheckpoints(file), [])
    assert.deepEqual(await checkpoints.latest(), { point: null, whole: true })
    await note(on, 3)
    const unnoted = await describeTrail({ db: on.db, checkpoints })
    assert.deepEqual([unnoted.events, unnoted.checkpoint], [3, null])
    assert.ok(unnoted.unnotedSince)
    await checkpoints.write()
    const noted = await describeTrail({ db: on.db, checkpoints })
    assert.deepEqual([noted.events, noted.checkpoint?.id, noted.unnotedSince, noted.whole], [3, 3, null, true])
    await checkpoints.write()
    await note(on, 3)
    await checkpoints.close()
    assert.deepEqual(
      (await readCheckpoints(file)).map((point) => point.id),
      [3, 6],
    )
    assert.ok((await verifyChain(on.db, await readCheckpoints(file))).whole)
  })

  test('survives a line that a crash cut short', async () => {
    await writeFile(file, `${await readFile(file, 'utf8')}{"id":7,"ha`)
    const checkpoints = startCheckpoints({ db: on.db, file, log: silent })
    await note(on, 2)
    await checkpoints.close()
    assert.deepEqual(
      (await readCheckpoints(file)).map((point) => point.id),
      [3, 6, 8],
    )
  })

  test('betrays a tail that was cut together with its head', async () => {
    await tamper(
      on,
      `delete from audit_events where id > 7;
       update audit_head set (id, hash, at) = (select id, hash, at from audit_events where id = 7)`,
    )
    assert.deepEqual(faultsOf(await verifyChain(on.db)), [], 'the database alone cannot tell')
    assert.deepEqual(faultsOf(await verifyChain(on.db, await readCheckpoints(file))), ['checkpoint 8'])
    const checkpoints = startCheckpoints({ db: on.db, file, log: silent })
    assert.equal(await checkpoints.write(), false, 'and the writer will not paper over it')
    const { events, checkpoint, whole } = await describeTrail({ db: on.db, checkpoints })
    assert.deepEqual([events, checkpoint?.id, whole], [7, 8, false])
    await checkpoints.close()
  })

  test('betrays another database in the place of the first', async () => {
    await using other = await testDatabase()
    await note(other, 8, { other: true })
    assert.ok((await verifyChain(other.db)).whole)
    assert.deepEqual(faultsOf(await verifyChain(other.db, await readCheckpoints(file))), [
      'checkpoint 3',
      'checkpoint 6',
      'checkpoint 8',
    ])
  })
})
