import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { actor, localCaller } from '#src/access/caller.ts'
import { databaseProxy } from '#test/database-proxy.ts'
import { type TestDatabase, testDatabase } from '#test/postgres.ts'
import { type Changer, makeChanger } from './change.ts'
import { type AccessSubject, type Announce, leaseMs, makeAnnounce, openLease } from './lease.ts'

let database: TestDatabase
let announce: Announce
let changer: Changer
const system = actor(localCaller('system', 'test'))

before(async () => {
  database = await testDatabase()
  announce = makeAnnounce(database.db)
  changer = makeChanger(database.db, async () => undefined)
})
after(() => database.close())

const shrink = (...subjects: AccessSubject[]) => changer(system, (change) => announce(change, subjects))

/** A lease that keeps what it hears. */
async function listening(connection = database.connection) {
  const lease = await openLease({ connection })
  const heard: (AccessSubject | 'everything')[] = []
  lease.onChange((changes) => heard.push(...(changes === 'everything' ? ['everything' as const] : changes)))
  return { lease, heard }
}

const until = async (holds: () => boolean | Promise<boolean>) => {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return
    await sleep(10)
  }
  assert.fail('this has not come about within four seconds')
}

test('a change returns only after every process has heard of it', async () => {
  const processes = await Promise.all([listening(), listening(), listening()])
  for (let round = 0; round < 20; round++) {
    await shrink(`token:${round}`)
    for (const { heard } of processes) assert.equal(heard.at(-1), `token:${round}`)
  }
  await Promise.all(processes.map(({ lease }) => lease.close()))
})

test('changes made at the same time are all heard, each before it returns', async () => {
  const { lease, heard } = await listening()
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      await shrink(`token:many-${i}`, `account:${i}`)
      assert.ok(heard.includes(`token:many-${i}`) && heard.includes(`account:${i}`))
    }),
  )
  assert.equal(heard.length, 80)
  await lease.close()
})

test('a change that is rolled back is heard by nobody', async () => {
  const { lease, heard } = await listening()
  const broken = changer(system, async (change) => {
    await announce(change, 'token:kept')
    throw new Error('no')
  })
  await assert.rejects(broken, /no/)
  await shrink('token:gone')
  assert.deepEqual(heard, ['token:gone'])
  await lease.close()
})

test('a process that joins while a change commits is waited for', async () => {
  const joined: Awaited<ReturnType<typeof listening>>[] = []
  await changer(system, async (change) => {
    await announce(change, 'token:early')
    // The epoch is bumped but not committed: the lease starts from the one before.
    joined.push(await listening())
    assert.deepEqual(joined[0]?.heard, [])
  })
  assert.deepEqual(joined[0]?.heard, ['token:early'])
  await joined[0]?.lease.close()
})

test('a dead process delays one change for as long as its lease can last, and is then forgotten', async () => {
  await sql`insert into leases (process_id, acked_epoch) values (${randomUUID()}, 0)`.execute(database.db)
  const began = performance.now()
  await shrink('token:a')
  assert.ok(performance.now() - began >= leaseMs)
  const { rows } = await sql`select from leases`.execute(database.db)
  assert.equal(rows.length, 0)
})

test('a process cut off from the database stops trusting its memory before a change returns', async () => {
  const proxy = await databaseProxy(database.connection)
  const { lease, heard } = await listening(proxy.connection)
  await until(() => lease.held())
  proxy.block()
  await shrink('token:x')
  assert.equal(lease.held(), false)
  assert.deepEqual(heard, [])
  proxy.unblock()
  await until(() => lease.held())
  assert.deepEqual(heard, ['token:x'])
  await lease.close()
  await proxy.close()
})

test('a lost connection is replaced, and what was changed meanwhile is heard before the lease holds again', async () => {
  const proxy = await databaseProxy(database.connection)
  const { lease, heard } = await listening(proxy.connection)
  for (let round = 0; round < 5; round++) {
    proxy.cut()
    await shrink(`token:round-${round}`)
    assert.ok(heard.includes(`token:round-${round}`) || !lease.held())
    await until(() => lease.held())
    assert.ok(heard.includes(`token:round-${round}`))
  }
  await lease.close()
  await proxy.close()
})

test('a process hears without NOTIFY, by its own renewals', async () => {
  const { lease, heard } = await listening()
  await sql`
    with bumped as (update access_epoch set epoch = epoch + 1 returning epoch)
    insert into access_changes (epoch, subject) select epoch, 'token:silent' from bumped`.execute(database.db)
  await until(() => heard.includes('token:silent'))
  await lease.close()
})

test('who has missed more changes than are kept forgets everything', async () => {
  const proxy = await databaseProxy(database.connection)
  const { lease, heard } = await listening(proxy.connection)
  proxy.block()
  await shrink('token:p')
  await sql`delete from access_changes`.execute(database.db)
  await shrink('token:q')
  proxy.unblock()
  await until(() => heard.length > 0)
  assert.deepEqual(heard, ['everything'])
  await lease.close()
  await proxy.close()
})

test('a step of the wall clock only ever takes a lease away', async (t) => {
  const { lease } = await listening()
  const now = Date.now()
  const clock = t.mock.method(Date, 'now', () => now + 3_600_000)
  assert.equal(lease.held(), false)
  clock.mock.mockImplementation(() => now - 3_600_000)
  assert.equal(lease.held(), false)
  clock.mock.restore()
  await until(() => lease.held())
  await lease.close()
  assert.equal(lease.held(), false)
})

test('a lease given back leaves no row that others would wait for', async () => {
  const { lease } = await listening()
  await lease.close()
  const { rows } = await sql`select from leases`.execute(database.db)
  assert.equal(rows.length, 0)
})

test('another server, which may know less than the one before, makes a process forget everything', async () => {
  const replica = await testDatabase()
  const proxy = await databaseProxy(database.connection)
  const connection = { ...proxy.connection }
  const { lease, heard } = await listening(connection)
  try {
    for (let round = 0; round < 3; round++) await shrink(`token:lost-${round}`)
    heard.length = 0
    Object.assign(connection, replica.connection)
    proxy.cut()
    await until(() => heard.length > 0 && lease.held())
    assert.deepEqual(heard, ['everything'])
    // Its epoch is behind: what is announced there next must not pass for known.
    const there = makeChanger(replica.db, async () => undefined)
    await there(system, (change) => makeAnnounce(replica.db)(change, 'token:new'))
    assert.deepEqual(heard, ['everything', 'token:new'])
  } finally {
    await lease.close()
    await proxy.close()
    await replica.close()
  }
})
