import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { type Connection, type EmbeddedPostgres, openEmbedded } from '#src/database/embedded.ts'
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
 * A fresh migrated database of your own, in some 20 ms: cloned from a template on one Postgres that all test processes
 * share. `close()` drops it. The last process to end stops the server; what a killed one left, the next run clears.
 */
export async function testDatabase({ log = silent, poolSize = 10 } = {}): Promise<TestDatabase> {
  server ??= startServer()
  const { connection, template } = await server
  const name = `t_${process.pid}_${++count}`
  // Not by the first statement that comes: cloning needs a template that nobody is connected to.
  await administer(connection, (client) => client.query(`create database ${name} template ${template}`))
  const opened = connect({ ...connection, database: name }, { log, poolSize, allowExitOnIdle: true })
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await opened.close()
    await administer(connection, (client) => client.query(`drop database ${name} with (force)`))
  }
  const { host, user, password } = connection
  const url = `postgres://${user}:${encodeURIComponent(password)}@/${name}?host=${encodeURIComponent(host)}`
  return { ...opened, url, close, [Symbol.asyncDispose]: close }
}

let server: Promise<{ connection: Connection; template: string }> | undefined
let count = 0

async function startServer(): Promise<{ connection: Connection; template: string }> {
  // One for each checkout and user, so that neither disturbs another.
  const digest = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 8)
  const dataDirectory = path.join(tmpdir(), `tessera-test-${userInfo().uid}-${digest}`)
  await mkdir(dataDirectory, { recursive: true, mode: 0o711 })
  const embedded = await openEmbedded({ dataDirectory, log: silent, durability: 'throwaway', background: true })
  leaveAtEnd(embedded)
  const { connection } = embedded
  const template = await makeTemplate(connection)
  return { connection, template }
}

/** Nothing of ours keeps the process alive, so when it has nothing left to do, it leaves. */
function leaveAtEnd(embedded: EmbeddedPostgres): void {
  process.once('beforeExit', () => void embedded.close())
}

/** A template for each state of the migrations; whoever needs it first makes it, the others wait. */
async function makeTemplate(connection: Connection): Promise<string> {
  const migrations = await readMigrations()
  const digest = createHash('sha256')
    .update(JSON.stringify([...migrations]))
    .digest('hex')
    .slice(0, 12)
  const template = `template_${digest}`
  await administer(connection, async (client) => {
    await client.query('select pg_advisory_lock(1)')
    const { rows } = await client.query<{ datname: string }>(
      `select datname from pg_database where datname ~ '^(t_|template_|draft_)'`,
    )
    const present = rows.map((row) => row.datname)
    for (const name of present.filter((name) => name !== template && isAbandoned(name))) {
      await client.query(`drop database if exists ${name} with (force)`)
    }
    if (present.includes(template)) return
    const draft = `draft_${process.pid}_${digest}`
    await client.query(`create database ${draft}`)
    const opened = connect({ ...connection, database: draft }, { log: silent, poolSize: 2 })
    try {
      await migrate(opened.db)
    } finally {
      await opened.close()
    }
    await client.query(`alter database ${draft} rename to ${template}`)
  })
  return template
}

/** Databases carry the pid of the process that made them; a template of other migrations may be in use by another run. */
function isAbandoned(name: string): boolean {
  const pid = Number(/^(?:t|draft)_(\d+)_/.exec(name)?.[1])
  if (!pid || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function administer<T>(connection: Connection, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}
