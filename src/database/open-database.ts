import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './change.ts'
import { type Connection, openEmbedded } from './embedded.ts'
import type { Log } from './log.ts'
import type { Tables } from './tables.ts'
import { refuseUnfinishedRestore } from './unfinished-restore.ts'

export interface OpenDatabase {
  readonly db: Database
  /** For the few hot paths that send named statements themselves. */
  readonly pool: pg.Pool
  /** For those who keep a connection of their own (LISTEN, the queue). */
  readonly connection: pg.ClientConfig
  /** Where the embedded one keeps its files; null: it is a given one. */
  readonly home: string | null
  close(): Promise<void>
}

export interface OpenDatabaseNeeds {
  /** Empty or missing: the embedded one under the data directory. */
  url?: string | undefined
  dataDirectory: string
  log: Log
  /** Connections of this process; the embedded server allows 100 in all. */
  poolSize?: number
  /** Opens although a restore was interrupted: for the command that finishes it. */
  restoring?: boolean
}

/** Opens the given database, or the embedded one (starting it when nobody has). */
export async function openDatabase(needs: OpenDatabaseNeeds): Promise<OpenDatabase> {
  if (!needs.restoring) await refuseUnfinishedRestore(needs.dataDirectory)
  const embedded = needs.url ? null : await openEmbedded(needs)
  const target = embedded ? { ...embedded.connection } : { connectionString: needs.url, keepAlive: true }
  const opened = connect(target, needs)
  return {
    ...opened,
    home: embedded?.home ?? null,
    close: async () => {
      await opened.close()
      await embedded?.close()
    },
  }
}

/** A pool and Kysely over one database that runs already. */
export function connect(
  target: Connection | pg.ClientConfig,
  { log, poolSize = 10, allowExitOnIdle = false }: { log: Log; poolSize?: number; allowExitOnIdle?: boolean },
): OpenDatabase {
  const connection: pg.ClientConfig = { ...target, types: valueTypes, application_name: 'tessera' }
  const pool = new pg.Pool({
    ...connection,
    max: poolSize,
    allowExitOnIdle,
    connectionTimeoutMillis: 10_000,
    // A process that was stopped in the middle of a change must not keep everyone else waiting for its locks.
    idle_in_transaction_session_timeout: 60_000,
  })
  // A connection may be lost at any time, idle or lent out; its next query says so. Unheard, it would end the process.
  // Of the error only what it says: `pg` hangs the whole connection on it, with what it takes to cancel its queries.
  const lost = ({ message }: Error): void => {
    if (!pool.ending) log.warn({ reason: message }, 'a database connection was lost')
  }
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async (): Promise<void> => {
    await db.destroy()
    // Kysely leaves the pool open when it has never asked anything itself.
    if (!pool.ended) await pool.end()
  }
  return { db, pool, connection, home: null, close }
}

/** What a column's text becomes, decided here once; `scripts/write-tables.ts` says the same to the compiler. */
const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, readInt8],
  // A day, not an instant: as a Date it would move with the machine's time zone.
  [pg.types.builtins.DATE, (text) => text],
])

/** A count that a double can't hold exactly is an error, not a silently different number. */
function readInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large to read as a number`)
  return value
}

/** int8 is a number, timestamptz a Date, date a string; numeric stays text, because it is exact. */
const valueTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format as 'text'),
}
