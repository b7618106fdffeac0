import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { sql } from 'kysely'
import type { Tx } from '#src/database/change.ts'
import { Problem } from '#src/problem/problem.ts'
import { testDatabase } from '#test/postgres.ts'
import { s3Server } from '#test/s3.ts'
import { openContentStore } from './content-store.ts'
import { s3Shelf } from './s3-shelf.ts'
import { relativePath } from './shelf.ts'

const server = await s3Server()
const database = await testDatabase({ empty: true })
const directory = await mkdtemp(path.join(tmpdir(), 'contents-'))
after(async () => {
  await server.close()
  await database.close()
  await rm(directory, { recursive: true })
})
const { db } = database
await sql`create table things (sha256 text)`.execute(db)
const namedBy = async (tx: Tx, sha256s: readonly string[]): Promise<string[]> => {
  const { rows } = await sql<{ sha256: string }>`select sha256 from things where sha256 = any(${[...sha256s]})`.execute(
    tx,
  )
  return rows.map(({ sha256 }) => sha256)
}
const drafts = path.join(directory, 'drafts')
const { place } = server
const store = openContentStore({ directory, namedBy: [namedBy], shelf: s3Shelf({ place, drafts, freshMs: 0 }) })

const hashOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

async function keep(content: Readable | Uint8Array): Promise<string> {
  const draft = await store.draft(content)
  await db.transaction().execute(async (tx) => {
    await draft.keep(tx)
    await sql`insert into things values (${draft.sha256})`.execute(tx)
  })
  return draft.sha256
}

test('content of any size comes back from the bucket, whole and in part, and leaves nothing on the disk', async () => {
  for (const length of [0, 1, 100_000, 16 * 1024 * 1024, 40_000_000]) {
    const content = randomBytes(length)
    const sha256 = await keep(Readable.from([content.subarray(0, length >> 1), content.subarray(length >> 1)]))
    assert.equal(sha256, hashOf(content))
    assert.ok((await buffer((await store.read(sha256))!)).equals(content), `${length} bytes`)
    assert.ok(await store.withFile(sha256, async (file) => (await readFile(file)).equals(content)))
    if (length < 10) continue
    assert.ok((await buffer((await store.read(sha256, { start: 7, end: 9 }))!)).equals(content.subarray(7, 10)))
    const end = { start: length - 5, end: length - 1 }
    assert.ok((await buffer((await store.read(sha256, end))!)).equals(content.subarray(-5)))
  }
  assert.deepEqual(await readdir(drafts), [])
  assert.equal(await store.read('0'.repeat(64)), null)
  assert.equal(await store.withFile('0'.repeat(64), async () => 1), null)
})

test('a sweep deletes objects that no row names, and none that a row names', async () => {
  const kept = await keep(randomBytes(1000))
  const gone = await keep(randomBytes(2000))
  const never = await store.draft(randomBytes(3000))
  await sql`delete from things where sha256 = ${gone}`.execute(db)
  const { deleted, bytes } = await store.sweep(db)
  assert.deepEqual([deleted, bytes], [2, 5000])
  assert.ok(await store.read(kept))
  assert.equal(await store.read(gone), null)
  // Swept between being brought and being kept: the draft is still here, and goes again.
  await db.transaction().execute(async (tx) => {
    await never.keep(tx)
    await sql`insert into things values (${never.sha256})`.execute(tx)
  })
  assert.ok(await store.read(never.sha256))
  const none = await store.sweep(db)
  assert.equal(none.deleted, 0)
})

test('what came within the hour is left alone: its transaction may be under way', async () => {
  const draft = await store.draft(randomBytes(500))
  const patient = openContentStore({ directory, namedBy: [namedBy], shelf: s3Shelf({ place, drafts }) })
  assert.equal((await patient.sweep(db)).deleted, 0)
  assert.ok(await store.read(draft.sha256))
  await draft.discard()
  assert.equal((await store.sweep(db)).deleted, 1)
})

test('the same content is one object, and is not sent again', async () => {
  const content = randomBytes(100_000)
  const sha256 = await keep(content)
  const there = server.directory
  const find = async () =>
    (await readdir(there, { recursive: true, withFileTypes: true })).find(
      ({ name }) => name.includes(sha256) && name.endsWith('object'),
    )
  assert.ok(await find(), `nothing is called ${relativePath(sha256)}`)
  assert.equal(await keep(content), sha256)
  await store.check()
})

test('a storage that fails is said to be away, and its key is not told', async (t) => {
  const failing = createServer((_, reply) => reply.writeHead(503).end()).listen(0, '127.0.0.1')
  t.after(() => failing.close())
  await once(failing, 'listening')
  const { port } = failing.address() as AddressInfo
  const broken = { ...place, endpoint: `http://127.0.0.1:${port}`, secretKey: 'hunter2' }
  const away = openContentStore({ directory, namedBy: [namedBy], s3: broken })
  for (const attempt of [() => away.read('0'.repeat(64)), () => away.draft(randomBytes(10)), () => away.check()]) {
    const error = await attempt().then(
      () => null,
      (error: unknown) => error,
    )
    assert.ok(error instanceof Problem && error.code === 'storage-away', String(error))
    assert.ok(!JSON.stringify([error, error.stack, String(error.details.cause)]).includes('hunter2'))
  }
  assert.deepEqual(await readdir(drafts), [])
})

test('an unknown key opens nothing', async () => {
  const wrong = openContentStore({ directory, namedBy: [namedBy], s3: { ...place, accessKey: 'NOBODY' } })
  await assert.rejects(wrong.draft(randomBytes(10)), /does not answer as it should/)
})
