import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { sql } from 'kysely'
import { roomyDirectory, testDatabase } from '#test/postgres.ts'
import { backUp, type KeptFiles } from './back-up.ts'
import type { Manifest } from './backup-format.ts'
import type { Database } from './change.ts'
import { migrate, migrateTo } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { restoreBackup } from './restore-backup.ts'
import { unfinishedRestore } from './unfinished-restore.ts'

const clock = { now: () => new Date('2026-03-01T12:00:00Z') }
const keeps: KeptFiles[] = [
  { changing: ['secrets'] },
  { fixed: () => Promise.resolve(['warehouse/jobs-7.duckdb', 'imports/jobs/a.parquet']) },
]

describe('a backup', () => {
  let root: string
  let data: string
  let target: string
  let other: string
  beforeEach(async () => {
    root = await mkdtemp(path.join(await roomyDirectory(), 'tessera-backup-'))
    data = path.join(root, 'var')
    target = path.join(root, 'backup')
    other = path.join(root, 'other')
    for (const directory of ['secrets', 'warehouse', 'imports/jobs']) {
      await mkdir(path.join(data, directory), { recursive: true })
    }
    await writeFile(path.join(data, 'secrets/pepper'), 'salt', { mode: 0o600 })
    await writeFile(path.join(data, 'warehouse/jobs-7.duckdb'), Buffer.alloc(300_000, 7))
    await writeFile(path.join(data, 'warehouse/jobs-6.duckdb'), 'collected soon')
    await writeFile(path.join(data, 'imports/jobs/a.parquet'), 'rows')
  })
  afterEach(() => rm(root, { recursive: true }))

  const back = (db: Database, to = target) => backUp({ db, dataDirectory: data, keeps, version: '1.0.0', clock }, to)
  const restore = (db: Database, { replace = false, from = target } = {}) =>
    restoreBackup({ db, dataDirectory: other, clock }, from, { replace })

  test('brings back every row, file and next number, to the byte', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    const made = await back(source.db)

    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    await restore(empty.db)
    assert.deepEqual(await migrate(empty.db), [], 'the restored database is at this version')
    assert.equal(await readFile(path.join(other, 'secrets/pepper'), 'utf8'), 'salt')
    assert.equal((await stat(path.join(other, 'secrets/pepper'))).mode & 0o777, 0o600)
    assert.deepEqual(await readdir(path.join(other, 'warehouse')), ['jobs-7.duckdb'])

    const again = await backUp(
      { db: empty.db, dataDirectory: other, keeps, version: '1.0.0', clock },
      path.join(root, 'again'),
    )
    assert.deepEqual(again, made, 'a backup of the restored is the same backup')
  })

  test('keeps constraints and guards alive in what it restores', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    await back(source.db)
    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    await restore(empty.db)
    await assert.rejects(sql`delete from audit_events`.execute(empty.db), /append-only/)
    await assert.rejects(
      sql`insert into sessions (account_id, secret_hash, created_at, authenticated_at, last_seen_at, expires_at)
        values (gen_random_uuid(), decode(repeat('00', 32), 'hex'), now(), now(), now(), now())`.execute(empty.db),
      { code: '23503' },
    )
  })

  test('is of one moment, whatever is written meanwhile', async () => {
    await using source = await testDatabase()
    await fill(source.db)
    const writing = new AbortController()
    const writer = (async () => {
      while (!writing.signal.aborted) {
        await source.db.transaction().execute(async (tx) => {
          await sql`insert into accounts (user_name, kind, role, display_name)
            values (gen_random_uuid()::text, 'person', 'member', 'x')`.execute(tx)
          await sql`update audit_head set id = (select count(*) from accounts)`.execute(tx)
        })
      }
    })()
    await back(source.db)
    writing.abort()
    await writer
    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    await restore(empty.db)
    const { rows } = await sql<{ accounts: number; noted: number }>`
      select (select count(*) from accounts) as accounts, (select id from audit_head) as noted`.execute(empty.db)
    assert.equal(rows[0]?.accounts, rows[0]?.noted)
  })

  test('that was changed, cut short or left unfinished is refused, and nothing is restored', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    const accounts = 'tables/accounts.ndjson.gz'
    const damages: [string, RegExp, () => Promise<unknown>][] = [
      ['changed', /accounts.*was changed/, () => flipByte(path.join(target, accounts))],
      [
        'cut short',
        /jobs-7\.duckdb has 299999 bytes/,
        () => truncate(path.join(target, 'files/warehouse/jobs-7.duckdb'), 299_999),
      ],
      ['missing', /pepper is missing/, () => rm(path.join(target, 'files/secrets/pepper'))],
      ['unfinished', /never finished/, () => rm(path.join(target, 'manifest.json'))],
      ['escaping', /format/, () => rewrite(path.join(target, 'manifest.json'), '"secrets/pepper"', '"../pepper"')],
    ]
    for (const [what, message, damage] of damages) {
      await back(source.db)
      await damage()
      await assert.rejects(restore(empty.db), { code: 'backup-damaged' }, what)
      await assert.rejects(
        restore(empty.db),
        (error: Error) => message.test(error.message) || message.test(String(error.cause)),
      )
      await rm(target, { recursive: true })
    }
    await assert.rejects(readdir(other))
    const { rows } = await sql`select from pg_class where relnamespace = 'public'::regnamespace`.execute(empty.db)
    assert.equal(rows.length, 0)
  })

  test('leaves nothing behind when it cannot be finished', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await rm(path.join(data, 'imports/jobs/a.parquet'))
    await assert.rejects(back(source.db), { code: 'backup-failed', message: /disappearing/ })
    assert.deepEqual(await readdir(root), ['var'])
  })

  test('that was killed in the middle does not look like one', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    const script = `
      import { backUp } from '#src/database/back-up.ts'
      import { connect } from '#src/database/open-database.ts'
      const log = { info() {}, warn() {}, error() {} }
      const { db } = connect({ connectionString: ${JSON.stringify(source.url)} }, { log })
      const keeps = [{ changing: ['secrets'] }, { fixed: () => { console.log('half'); return new Promise(() => {}) } }]
      await backUp({ db, dataDirectory: ${JSON.stringify(data)}, keeps, version: '1', clock: { now: () => new Date() } },
        ${JSON.stringify(target)})`
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: path.resolve(import.meta.dirname, '../..'),
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const left = (await readdir(root)).filter((name) => name !== 'var')
    assert.equal(left.length, 1)
    assert.match(left[0]!, /^backup\.partial-/)
    await assert.rejects(restore(source.db, { from: path.join(root, left[0]!) }), { code: 'backup-damaged' })
  })

  test('overwrites nothing', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await back(source.db)
    await assert.rejects(back(source.db), { code: 'backup-target' })
  })

  test('of an older version is brought to this one; of a newer one it is refused', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    const { migrations } = await back(source.db)
    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    const manifest = path.join(target, 'manifest.json')
    await rewrite(manifest, `"${migrations.at(-1)}"`, `"${migrations.at(-1)}", "9999-future"`)
    await assert.rejects(restore(empty.db), { code: 'restore-refused', message: /newer/ })

    const kept = new Set((await tablesAt(migrations[2])).map((name) => name))
    await editManifest(manifest, (made) => ({
      ...made,
      migrations: migrations.slice(0, 3),
      tables: made.tables.filter((table) => kept.has(table.name)),
      sequences: [],
    }))
    await restore(empty.db)
    assert.deepEqual(await migrate(empty.db), [])
    const { rows } = await sql`select from accounts`.execute(empty.db)
    assert.equal(rows.length, 2)
  })

  test('does not fall on a database that holds something, unless told', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    await back(source.db)
    await using used = await testDatabase({ poolSize: 1 })
    await mkdir(path.join(other, 'secrets'), { recursive: true })
    await writeFile(path.join(other, 'secrets/pepper'), 'mine')
    await assert.rejects(restore(used.db), { code: 'restore-refused', message: /other files/ })
    await rm(path.join(other, 'secrets/pepper'))
    await assert.rejects(restore(used.db), { code: 'restore-refused', message: /not empty/ })

    await writeFile(path.join(other, 'secrets/pepper'), 'mine')
    await restore(used.db, { replace: true })
    assert.equal((await sql`select from accounts`.execute(used.db)).rows.length, 2)
    assert.equal(await readFile(path.join(other, 'secrets/pepper'), 'utf8'), 'salt')
    const aside = (await readdir(other)).find((name) => name.startsWith('replaced-'))
    assert.equal(await readFile(path.join(other, aside!, 'secrets/pepper'), 'utf8'), 'mine')
  })

  test('is not restored under a server that runs', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await back(source.db)
    await using busy = await testDatabase({ poolSize: 2 })
    const server = await busy.pool.connect()
    await assert.rejects(restore(busy.db, { replace: true }), { code: 'restore-refused', message: /in use by tessera/ })
    server.release()
    await assert.rejects(stat(path.join(other, 'secrets/pepper')))
  })

  test('whose restore fails at the end changes neither files nor database', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await fill(source.db)
    await back(source.db)
    await editManifest(path.join(target, 'manifest.json'), (made) => ({
      ...made,
      tables: made.tables.map((table) => (table.name === 'sessions' ? { ...table, rows: table.rows + 1 } : table)),
    }))
    await using used = await testDatabase({ poolSize: 1 })
    await mkdir(path.join(other, 'secrets'), { recursive: true })
    await writeFile(path.join(other, 'secrets/pepper'), 'mine')
    await assert.rejects(restore(used.db, { replace: true }), { code: 'backup-damaged', message: /sessions/ })
    assert.equal(await readFile(path.join(other, 'secrets/pepper'), 'utf8'), 'mine')
    await assert.rejects(stat(path.join(other, 'warehouse/jobs-7.duckdb')))
    await assert.rejects(stat(unfinishedRestore(other)))
    assert.equal((await sql`select from accounts`.execute(used.db)).rows.length, 0)
    assert.equal((await sql`select from audit_head`.execute(used.db)).rows.length, 1)
  })

  test('whose restore was killed keeps servers from starting until it is restored again', async () => {
    await using source = await testDatabase({ poolSize: 1 })
    await back(source.db)
    await mkdir(other)
    await writeFile(unfinishedRestore(other), target)
    await using empty = await testDatabase({ empty: true, poolSize: 1 })
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    await assert.rejects(openDatabase({ url: empty.url, dataDirectory: other, log }), { code: 'restore-unfinished' })
    await restore(empty.db)
    await (await openDatabase({ url: empty.url, dataDirectory: other, log })).close()
  })
})

/** Rows that a careless dump would change: odd blanks in JSON, bytes, quotes, line ends, microseconds. */
async function fill(db: Database): Promise<void> {
  await sql`insert into accounts (user_name, kind, role, display_name) values
    ('anna', 'person', 'admin', E'An "na"\\n\\\\ {x} ünï, \\t(y)'), ('ben', 'person', 'member', 'Ben')`.execute(db)
  await sql`insert into sessions (account_id, secret_hash, created_at, authenticated_at, last_seen_at, expires_at)
    select id, decode(repeat('ff0a2700', 8), 'hex'), '2026-01-01T00:00:00.123456Z', now(), now(), now() from accounts
    limit 1`.execute(db)
  await sql`insert into audit_events (id, at, verb, subject_type, via, detail, prev_hash, hash) values
    (1, now(), 'account.created', 'account', 'command', E'{"a":  1.0,\\n "b": "\\\\u00e9 \\\\n"}',
      decode(repeat('00', 32), 'hex'), decode(repeat('0a', 32), 'hex'))`.execute(db)
  // More than are fetched or inserted at once.
  await sql`insert into access_changes (epoch, subject) select n, 'account:' || n from generate_series(1, 1203) n`.execute(
    db,
  )
  await sql`insert into hpc_qos (name) select 'q' || n from generate_series(1, 5) n`.execute(db)
}

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(file, bytes)
}

async function rewrite(file: string, from: string, to: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(from, to))
}

async function editManifest(file: string, edit: (manifest: Manifest) => Manifest): Promise<void> {
  await writeFile(file, JSON.stringify(edit(JSON.parse(await readFile(file, 'utf8')) as Manifest)))
}

/** The tables there were after one migration. */
async function tablesAt(migration: string | undefined): Promise<string[]> {
  await using database = await testDatabase({ empty: true, poolSize: 1 })
  await migrateTo(database.db, migration ?? null)
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(
    database.db,
  )
  return rows.map((row) => row.name)
}
