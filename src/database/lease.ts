import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client, type ClientConfig } from 'pg'
import type { Change, Database } from './change.ts'

/*
 * Revocation that no process outlives.
 *
 * Processes that verify tokens answer from memory, without asking Postgres. They may, because each holds a *lease*:
 *
 *  1. A change that takes rights away bumps the epoch in its own transaction (`makeAnnounce`).
 *  2. A process renews its lease several times a second. The renewal tells which epoch it has caught up with, and brings
 *     the changes since. These are forgotten from every cache before the lease counts as renewed, and before they are
 *     acknowledged by the next renewal.
 *  3. A renewed lease is good for `leaseMs` from just *before* the renewal was sent, by the monotonic clock.
 *  4. After its commit the change waits until every process has acknowledged its epoch, or for `waitMs`.
 *
 * Why that suffices. Let a change be visible at time V; its call returns after V. A process that uses a lease renewed by a
 * statement whose snapshot is later than V has forgotten what it must. Any other lease was sent before V, so it ends before
 * V + leaseMs: whoever has waited `waitMs` > `leaseMs` after V has outlived it. Waiting less is right when all rows of
 * `leases` have acknowledged, provided that no valid lease is without its row: therefore a process inserts the row first,
 * commits, and renews only afterwards (a renewal never inserts); and a row is deleted only after its counter has stood still
 * for `waitMs` under somebody's eyes, when its lease has ended, and only while it still stands still.
 *
 * No wall clock takes part, so no step of one can revive anything. NOTIFY only makes it quick: nothing rests on it.
 */

/** Whose rights shrank. */
export type AccessSubject = `token:${string}` | `account:${string}`

/**
 * Makes a change that takes rights away known: call it inside the change, once, after its rows are written. The change
 * returns only when no process will grant what it took.
 */
export type Announce = (change: Change, subject: AccessSubject | readonly AccessSubject[]) => Promise<void>

/** How long a renewed lease is good for. */
export const leaseMs = 900
/** How long a change waits for a process that is stopped or cut off: longer than a lease, for clocks that run unevenly. */
export const waitMs = 1000
const renewMs = 250
/** A connection that answers later than this is given up for a new one. */
const patienceMs = 2_000
const channel = 'tessera_access'

export function makeAnnounce(db: Database): Announce {
  return async (change, subject) => {
    const subjects = typeof subject === 'string' ? [subject] : [...new Set(subject)]
    if (subjects.length === 0) return
    // Whoever is stopped here holds up all other revocations: not for long.
    const { rows } = await sql<{ epoch: number }>`
      with bumped as (update access_epoch set epoch = epoch + 1 returning epoch),
      noted as (insert into access_changes (epoch, subject) select epoch, unnest(${subjects}::text[]) from bumped)
      select epoch, pg_notify(${channel}, epoch::text),
        set_config('idle_in_transaction_session_timeout', '10s', true)
      from bumped`.execute(change.tx)
    const { epoch } = rows[0]!
    change.afterCommit(() => allCaughtUp(db, epoch))
  }
}

/** Returns when every lease has caught up with the epoch or has ended. */
async function allCaughtUp(db: Database, epoch: number): Promise<void> {
  const until = performance.now() + waitMs
  let behindAtFirst: readonly LeaseRow[] | undefined
  let firstLook = 0
  for (let pause = 1; ; pause = Math.min(pause * 1.5, 25)) {
    let behind: readonly LeaseRow[]
    try {
      behind = (await sql<LeaseRow>`select process_id, renewals from leases where acked_epoch < ${epoch}`.execute(db))
        .rows
    } catch {
      // The change is committed; without Postgres it is time that ends the leases.
      await sleep(until - performance.now())
      return
    }
    if (behind.length === 0) return
    if (!behindAtFirst) {
      behindAtFirst = behind
      firstLook = performance.now()
    }
    if (performance.now() >= until) {
      const stoodStill = performance.now() - firstLook >= leaseMs
      if (stoodStill) await deleteEnded(db, behindAtFirst).catch(() => undefined)
      return
    }
    await sleep(Math.min(pause, until - performance.now()))
  }
}

interface LeaseRow {
  readonly process_id: string
  readonly renewals: number
}

/** Deletes leases that have ended, unless they have been renewed in this moment. */
async function deleteEnded(db: Database, rows: readonly LeaseRow[]): Promise<void> {
  await sql`
    delete from leases using unnest(${rows.map((row) => row.process_id)}::uuid[], ${rows.map((row) => row.renewals)}::bigint[])
      as ended (process_id, renewals)
    where leases.process_id = ended.process_id and leases.renewals = ended.renewals`.execute(db)
}

/** What a cache must forget; `everything` when the process was away for too long to know better. */
export type AccessChanges = readonly AccessSubject[] | 'everything'

/** A process's right to answer from memory. */
export interface Lease {
  /** Whether everything announced before now has been forgotten here. When not, ask Postgres. */
  held(): boolean
  /** Hears what to forget, before the process acknowledges it. Returns the way out. */
  onChange(listener: (changes: AccessChanges) => void): () => void
  /** Gives the lease back. */
  close(): Promise<void>
}

export interface LeaseNeeds {
  /** How to reach Postgres. The lease has a connection of its own, so that no busy pool makes it late. */
  readonly connection: ClientConfig
  /** Hears why a lease could not be renewed. */
  readonly onTrouble?: (error: unknown) => void
}

/** Takes out a lease and keeps it renewed until closed. Returns once it is held; fails when Postgres can't be reached now. */
export async function openLease({ connection, onTrouble = () => undefined }: LeaseNeeds): Promise<Lease> {
  const listeners = new Set<(changes: AccessChanges) => void>()
  const watched = new Map<string, { renewals: number; since: number }>()
  let seen: number | undefined
  let goodUntil = 0
  let wallSince = 0
  let closed = false
  let link: Link | undefined
  // The row of the connection before, which nobody renews any more, and the server that it was on.
  let left: string | undefined
  let server: string | undefined
  let prunedAt = performance.now()

  const forget = (changes: AccessChanges) => {
    for (const listener of listeners) listener(changes)
  }

  /** One renewal. True when it brought changes, which are then to be acknowledged at once. */
  const renew = async (to: Link): Promise<boolean> => {
    const sentAt = performance.now()
    const sentAtWall = Date.now()
    const row = await to.renew(seen!)
    if (!row.renewed) throw new Error('the lease had ended and was taken for dead')
    const brought = row.epoch > seen!
    if (brought) {
      // Epochs are numbered without gaps, so a gap is what has been pruned.
      const complete = new Set(row.changes.map(([epoch]) => epoch)).size === row.epoch - seen!
      forget(complete ? row.changes.map(([, subject]) => subject) : 'everything')
      seen = row.epoch
    }
    goodUntil = sentAt + leaseMs
    wallSince = sentAtWall
    await tidy(to, row.others)
    return brought
  }

  /** Removes what dead processes and long past changes have left. */
  const tidy = async (to: Link, others: readonly LeaseRow[]): Promise<void> => {
    const now = performance.now()
    const still: LeaseRow[] = []
    for (const other of others) {
      const before = watched.get(other.process_id)
      if (before?.renewals !== other.renewals) watched.set(other.process_id, { renewals: other.renewals, since: now })
      else if (now - before.since > 2 * waitMs) still.push(other)
    }
    for (const id of watched.keys()) if (!others.some((other) => other.process_id === id)) watched.delete(id)
    if (still.length > 0) await to.deleteEnded(still)
    if (now - prunedAt > 60_000) {
      prunedAt = now
      await to.prune()
    }
  }

  const connect = async (): Promise<Link> => {
    const opened = await openLink(connection)
    try {
      const joined = await opened.join(seen, left)
      // A replica that took over, or a database put back, may lack what we have seen and count those epochs anew.
      if (server !== undefined && joined.server !== server) forget('everything')
      seen = joined.acked_epoch
      server = joined.server
      left = opened.id
      await renew(opened)
    } catch (error) {
      opened.cut()
      throw error
    }
    return opened
  }

  /** Renews until something breaks or the lease is closed. */
  const keep = async (): Promise<void> => {
    while (!closed) {
      try {
        link ??= await connect()
        if (!(await renew(link))) await link.rung(renewMs)
      } catch (error) {
        link?.cut()
        link = undefined
        if (!closed) {
          onTrouble(error)
          await sleep(renewMs)
        }
      }
    }
  }

  // A machine that is busy starting may be slow once.
  link = await connect().catch(connect)
  const kept = keep()

  return {
    held() {
      if (closed || performance.now() >= goodUntil) return false
      // The monotonic clock stands still while a machine sleeps or is moved; the other one then jumps. It can only take away.
      const wall = Date.now()
      return wall >= wallSince && wall < wallSince + leaseMs
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      const last = link
      last?.wake()
      await kept
      await last?.leave().catch(() => undefined)
    },
  }
}

interface Renewal {
  readonly epoch: number
  readonly renewed: boolean
  readonly changes: readonly (readonly [number, AccessSubject])[]
  readonly others: readonly LeaseRow[]
}

type Link = Awaited<ReturnType<typeof openLink>>

/** The lease's own connection. */
async function openLink(connection: ClientConfig) {
  // Each connection has a row of its own: the last one's may be locked by a backend that hangs.
  const id = randomUUID()
  const socket = new Socket()
  const client = new Client({ ...connection, stream: () => socket, connectionTimeoutMillis: 2 * patienceMs })
  let bell: (() => void) | undefined
  let rings = false
  const wake = () => {
    rings = true
    bell?.()
  }
  client.on('notification', wake)
  // Told by the question that fails, or by the next one.
  client.on('error', wake)

  const cut = () => {
    socket.destroy()
    client.end().catch(() => undefined)
  }
  const ask = async <Row>(name: string, text: string, values: unknown[]): Promise<Row[]> => {
    const { rows } = await client.query<Row & Record<string, unknown>>({
      name,
      text,
      values,
      query_timeout: patienceMs,
    } as never)
    return rows
  }

  try {
    await client.connect()
    await client.query(`listen ${channel}`)
  } catch (error) {
    cut()
    throw error
  }

  return {
    id,
    cut,
    wake,
    /** Returns when something was announced, or after the time. */
    async rung(ms: number): Promise<void> {
      if (!rings) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          bell = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        bell = undefined
      }
      rings = false
    },
    /** Puts the row there, committed, before the first renewal counts. Returns the epoch to catch up from, and which server this is. */
    async join(seen: number | undefined, left: string | undefined): Promise<{ acked_epoch: number; server: string }> {
      const [row] = await ask<{ acked_epoch: number; server: string }>(
        'lease_join',
        `with gone as (delete from leases where process_id in
           (select process_id from leases where process_id = $3 for update skip locked))
         insert into leases (process_id, acked_epoch) select $1, least(coalesce($2, epoch), epoch) from access_epoch
         returning acked_epoch, concat(pg_postmaster_start_time(), (select oid from pg_database
           where datname = current_database())) as server`,
        [id, seen ?? null, left ?? null],
      )
      // A renewal lost in a crash of Postgres leaves an older row, which only makes others wait: it need not be flushed.
      await client.query('set synchronous_commit = off')
      return row!
    },
    async renew(seen: number): Promise<Renewal> {
      const [row] = await ask<Renewal>(
        'lease_renew',
        `with renewed as (
           update leases set acked_epoch = $2, renewals = renewals + 1, renewed_at = clock_timestamp()
           where process_id = $1 returning 1)
         select e.epoch, exists (select from renewed) as renewed,
           coalesce((select json_agg(json_build_array(c.epoch, c.subject) order by c.epoch)
             from access_changes c where c.epoch > $2), '[]') as changes,
           coalesce((select json_agg(json_build_object('process_id', l.process_id, 'renewals', l.renewals))
             from leases l where l.process_id <> $1), '[]') as others
         from access_epoch e`,
        [id, seen],
      )
      return row!
    },
    async deleteEnded(rows: readonly LeaseRow[]): Promise<void> {
      await ask(
        'lease_delete_ended',
        `delete from leases using unnest($1::uuid[], $2::bigint[]) as ended (process_id, renewals)
         where leases.process_id = ended.process_id and leases.renewals = ended.renewals`,
        [rows.map((row) => row.process_id), rows.map((row) => row.renewals)],
      )
    },
    async prune(): Promise<void> {
      await ask('lease_prune', `delete from access_changes where at < clock_timestamp() - interval '1 hour'`, [])
    },
    async leave(): Promise<void> {
      try {
        await ask('lease_leave', 'delete from leases where process_id = $1', [id])
        await client.end()
      } finally {
        socket.destroy()
      }
    },
  }
}
