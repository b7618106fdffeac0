import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findPlace, type Place } from './embedded-place.ts'
import {
  type Durability,
  findPostmaster,
  initialise,
  logTail,
  spawnPostgres,
  stopPostgres,
  superuser,
} from './embedded-server.ts'
import type { Log } from './log.ts'
import { databaseUnavailable } from './problems.ts'

/** How to reach a database; what `pg` takes. */
export interface Connection {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export interface EmbeddedPostgres {
  readonly connection: Connection
  /** Where its files are: in the data directory, or where its user can reach. */
  readonly home: string
  /** Leaves; whoever leaves last stops the server. */
  close(): Promise<void>
}

export interface EmbeddedNeeds {
  dataDirectory: string
  log: Log
  durability?: Durability
  /** Where root keeps what the user that Postgres runs as could not reach in the data directory or the checkout. */
  systemDirectory?: string
  /** Lets the process end although it has not left (tests); by default it stays, as a server should. */
  background?: boolean
}

/** Whether an open connection keeps the process alive; in `pg` since 8.0, missing from its types. */
type Unrefable = pg.Client & { ref(): void; unref(): void }

const database = 'tessera'
/** Every process holds this lock shared, in the database `postgres`, for as long as it needs the server. */
const presenceLock = 7_355_608

/**
 * The PostgreSQL that comes with Tessera, run by whoever comes first and shared by all processes on a data directory.
 * Each holds a shared lock on a connection of its own, so the server itself knows who is there, however they end;
 * the same connection tells when the server has died, and then everyone tries to bring it back, and one succeeds.
 */
export async function openEmbedded(needs: EmbeddedNeeds): Promise<EmbeddedPostgres> {
  const place = await findPlace(needs.dataDirectory, needs.systemDirectory)
  const durability = needs.durability ?? 'durable'
  await initialise(place, durability)

  const closing = new AbortController()
  let presence = await enter(place, durability, closing.signal)
  await createDatabase(presence)
  let returning: Promise<void> = Promise.resolve()

  const watch = (client: pg.Client): void => {
    if (needs.background) (client as Unrefable).unref()
    client.once('end', () => {
      if (!closing.signal.aborted) returning = comeBack()
    })
  }

  const comeBack = async (): Promise<void> => {
    for (let pauseMs = 100; !closing.signal.aborted; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      needs.log.warn({}, 'the embedded Postgres went away; starting it again')
      try {
        presence = await enter(place, durability, closing.signal)
        needs.log.info({}, 'the embedded Postgres is back')
        return watch(presence)
      } catch (error) {
        if (closing.signal.aborted) return
        needs.log.error({ err: error }, 'the embedded Postgres does not start')
        await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }

  watch(presence)
  return {
    connection: connectionTo(place, presence.host, database),
    home: place.home,
    close: async () => {
      if (closing.signal.aborted) return
      closing.abort()
      await returning
      await leave(presence, place, needs.log)
    },
  }
}

function connectionTo(place: Place, host: string, name: string): Connection {
  return { host, port: 5432, user: superuser, password: place.password, database: name }
}

/** Comes back with a connection that holds the shared lock, having started the server if nobody else had. */
async function enter(place: Place, durability: Durability, closing: AbortSignal): Promise<pg.Client> {
  const patienceMs = 60_000
  const giveUp = performance.now() + patienceMs
  let child: ChildProcess | null = null
  let failures = 0
  for (let attempt = 0; ; attempt++) {
    closing.throwIfAborted()
    const running = await findPostmaster(place)
    if (running && !running.stopping) {
      const client = await tryToEnter(connectionTo(place, running.socketDirectory, 'postgres'))
      // The last to leave had our lock until its own connection was cut; then we got it, on a server that is going.
      const still = client ? await findPostmaster(place) : null
      if (client && still?.pid === running.pid && !still.stopping) return client
      await client?.end().catch(() => undefined)
    }
    if (child && hasEnded(child)) {
      child = null
      failures++
    }
    // A start may fail for a moment while the last of a killed server's processes go; not ten times in a row.
    if (failures >= 10 || performance.now() > giveUp) {
      throw databaseUnavailable({
        detail: `The embedded Postgres does not start in ${place.home}.\n${await logTail(place)}`,
        hint: `Its log is ${place.log}.`,
      })
    }
    if (!running) child ??= await spawnPostgres(place, durability)
    await sleep(Math.min(5 + attempt + 50 * failures, 500))
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

async function tryToEnter(connection: Connection): Promise<pg.Client | null> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000, application_name: 'tessera presence' })
  // Without a listener a lost connection would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [presenceLock])
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    if ((error as { code?: string }).code !== '28P01') return null
    throw databaseUnavailable({
      detail: 'The password in postgres.json is not the one this embedded Postgres was made with.',
      hint: 'Put back the postgres.json that belongs to this data directory.',
    })
  }
}

async function createDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database])
  if (rowCount) return
  await client.query(`create database ${database}`).catch((error: { code?: string }) => {
    // Made by another process in this moment.
    if (error.code !== '42P04' && error.code !== '23505') throw error
  })
}

async function leave(client: pg.Client, place: Place, log: Log): Promise<void> {
  ;(client as Unrefable).ref()
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [presenceLock])
    const { rows } = await client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [presenceLock])
    // Whoever arrives now waits for our lock, loses its connection when the server stops, and starts it again.
    if (rows[0]?.last && !(await stopPostgres(place))) log.warn({}, 'the embedded Postgres did not stop in 30 s')
  } catch {
    // It has gone already.
  } finally {
    await client.end().catch(() => undefined)
  }
}
