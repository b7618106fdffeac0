import { createHash } from 'node:crypto'
import { mkdir, statfs } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Connection, openEmbedded } from '#src/database/embedded.ts'
import type { Log } from '#src/database/log.ts'
import { migrate, readMigrations } from '#src/database/migrate.ts'
import { connect, type OpenDatabase } from '#src/database/open-database.ts'

export interface TestDatabase extends OpenDatabase {
  /** For code that opens its own connection, e.g. in another process. */
  readonly url: string
  [Symbol.asyncDispose](): Promise<void>
}

/** Says nothing; a test that wants to see the log passes its own. */
export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

/**
 * A fresh database of your own, in some 20 ms: migrated, as a clone of a template on one Postgres that all test processes
 * share (or empty on request). `close()` drops it. The last process stops the server; what a killed one left, the next
 * run clears away.
 */
export async function testDatabase({ log = silent, poolSize = 10, empty = false } = {}): Promise<TestDatabase> {
  server ??= startServer()
  const { connection, admin, template } = await server
  const name = `t_${process.pid}_${++count}`
  await admin.query(`create database ${name} template ${empty ? 'template0' : template} strategy file_copy`)
  const opened = connect({ ...connection, database: name }, { log, poolSize, allowExitOnIdle: true })
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await opened.close()
    await dropDatabase(admin, name)
  }
  const { host, user, password } = connection
  const url = `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}`
  return { ...opened, url, close, [Symbol.asyncDispose]: close }
}

/** A drop sleeps 100 ms when it meets a connection that is just ending, so those are given a moment first. */
async function dropDatabase(admin: pg.Pool, name: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const { rowCount } = await admin.query('select 1 from pg_stat_activity where datname = $1', [name])
    if (!rowCount) break
    await sleep(2)
  }
  await admin.query(`drop database ${name} with (force)`)
}

interface Server {
  connection: Connection
  /** On the database `postgres`, which no test uses. */
  admin: pg.Pool
  template: string
}

let server: Promise<Server> | undefined
let count = 0

async function startServer(): Promise<Server> {
  // One for each checkout and user, so that neither disturbs another.
  const digest = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 8)
  const dataDirectory = path.join(await roomyDirectory(), `tessera-test-${userInfo().uid}-${digest}`)
  await mkdir(dataDirectory, { recursive: true, mode: 0o711 })
  const embedded = await openEmbedded({ dataDirectory, log: silent, durability: 'throwaway', background: true })
  const { connection } = embedded
  const admin = new pg.Pool({ ...connection, database: 'postgres', max: 4, allowExitOnIdle: true })
  admin.on('error', () => undefined)
  // Nothing of ours keeps the process alive; when it has nothing left to do, it leaves.
  process.once('beforeExit', () => void admin.end().then(() => embedded.close()))
  return { connection, admin, template: await makeTemplate(connection, admin) }
}

/** A clone is 300 small files: 11 ms in memory, up to 250 ms on a busy disk. Containers often have little memory there. */
export async function roomyDirectory(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null)
  return memory && memory.bavail * memory.bsize > 2 ** 31 ? '/dev/shm' : tmpdir()
}

/** A template for each state of the migrations; whoever needs it first makes it, the others wait. */
async function makeTemplate(connection: Connection, admin: pg.Pool): Promise<string> {
  const migrations = JSON.stringify([...(await readMigrations())])
  const template = `template_${createHash('sha256').update(migrations).digest('hex').slice(0, 12)}`
  const turn = await admin.connect()
  try {
    await turn.query('select pg_advisory_lock(1)')
    const present = await clearAbandoned(turn)
    if (!present.includes(template)) await fillTemplate(connection, turn, template)
    await turn.query('select pg_advisory_unlock(1)')
    return template
  } finally {
    turn.release()
  }
}

async function fillTemplate(connection: Connection, turn: pg.PoolClient, template: string): Promise<void> {
  const draft = `t_${process.pid}_draft`
  await turn.query(`create database ${draft} template template0`)
  const opened = connect({ ...connection, database: draft }, { log: silent, poolSize: 2 })
  try {
    await migrate(opened.db)
    await opened.close()
    await turn.query(`alter database ${draft} rename to ${template}`)
  } catch (error) {
    await turn.query(`drop database if exists ${draft} with (force)`)
    throw error
  }
}

/** A database's name says whose process made it: without that process, nobody wants it. Templates of old migrations go too. */
async function clearAbandoned(turn: pg.PoolClient): Promise<string[]> {
  const { rows } = await turn.query<{ name: string; old: boolean }>(
    `select datname as name, datname like 'template\\_%' and (pg_stat_file('base/' || oid || '/PG_VERSION')).modification
       < now() - interval '1 day' as old
     from pg_database where datname ~ '^(t_|template_)'`,
  )
  const abandoned = rows.filter(({ name, old }) => old || isOrphan(name)).map(({ name }) => name)
  for (const name of abandoned) await turn.query(`drop database if exists ${name} with (force)`)
  return rows.map(({ name }) => name).filter((name) => !abandoned.includes(name))
}

function isOrphan(name: string): boolean {
  const pid = Number(/^t_(\d+)_/.exec(name)?.[1])
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
