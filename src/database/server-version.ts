import { sql } from 'kysely'
import type { Database, Tx } from './change.ts'
import { databaseTooOld } from './problems.ts'

/** The oldest PostgreSQL whose SQL the migrations may use (`uuidv7()`). */
const oldest = 18

/** Refuses a PostgreSQL that is too old, before some migration fails in words that tell nobody why. */
export async function refuseOldServer(db: Database | Tx): Promise<void> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db)
  refuseOldVersion(rows[0]?.version ?? '')
}

export function refuseOldVersion(version: string): void {
  if (Number.parseInt(version, 10) >= oldest) return
  throw databaseTooOld({
    detail: `The database is PostgreSQL ${version}; ${oldest} or later is needed.`,
    hint: 'Upgrade it, or leave [database] url empty: Tessera brings a PostgreSQL along.',
  })
}
