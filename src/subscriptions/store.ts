import { type Selectable, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Subscriptions } from '#src/database/tables.ts'
import type { SubscriptionState } from './contract.ts'
import type { Definition } from './definition.ts'

/** A subscription with who owns it. */
export interface Subscription {
  readonly id: string
  readonly definition: Definition
  readonly owner: {
    readonly id: string
    readonly userName: string
    readonly name: string
    readonly email: string | null
  }
  readonly state: SubscriptionState
  readonly stateReason: string | null
  readonly stateChangedAt: Date
  readonly version: number
  readonly lastEtag: string | null
  /** Values of number blocks, by block, when it was evaluated last. */
  readonly lastValues: Readonly<Record<string, number>>
  readonly createdAt: Date
  readonly updatedAt: Date
}

const subscriptionsOf = (db: Database) =>
  db
    .selectFrom('subscriptions as s')
    .innerJoin('accounts as owner', 'owner.id', 's.owner_id')
    .selectAll('s')
    .select(['owner.user_name as owner_user_name', 'owner.display_name as owner_name', 'owner.email as owner_email'])

type Row = Selectable<Subscriptions> & {
  owner_user_name: string
  owner_name: string
  owner_email: string | null
}

/** The table's own checks, and what was checked before it was written, hold what the casts say. */
const read = (row: Row): Subscription => ({
  id: row.id,
  // Those that were written before there were open parameters have none.
  definition: { open_parameters: [], ...(row.definition as object) } as unknown as Definition,
  owner: { id: row.owner_id, userName: row.owner_user_name, name: row.owner_name, email: row.owner_email },
  state: row.state as SubscriptionState,
  stateReason: row.state_reason,
  stateChangedAt: row.state_changed_at,
  version: row.version,
  lastEtag: row.last_etag,
  lastValues: row.last_values as Record<string, number>,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export async function findSubscription(db: Database | Tx, id: string): Promise<Subscription | null> {
  const row = await subscriptionsOf(db).where('s.id', '=', id).executeTakeFirst()
  return row ? read(row) : null
}

/** The same, held against other changes until the transaction ends. */
export async function lockSubscription(tx: Tx, id: string): Promise<Subscription | null> {
  await tx.selectFrom('subscriptions').select('id').where('id', '=', id).forUpdate().execute()
  return findSubscription(tx, id)
}

export interface SubscriptionFilter {
  /** Only these; null: any. */
  readonly ids: readonly string[] | null
  /** Besides, those that this account owns. */
  readonly orOwnedBy: string | null
  readonly ownedBy?: string | undefined
  readonly state?: SubscriptionState | undefined
  readonly report?: string | undefined
  readonly search?: string | undefined
}

const matching = (db: Database, filter: SubscriptionFilter) => {
  const { ids, orOwnedBy, ownedBy, state, report, search } = filter
  let found = subscriptionsOf(db)
  if (ids !== null) found = found.where(sql<boolean>`(s.id = any(${ids}::text[]) or s.owner_id = ${orOwnedBy}::uuid)`)
  if (ownedBy !== undefined) found = found.where('s.owner_id', '=', ownedBy)
  if (state !== undefined) found = found.where('s.state', '=', state)
  if (report !== undefined) found = found.where('s.report_id', '=', report)
  if (search !== undefined) {
    const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where(({ or, eb }) =>
      or([eb('s.id', 'ilike', part), eb('s.name', 'ilike', part), eb('s.report_id', 'ilike', part)]),
    )
  }
  return found
}

/** By name, beyond `after`. */
export async function findSubscriptions(
  db: Database,
  filter: SubscriptionFilter,
  page: { after: { name: string; id: string } | null; limit: number },
): Promise<Subscription[]> {
  let found = matching(db, filter)
  if (page.after)
    found = found.where(sql<boolean>`(lower(s.name), s.id) > (lower(${page.after.name}), ${page.after.id})`)
  const rows = await found.orderBy(sql`lower(s.name)`).orderBy('s.id').limit(page.limit).execute()
  return rows.map(read)
}

export async function countSubscriptions(db: Database, filter: SubscriptionFilter): Promise<number> {
  const { total } = await matching(db, filter)
    .clearSelect()
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow()
  return total
}

/** False when the id is taken. */
export async function insertSubscription(
  tx: Tx,
  subscription: { id: string; definition: Definition; ownerId: string; at: Date },
): Promise<boolean> {
  const { id, definition, ownerId, at } = subscription
  const row = await tx
    .insertInto('subscriptions')
    .values({
      id,
      name: definition.name,
      report_id: definition.report,
      owner_id: ownerId,
      definition: JSON.stringify(definition),
      state_changed_at: at,
      created_at: at,
      updated_at: at,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function updateDefinition(tx: Tx, id: string, definition: Definition, at: Date): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set((row) => ({
      name: definition.name,
      report_id: definition.report,
      definition: JSON.stringify(definition),
      version: row('version', '+', 1),
      updated_at: at,
    }))
    .where('id', '=', id)
    .execute()
}

export async function updateState(
  tx: Tx,
  id: string,
  state: SubscriptionState,
  reason: string | null,
  at: Date,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set((row) => ({
      state,
      state_reason: reason,
      state_changed_at: at,
      updated_at: at,
      version: row('version', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
}

export async function updateOwner(tx: Tx, id: string, ownerId: string, at: Date): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set((row) => ({ owner_id: ownerId, updated_at: at, version: row('version', '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** What the next run compares with. */
export async function keepLast(
  tx: Tx,
  id: string,
  last: { readonly etag: string | null; readonly values: Readonly<Record<string, number>> },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ last_etag: last.etag, last_values: JSON.stringify(last.values) })
    .where('id', '=', id)
    .execute()
}

/** What a run has made and is about to deliver. */
export async function keepMade(
  tx: Tx,
  id: string,
  made: { readonly run: string; readonly etag: string; readonly values: Readonly<Record<string, number>> },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ made: JSON.stringify(made) })
    .where('id', '=', id)
    .execute()
}

/** The run has delivered what it made: the next one compares with that. */
export async function keepMadeAsLast(tx: Tx, id: string, run: string): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ last_etag: sql<string>`made ->> 'etag'`, last_values: sql<string>`made -> 'values'`, made: null })
    .where('id', '=', id)
    .where(sql<boolean>`made ->> 'run' = ${run}`)
    .execute()
}

/** Its links to files end with it, also when another takes its id. */
export async function deleteSubscription(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('delivery_links')
    .set({ expires_at: sql<Date>`now()` })
    .where(sql<boolean>`delivery_id in (select id from deliveries where subscription_id = ${id})`)
    .where('expires_at', '>', sql<Date>`now()`)
    .execute()
  await tx.deleteFrom('subscriptions').where('id', '=', id).execute()
}

/** Those at rest in one of these states since before a moment. */
export async function findResting(db: Database, states: readonly SubscriptionState[], before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('state', 'in', states)
    .where('state_changed_at', '<', before)
    .execute()
  return rows.map(({ id }) => id)
}

export interface LastRun {
  readonly id: string
  readonly state: string
  readonly at: Date
}

/** Of each, the run that was asked for last, trials left out. */
export async function findLastRuns(db: Database | Tx, ids: readonly string[]): Promise<Map<string, LastRun>> {
  // One at a time: some subscriptions have run every day for years.
  const { rows } = await sql<LastRun & { subject_id: string }>`
    select s.id as subject_id, r.id, r.state, coalesce(r.finished_at, r.created_at) as at
    from unnest(${ids}::text[]) s (id) cross join lateral (
      select id, state, finished_at, created_at from runs
      where subject_type = 'subscription' and subject_id = s.id and data -> 'trial' is null
      order by created_at desc, id desc limit 1) r`.execute(db)
  return new Map(rows.map(({ subject_id, ...run }) => [subject_id, run]))
}

// — Webhooks

export async function findWebhookSecrets(db: Database | Tx, subscription: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('subscription_webhooks')
    .select(['id', 'secret'])
    .where('subscription_id', '=', subscription)
    .execute()
  return new Map(rows.map(({ id, secret }) => [id, secret]))
}

export async function putWebhookSecret(
  tx: Tx,
  subscription: string,
  id: string,
  secret: string,
  at: Date,
): Promise<void> {
  await tx
    .insertInto('subscription_webhooks')
    .values({ subscription_id: subscription, id, secret, created_at: at })
    .onConflict((there) => there.columns(['subscription_id', 'id']).doUpdateSet({ secret, created_at: at }))
    .execute()
}

export async function dropWebhooksBut(tx: Tx, subscription: string, ids: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('subscription_webhooks')
    .where('subscription_id', '=', subscription)
    .where(sql<boolean>`not (id = any(${ids}::text[]))`)
    .execute()
}

// — Who has left

export async function findUnsubscribed(db: Database | Tx, subscription: string): Promise<Map<string, Date>> {
  const rows = await db
    .selectFrom('unsubscribes')
    .select(['recipient', 'at'])
    .where('subscription_id', '=', subscription)
    .execute()
  return new Map(rows.map(({ recipient, at }) => [recipient, at]))
}

/** False when they had left before. */
export async function insertUnsubscribe(tx: Tx, subscription: string, recipient: string, at: Date): Promise<boolean> {
  const row = await tx
    .insertInto('unsubscribes')
    .values({ subscription_id: subscription, recipient, at })
    .onConflict((there) => there.columns(['subscription_id', 'recipient']).doNothing())
    .returning('recipient')
    .executeTakeFirst()
  return row !== undefined
}

export async function putLeaveLinks(
  db: Database | Tx,
  links: readonly { hash: Buffer; subscription: string; recipient: string; at: Date }[],
): Promise<void> {
  if (links.length === 0) return
  await db
    .insertInto('leave_links')
    .values(
      links.map(({ hash, subscription, recipient, at }) => ({
        hash,
        subscription_id: subscription,
        recipient,
        created_at: at,
      })),
    )
    .onConflict((there) => there.column('hash').doNothing())
    .execute()
}

export async function findLeaveLink(
  db: Database | Tx,
  hash: Buffer,
): Promise<{ subscription: string; name: string; recipient: string; left: boolean } | null> {
  const row = await db
    .selectFrom('leave_links as l')
    .innerJoin('subscriptions as s', 's.id', 'l.subscription_id')
    .leftJoin('unsubscribes as u', (on) =>
      on.onRef('u.subscription_id', '=', 'l.subscription_id').onRef('u.recipient', '=', 'l.recipient'),
    )
    .select(['l.subscription_id as subscription', 's.name', 'l.recipient', sql<boolean>`u.at is not null`.as('left')])
    .where('l.hash', '=', hash)
    .executeTakeFirst()
  return row ?? null
}
