import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import { testDatabase } from '#test/postgres.ts'
import { type ContentStore, openContentStore } from './content-store.ts'
import { relativePath } from './shelf.ts'
import { ContentTooLarge } from './write-blocks.ts'

/** A store whose contents are named by the rows of a table of one column. */
async function storeOf(t: TestContext) {
  const database = await testDatabase({ empty: true })
  const { db } = database
  const directory = await mkdtemp(path.join(tmpdir(), 'contents-'))
  t.after(async () => {
    await database.close()
    await rm(directory, { recursive: true })
  })
  await sql`create table things (sha256 text)`.execute(db)
  const namedBy = async (tx: Tx, sha256s: readonly string[]): Promise<string[]> => {
    const { rows } = await sql<{
      sha256: string
    }>`select sha256 from things where sha256 = any(${[...sha256s]})`.execute(tx)
    return rows.map(({ sha256 }) => sha256)
  }
  const store = openContentStore({ directory, namedBy: [namedBy] })
  return { db, directory, store, keep: (content: Readable | Uint8Array) => keepIn(store, db, content) }
}

async function keepIn(store: ContentStore, db: Database, content: Readable | Uint8Array): Promise<string> {
  const draft = await store.draft(content)
  await db.transaction().execute(async (tx) => {
    await draft.keep(tx)
    await sql`insert into things values (${draft.sha256})`.execute(tx)
  })
  return draft.sha256
}

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name)
}

test('content is kept under its hash, once, and read whole or in part', async (t) => {
  const { directory, store, keep } = await storeOf(t)
  const content = randomBytes(300_000)
  const pieces = [content.subarray(0, 1), content.subarray(1, 200_000), content.subarray(200_000)]
  assert.equal(await keep(Readable.from(pieces)), hashOf(content))
  assert.equal(await keep(content), hashOf(content))
  assert.deepEqual(await filesIn(directory), [hashOf(content)])
  assert.ok((await buffer((await store.read(hashOf(content)))!)).equals(content))
  const part = await buffer((await store.read(hashOf(content), { start: 7, end: 9 }))!)
  assert.ok(part.equals(content.subarray(7, 10)))
  assert.equal(await store.withFile(hashOf(content), async (file) => (await stat(file)).mode & 0o777), 0o600)
})

test('what does not exist is null, and nothing but a hash leads anywhere', async (t) => {
  const { store } = await storeOf(t)
  assert.equal(await store.read('0'.repeat(64)), null)
  for (const name of ['../secrets/key', `${'0'.repeat(62)}/.`, 'A'.repeat(64), ''])
    await assert.rejects(store.read(name))
  assert.equal(relativePath('ab'.padEnd(64, '0')), `ab/${'ab'.padEnd(64, '0')}`)
})

test('a stream that fails, is too long or is given up leaves nothing', async (t) => {
  const { directory, store } = await storeOf(t)
  async function* failing() {
    yield Buffer.from('half')
    throw new Error('no more')
  }
  await assert.rejects(store.draft(Readable.from(failing())), /no more/)
  await assert.rejects(store.draft(Readable.from([Buffer.alloc(11)]), { maxBytes: 10 }), ContentTooLarge)
  const given = new AbortController()
  async function* endless() {
    for (;;) {
      yield Buffer.alloc(1000)
      await sleep(5)
    }
  }
  const source = Readable.from(endless())
  const drafting = store.draft(source, { signal: given.signal })
  setTimeout(() => given.abort(new Error('given up')), 50)
  await assert.rejects(drafting, /given up/)
  assert.ok(source.destroyed)
  const draft = await store.draft(Buffer.from('unwanted'))
  await draft.discard()
  assert.deepEqual(await filesIn(directory), [])
})

test('a gigabyte passes through in constant memory', async (t) => {
  const { store } = await storeOf(t)
  const piece = randomBytes(1 << 20)
  function* gigabyte() {
    for (let i = 0; i < 1024; i++) yield piece
  }
  let most = 0
  const before = process.memoryUsage().rss
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before)
  }, 20)
  const draft = await store.draft(Readable.from(gigabyte()))
  clearInterval(watch)
  assert.equal(draft.bytes, 1024 * piece.length)
  await draft.discard()
  assert.ok(most < 150e6, `it took ${Math.round(most / 1e6)} MB`)
})

test('a sweep deletes what no row names any more, and nothing else', async (t) => {
  const { db, store, keep } = await storeOf(t)
  const [kept, dropped] = [await keep(Buffer.from('kept')), await keep(Buffer.from('dropped'))]
  await keep(Buffer.from('kept'))
  await sql`delete from things where ctid in (select ctid from things where sha256 = ${kept} limit 1)`.execute(db)
  await sql`delete from things where sha256 = ${dropped}`.execute(db)
  assert.deepEqual(await store.sweep(db), { deleted: 1, bytes: 7 })
  assert.equal(await store.read(dropped), null)
  assert.equal(await text((await store.read(kept))!), 'kept')
  assert.deepEqual(await store.sweep(db), { deleted: 0, bytes: 0 })
})

test('what a transaction kept that was rolled back is swept, or kept by the next', async (t) => {
  const { db, store } = await storeOf(t)
  const draft = await store.draft(Buffer.from('twice'))
  const keeping = db.transaction().execute(async (tx) => {
    await draft.keep(tx)
    throw new Error('rolled back')
  })
  await assert.rejects(keeping, /rolled back/)
  await db.transaction().execute(async (tx) => {
    await draft.keep(tx)
    await sql`insert into things values (${draft.sha256})`.execute(tx)
  })
  assert.equal((await store.sweep(db)).deleted, 0)
  assert.equal(await text((await store.read(draft.sha256))!), 'twice')
})

test('sweeps beside those who keep the same content again and again delete nothing that is named', async (t) => {
  const { db, store } = await storeOf(t)
  const contents = ['a', 'b', 'c'].map((word) => Buffer.from(word.repeat(1000)))
  let over = false
  let swept = 0
  const sweeper = (async () => {
    while (!over) swept += (await store.sweep(db)).deleted
  })()
  const keepers = contents.flatMap((content) =>
    [1, 2].map(async () => {
      for (let round = 0; round < 60; round++) {
        const sha256 = await keepIn(store, db, content)
        const found = await store.read(sha256)
        assert.ok(found, `round ${round}: the row is there, the content is not`)
        found.destroy()
        await sql`delete from things where ctid in (select ctid from things where sha256 = ${sha256} limit 1)`.execute(
          db,
        )
      }
    }),
  )
  await Promise.all(keepers)
  over = true
  await sweeper
  assert.ok(swept > 3, `only ${swept} were swept, so the test showed nothing`)
})

test('who keeps very many contents at once takes few locks, and a sweep waits for none of them', async (t) => {
  const { db, store, keep } = await storeOf(t)
  const dropped = await keep(Buffer.from('dropped'))
  await sql`delete from things`.execute(db)
  await db.transaction().execute(async (tx) => {
    for (let i = 0; i < 600; i++) await store.hold(tx, hashOf(Buffer.from(String(i))))
    await store.hold(tx, dropped)
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`.execute(tx)
    assert.ok(rows[0]!.count <= 256, `it took ${rows[0]!.count} locks`)
    assert.equal((await store.sweep(db)).deleted, 0)
  })
  assert.equal((await store.sweep(db)).deleted, 1)
})

test('drafts of processes that are gone are cleared away, those of living ones and other machines are not', async (t) => {
  const { db, directory, store } = await storeOf(t)
  const mine = await store.draft(Buffer.from('mine'))
  const [name = ''] = await filesIn(directory)
  const [machine, , random] = name.split('-')
  const leave = async (left: string, ageHours = 0) => {
    const file = path.join(directory, 'drafts', left)
    await writeFile(file, 'left')
    const then = new Date(Date.now() - ageHours * 3_600_000)
    await utimes(file, then, then)
  }
  await leave(`${machine}-4194999-${random}`)
  // Its own number, from before it was restarted.
  await leave(`${machine}-${process.pid}-${'0'.repeat(18)}`)
  await leave(`00000000-1-${random}`)
  await leave(`00000000-2-${random}`, 7)
  await leave(`${machine}-${process.ppid}-${random}`)
  await store.sweep(db)
  assert.deepEqual(
    (await filesIn(directory)).sort(),
    [`00000000-1-${random}`, `${machine}-${process.ppid}-${random}`, name].sort(),
  )
  await mine.discard()
})
