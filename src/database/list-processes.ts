import { sql } from 'kysely'
import type { Database } from './change.ts'

/** A server or worker that holds a lease (see lease.ts), or held one until it died. */
export interface LeasedProcess {
  readonly id: string
  /** Since it renewed its lease; it does so several times a second. */
  readonly renewedMsAgo: number
  /** Changes of rights that it has not heard of yet. */
  readonly behind: number
}

export async function listProcesses(db: Database): Promise<LeasedProcess[]> {
  const { rows } = await sql<LeasedProcess>`
    select l.process_id as id, greatest(0, e.epoch - l.acked_epoch) as behind,
      greatest(0, extract(epoch from clock_timestamp() - l.renewed_at) * 1000)::float8 as "renewedMsAgo"
    from leases l cross join access_epoch e order by l.process_id`.execute(db)
  return rows
}
