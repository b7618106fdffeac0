import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { ContentStore } from '#src/files/content-store.ts'
import { storageAway } from '#src/files/problems.ts'
import { filesHouse } from '#test/dataset-files.ts'
import { silent } from '#test/postgres.ts'
import { ensureTable } from './find-table.ts'
import { takeTable } from './store.ts'
import { workOnTables } from './work-on-tables.ts'

const house = await filesHouse()
const { db } = house
const directory = await mkdtemp(path.join(tmpdir(), 'tessera-work-'))
after(() => rm(directory, { recursive: true, force: true }))

before(async () => {
  await house.join('alice')
  await house.join('bob')
  await house.join('root', 'admin')
})
beforeEach(() => sql`delete from content_tables`.execute(db))

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex')
const stateOf = async (text: string): Promise<string | undefined> =>
  (await db.selectFrom('content_tables').select('state').where('sha256', '=', sha256Of(text)).executeTakeFirst())?.state

/** As of one after the other, a second between them. */
async function depositAll(who: string, texts: readonly string[]): Promise<number> {
  const dataset = await house.makeDataset(who)
  for (const text of texts) await house.deposit(who, dataset, `${sha256Of(text).slice(0, 8)}.csv`, text)
  return dataset
}

/** The depositors, in the order in which their files are taken. */
async function taken(most: number): Promise<string[]> {
  const names = new Map([...house.people].map(([name, { accountId }]) => [accountId as string, name]))
  const order: string[] = []
  while (order.length < most) {
    const table = await takeTable(db, { staleSeconds: 1000 })
    if (!table) break
    order.push(names.get(table.depositor) ?? table.depositor)
  }
  return order
}

test('those whose files wait take turns, however many one of them has', async () => {
  await depositAll('alice', ['a\n1\n', 'a\n2\n', 'a\n3\n', 'a\n4\n'])
  await depositAll('bob', ['b\n1\n', 'b\n2\n'])
  const nobodys = await depositAll('root', ['c\n1\n'])
  await sql`update content_tables set depositor = ${`dataset ${nobodys}`} where sha256 = ${sha256Of('c\n1\n')}`.execute(
    db,
  )
  assert.deepEqual(await taken(9), ['alice', 'bob', `dataset ${nobodys}`, 'alice', 'bob', 'alice', 'alice'])
})

test('a file that no account put there is its dataset’s', async () => {
  const dataset = await depositAll('alice', ['d\n1\n'])
  await sql`update dataset_files set created_by = null where dataset_id = ${dataset}`.execute(db)
  await sql`delete from content_tables`.execute(db)
  const [file] = await db.selectFrom('dataset_files').select('id').where('dataset_id', '=', dataset).execute()
  assert.equal((await house.ask('alice', 'GET', `/v1/files/${file!.id}/table`)).body.state, 'waiting')
  assert.deepEqual(await taken(2), [`dataset ${dataset}`])
})

test('whoever’s files took long lets the others go first', async () => {
  await depositAll('alice', ['e\n1\n', 'e\n2\n', 'e\n3\n'])
  await depositAll('bob', ['f\n1\n', 'f\n2\n', 'f\n3\n'])
  assert.deepEqual(await taken(1), ['alice'])
  const ago = (minutes: number) => sql`now() - make_interval(mins => ${minutes})`
  await sql`update content_tables set taken_at = ${ago(20)}, read_at = ${ago(5)}, state = 'failed', trouble = 'slow'
    where state = 'reading'`.execute(db)
  assert.deepEqual(await taken(5), ['bob', 'bob', 'bob', 'alice', 'alice'])
})

test('a file that takes its time holds up only whoever deposited it', async () => {
  const slow = ['slow\n1\n', 'slow\n2\n', 'slow\n3\n']
  await depositAll('alice', slow)
  await depositAll('bob', ['quick\n1\n', 'quick\n2\n'])
  const isSlow = new Set(slow.map(sha256Of))
  // Somewhere else, from where it never comes.
  const contents: ContentStore = {
    ...house.files.contents,
    pathOf: (sha256) => (isSlow.has(sha256) ? path.join(directory, 'nowhere') : house.files.contents.pathOf(sha256)),
    read: async (sha256, ...more) =>
      isSlow.has(sha256) ? new Readable({ read() {} }) : house.files.contents.read(sha256, ...more),
  }
  const reading = workOnTables({ db, contents, tablesDirectory: path.join(directory, 'tables'), log: silent })
  try {
    const deadline = AbortSignal.timeout(60_000)
    for (const text of ['quick\n1\n', 'quick\n2\n'])
      while ((await stateOf(text)) !== 'read') await setTimeout(100, undefined, { signal: deadline })
    assert.deepEqual(await Promise.all(slow.map(stateOf)), ['reading', 'waiting', 'waiting'])
  } finally {
    await reading.close()
  }
  assert.deepEqual(await Promise.all(slow.map(stateOf)), ['waiting', 'waiting', 'waiting'], 'given back')
})

test('a file that cannot be had for a moment waits for a while, however often that happens', async () => {
  await depositAll('alice', ['away\n1\n'])
  const sha256 = sha256Of('away\n1\n')
  const away: ContentStore = {
    ...house.files.contents,
    pathOf: () => path.join(directory, 'nowhere'),
    read: async () => {
      throw storageAway()
    },
  }
  const tablesDirectory = path.join(directory, 'tables')
  const table = (contents: ContentStore) =>
    ensureTable({ db, contents, tablesDirectory }, { sha256, format: 'csv' }, AbortSignal.timeout(60_000))
  for (let i = 0; i < 3; i++) await assert.rejects(table(away), { code: 'storage-away' })
  const cut: ContentStore = { ...away, read: async () => Readable.from(broken()) }
  await assert.rejects(table(cut), { code: 'storage-away' })
  assert.equal(await stateOf('away\n1\n'), 'waiting')
  assert.deepEqual(await taken(1), [], 'not at once')
  await sql`update content_tables set noticed_at = noticed_at - interval '1 minute'`.execute(db)
  assert.deepEqual(await taken(1), ['alice'])
  await sql`update content_tables set state = 'waiting'`.execute(db)
  assert.equal((await table(house.files.contents)).state, 'read')
})

async function* broken() {
  yield Buffer.from('away')
  throw new TypeError('terminated')
}
