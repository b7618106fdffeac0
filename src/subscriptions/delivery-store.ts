import { type Selectable, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Deliveries } from '#src/database/tables.ts'
import type { DeliveryState } from './contract.ts'
import type { Subscription } from './store.ts'

/** What one recipient gets from one run at one destination. */
export interface Delivery {
  readonly id: string
  readonly runId: string
  readonly subscription: string
  readonly recipient: string
  readonly name: string
  readonly accountId: string | null
  /** Where it goes: a mail address; of a webhook the URL that it had when the run began. */
  readonly address: string | null
  readonly destination: string
  readonly slice: number
  readonly sliceLabel: string | null
  readonly state: DeliveryState
  readonly reason: string | null
  readonly attempts: number
  readonly messageId: string | null
  readonly nextTryAt: Date | null
  readonly updatedAt: Date
  readonly deliveredAt: Date | null
  readonly readAt: Date | null
}

/** A row as what it says. */
export const readDelivery = (row: Selectable<Deliveries>): Delivery => ({
  id: row.id,
  runId: row.run_id,
  subscription: row.subscription_id,
  recipient: row.recipient,
  name: row.name,
  accountId: row.account_id,
  address: row.address,
  destination: row.destination,
  slice: row.slice,
  sliceLabel: row.slice_label,
  state: row.state as DeliveryState,
  reason: row.reason,
  attempts: row.attempts,
  messageId: row.message_id,
  nextTryAt: row.next_try_at,
  updatedAt: row.updated_at,
  deliveredAt: row.delivered_at,
  readAt: row.read_at,
})

export interface NewDelivery {
  readonly recipient: string
  readonly name: string
  readonly accountId: string | null
  readonly address: string | null
  readonly destination: string
  readonly slice: number
  readonly sliceLabel: string | null
  readonly state: 'pending' | 'skipped' | 'unsubscribed' | 'failed'
  readonly reason: string | null
}

/** More at once would be more parameters than a statement may have. */
export const rowsAtOnce = 1000

/** Writes down what is to be delivered; what a run's attempt before has written stays as it is. */
export async function insertDeliveries(
  db: Database | Tx,
  run: { id: string; subscription: Pick<Subscription, 'id' | 'createdAt'>; report: string },
  deliveries: readonly NewDelivery[],
): Promise<void> {
  for (let at = 0; at < deliveries.length; at += rowsAtOnce) {
    const some = deliveries.slice(at, at + rowsAtOnce)
    await db
      .insertInto('deliveries')
      .values(
        some.map((one) => ({
          run_id: run.id,
          subscription_id: run.subscription.id,
          subscription_since: run.subscription.createdAt,
          report_id: run.report,
          recipient: one.recipient,
          name: one.name,
          account_id: one.accountId,
          address: one.address,
          destination: one.destination,
          slice: one.slice,
          slice_label: one.sliceLabel,
          state: one.state,
          reason: one.reason,
        })),
      )
      .onConflict((there) => there.columns(['run_id', 'recipient', 'destination']).doNothing())
      .execute()
  }
}

/** What is still to be sent, slice by slice. */
export async function findPending(db: Database | Tx, runId: string): Promise<Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('run_id', '=', runId)
    .where('state', '=', 'pending')
    .orderBy('slice')
    .orderBy('id')
    .execute()
  return rows.map(readDelivery)
}

/**
 * What was on its way when the worker was lost. A mail may have arrived, so nobody sends it again; a webhook goes out again
 * under its id, and a file takes its own place.
 */
export async function settleSending(db: Database | Tx, runId: string): Promise<number> {
  const mails = await db
    .updateTable('deliveries')
    .set({ state: 'unconfirmed', reason: lostReason, next_try_at: null, updated_at: sql<Date>`now()` })
    .where('run_id', '=', runId)
    .where('state', '=', 'sending')
    .where('destination', '=', 'mail')
    .executeTakeFirst()
  await db
    .updateTable('deliveries')
    .set({ state: 'pending', updated_at: sql<Date>`now()` })
    .where('run_id', '=', runId)
    .where('state', '=', 'sending')
    .where('destination', '<>', 'mail')
    .execute()
  return Number(mails.numUpdatedRows)
}

const lostReason = 'It was being sent when the worker was lost; whether it arrived is not known.'

/** How an attempt ended. `pending`: it is tried again. */
export interface Ended {
  readonly id: string
  readonly state: 'delivered' | 'failed' | 'unconfirmed' | 'pending'
  readonly reason: string | null
  readonly nextTryAt: Date | null
}

/** The attempt of a run that still has the right to send. */
export interface Holder {
  readonly runId: string
  readonly attempt: number
}

const heldBy = ({ runId, attempt }: Holder) =>
  sql<boolean>`exists (select from runs
    where runs.id = ${runId}::uuid and runs.attempt = ${attempt} and runs.state = 'running')`

export interface Begin {
  readonly id: string
  readonly messageId: string | null
}

/**
 * Writes how deliveries ended and that others are being sent, in one commit: before that commit nothing of those leaves.
 * Tells which may be sent; the others somebody else has, or the run is no longer this attempt's.
 */
export async function turnOver(
  db: Database | Tx,
  holder: Holder,
  ended: readonly Ended[],
  next: readonly Begin[],
): Promise<ReadonlySet<string>> {
  const done = sql`update deliveries d set state = e.state, reason = e.reason, next_try_at = e.next_try_at,
      updated_at = now(), delivered_at = case when e.state = 'delivered' then now() end
    from unnest(${ended.map(({ id }) => id)}::uuid[], ${ended.map(({ state }) => state)}::text[],
      ${ended.map(({ reason }) => reason)}::text[], ${ended.map(({ nextTryAt }) => nextTryAt)}::timestamptz[])
      as e (id, state, reason, next_try_at)
    where d.id = e.id and d.state in ('sending', 'unconfirmed')`
  const begun = sql`update deliveries d set state = 'sending', attempts = attempts + 1, message_id = n.message_id,
      reason = null, next_try_at = null, updated_at = now()
    from unnest(${next.map(({ id }) => id)}::uuid[], ${next.map(({ messageId }) => messageId)}::text[]) as n (id, message_id)
    where d.id = n.id and d.state = 'pending' and ${heldBy(holder)}
    returning d.id`
  const { rows } = await sql<{ id: string }>`
    with done as (${done} returning d.id), begun as (${begun}) select id from begun`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Whether a run is still this attempt's. */
export async function isHeld(db: Database | Tx, { runId, attempt }: Holder): Promise<boolean> {
  const run = await db.selectFrom('runs').select(['attempt', 'state']).where('id', '=', runId).executeTakeFirst()
  return run?.attempt === attempt && run.state === 'running'
}

/** These will not be tried any more; tells which were still waiting to be. */
export async function failPending(
  db: Database | Tx,
  holder: Holder,
  ids: readonly string[],
  reason: string,
): Promise<Set<string>> {
  const rows = await db
    .updateTable('deliveries')
    .set({ state: 'failed', reason, next_try_at: null, updated_at: sql<Date>`now()` })
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .where('state', '=', 'pending')
    .where(heldBy(holder))
    .returning('id')
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** The inbox is this database, so what is written here is delivered. */
export async function deliverToInboxes(db: Database | Tx, holder: Holder): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ state: 'delivered', attempts: 1, delivered_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
    .where('run_id', '=', holder.runId)
    .where('destination', '=', 'inbox')
    .where('state', '=', 'pending')
    .where(heldBy(holder))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** What is still to be done never will be. */
export async function cancelPending(db: Database | Tx, runId: string, reason: string): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('deliveries')
    .set({ state: 'cancelled', reason, next_try_at: null, updated_at: sql<Date>`now()` })
    .where('run_id', '=', runId)
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Runs that are over while some of their deliveries are not: they were cancelled, or their last worker was lost. */
export async function findLeftOver(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('deliveries as d')
    .innerJoin('runs as r', 'r.id', 'd.run_id')
    .select('d.run_id')
    .distinct()
    .where('d.state', 'in', ['pending', 'sending'])
    // A worker that was told to stop may still hear what became of its last mails.
    .where('r.finished_at', '<', sql<Date>`now() - interval '2 minutes'`)
    .limit(1000)
    .execute()
  return rows.map(({ run_id }) => run_id)
}

/**
 * Runs that ended badly within a day and of which nobody was told. Of those that were cancelled whoever did it knows; but
 * nobody did where a token no longer stood, and that is told when some have got it or might have.
 */
export async function findUntold(db: Database, kind: string): Promise<string[]> {
  const rows = await db
    .selectFrom('runs as r')
    .leftJoin('subscription_notices as n', 'n.run_id', 'r.id')
    .select('r.id')
    .where('r.kind', '=', kind)
    .where(
      sql<boolean>`(r.state in ('failed', 'partially_failed', 'timed_out')
        or r.state = 'cancelled' and r.error ->> 'code' = 'token-no-longer-stands'
          and exists (select from deliveries d where d.run_id = r.id)
          and not exists (select from deliveries d where d.run_id = r.id and d.state in ('pending', 'sending')))`,
    )
    .where('r.finished_at', '>', sql<Date>`now() - interval '1 day'`)
    .where('n.run_id', 'is', null)
    .where(sql<boolean>`r.data -> 'trial' is null`)
    .limit(200)
    .execute()
  return rows.map(({ id }) => id)
}

/** False when somebody else tells of it. */
export async function takeNotice(tx: Tx, runId: string, at: Date): Promise<boolean> {
  const row = await tx
    .insertInto('subscription_notices')
    .values({ run_id: runId, at })
    .onConflict((there) => there.column('run_id').doNothing())
    .returning('run_id')
    .executeTakeFirst()
  return row !== undefined
}

export interface DeliveryPage {
  readonly state?: DeliveryState | undefined
  /** Only those to this account. */
  readonly account?: string | undefined
  readonly after: { readonly recipient: string; readonly destination: string } | null
  readonly limit: number
}

/** By recipient and destination. */
export async function findDeliveries(db: Database, runId: string, page: DeliveryPage): Promise<Delivery[]> {
  let found = db.selectFrom('deliveries').selectAll().where('run_id', '=', runId)
  if (page.state) found = found.where('state', '=', page.state)
  if (page.account !== undefined) found = found.where('account_id', '=', page.account)
  if (page.after)
    found = found.where(sql<boolean>`(recipient, destination) > (${page.after.recipient}, ${page.after.destination})`)
  const rows = await found.orderBy('recipient').orderBy('destination').limit(page.limit).execute()
  return rows.map(readDelivery)
}

/** Since when the subscription stands that a run was of: another may have its id now. Null: that is not known. */
export async function findSince(db: Database | Tx, runId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('deliveries')
    .select('subscription_since')
    .where('run_id', '=', runId)
    .limit(1)
    .executeTakeFirst()
  return row?.subscription_since ?? null
}

export async function countDeliveries(
  db: Database | Tx,
  runId: string,
): Promise<Partial<Record<DeliveryState, number>>> {
  const rows = await db
    .selectFrom('deliveries')
    .select(['state', sql<number>`count(*)::int`.as('total')])
    .where('run_id', '=', runId)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, total }) => [state, total]))
}

/** What a rerun of the failed ones does again: never what arrived, nor what may have. */
export async function findMissed(
  db: Database | Tx,
  runId: string,
): Promise<{ recipient: string; destination: string }[]> {
  return db
    .selectFrom('deliveries')
    .select(['recipient', 'destination'])
    .where('run_id', '=', runId)
    .where('state', 'in', ['failed', 'cancelled'])
    .orderBy('id')
    .execute()
}
