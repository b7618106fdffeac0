import { sql } from 'kysely'
import type { OpenDatabase } from './open-database.ts'

/** How the database fares, as its server and this process see it. */
export interface DatabaseFacts {
  readonly version: string
  /** Of one question that takes no work, there and back. */
  readonly latencyMs: number
  readonly bytes: number
  /** Of everybody, and how many people without special rights may open. */
  readonly connections: { readonly used: number; readonly limit: number }
  /** Of this process; `waiting` are requests that find all of them taken. */
  readonly pool: { readonly open: number; readonly limit: number; readonly waiting: number }
}

export async function describeDatabase({ db, pool }: Pick<OpenDatabase, 'db' | 'pool'>): Promise<DatabaseFacts> {
  const { rows } = await sql<{ version: string; bytes: number; used: number; limit: number }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as bytes,
      (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
        - current_setting('reserved_connections')::int as limit`.execute(db)
  const { version, bytes, used, limit } = rows[0]!
  const asked = performance.now()
  await sql`select 1`.execute(db)
  return {
    version,
    latencyMs: performance.now() - asked,
    bytes,
    connections: { used, limit },
    pool: { open: pool.totalCount, limit: pool.options.max, waiting: pool.waitingCount },
  }
}
