import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { ChainedEvent } from './event.ts'

/** The end of the chain: the last event's number and hash (hex). */
export interface Head {
  readonly id: number
  readonly hash: string
}

/** Waits for its turn, then holds the end of the chain until the transaction ends. Time never runs backwards along the chain. */
export async function lockHead(tx: Tx): Promise<Head & { at: string }> {
  const { rows } = await sql<Head & { at: Date }>`
    select id, encode(hash, 'hex') as hash, greatest(at, clock_timestamp())::timestamptz(3) as at
    from audit_head for update`.execute(tx)
  const head = rows[0]
  if (!head) throw new Error('the audit trail has lost its head row: run `tessera audit verify`')
  return { ...head, at: head.at.toISOString() }
}

/** Adds the events and moves the head to the last of them, in one statement. */
export async function insertEvents(tx: Tx, events: readonly ChainedEvent[]): Promise<void> {
  const last = events.at(-1)
  if (!last) return
  await sql`
    with added as (
      insert into audit_events (id, at, verb, subject_type, subject_id, via, account_id, account_name, token_id,
        session_id, request_id, address, client, detail, prev_hash, hash)
      select id, at, verb, subject_type, subject_id, via, account_id, account_name, token_id,
        session_id, request_id, address, client, detail::json, decode(prev_hash, 'hex'), decode(hash, 'hex')
      from json_to_recordset(${JSON.stringify(events)}::json) as event (id bigint, at timestamptz, verb text,
        subject_type text, subject_id text, via text, account_id text, account_name text, token_id text,
        session_id text, request_id text, address text, client text, detail text, prev_hash text, hash text)
    )
    update audit_head set id = ${last.id}, hash = decode(${last.hash}, 'hex'), at = ${last.at}`.execute(tx)
}

export async function readHead(db: Database): Promise<Head | null> {
  const { rows } = await sql<Head>`
    select id, encode(hash, 'hex') as hash from audit_head`.execute(db)
  return rows[0] ?? null
}

/** The hash of one event, null when there is none of that number. */
export async function readHash(db: Database, id: number): Promise<string | null> {
  const { rows } = await sql<{ hash: string }>`
    select encode(hash, 'hex') as hash from audit_events where id = ${id}`.execute(db)
  return rows[0]?.hash ?? null
}

/** When one event happened, null when there is none of that number. */
export async function readTime(db: Database, id: number): Promise<Date | null> {
  const { rows } = await sql<{ at: Date }>`select at from audit_events where id = ${id}`.execute(db)
  return rows[0]?.at ?? null
}

export interface EventFilter {
  readonly verb?: string | undefined
  /** An account's id or user name. */
  readonly actor?: string | undefined
  readonly token?: string | undefined
  readonly subjectType?: string | undefined
  readonly subjectId?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** Events that match, beyond `after` in the order asked for. */
export async function findEvents(
  db: Database,
  filter: EventFilter,
  page: { order: 'newest_first' | 'oldest_first'; after: number | null; limit: number },
): Promise<ChainedEvent[]> {
  const where: RawBuilder<unknown>[] = [sql`true`]
  if (filter.verb !== undefined) where.push(sql`verb = ${filter.verb}`)
  if (filter.actor !== undefined) where.push(sql`(account_id = ${filter.actor} or account_name = ${filter.actor})`)
  if (filter.token !== undefined) where.push(sql`token_id = ${filter.token}`)
  if (filter.subjectType !== undefined) where.push(sql`subject_type = ${filter.subjectType}`)
  if (filter.subjectId !== undefined) where.push(sql`subject_id = ${filter.subjectId}`)
  if (filter.since !== undefined) where.push(sql`at >= ${filter.since}`)
  if (filter.until !== undefined) where.push(sql`at < ${filter.until}`)
  const newest = page.order === 'newest_first'
  if (page.after !== null) where.push(newest ? sql`id < ${page.after}` : sql`id > ${page.after}`)
  const { rows } = await sql<StoredEvent>`
    select ${columns} from audit_events where ${sql.join(where, sql` and `)}
    order by id ${newest ? sql`desc` : sql`asc`} limit ${page.limit}`.execute(db)
  return rows.map(fromStored)
}

const columns = sql`id, at, verb, subject_type, subject_id, via, account_id, account_name, token_id, session_id,
  request_id, address, client, detail::text as detail, encode(prev_hash, 'hex') as prev_hash, encode(hash, 'hex') as hash`

type StoredEvent = Omit<ChainedEvent, 'at'> & { at: Date }

const fromStored = (row: StoredEvent): ChainedEvent => ({ ...row, at: row.at.toISOString() })
