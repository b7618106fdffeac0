import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import { type Delivery, readDelivery } from '../delivery-store.ts'

export interface InboxRow {
  readonly delivery: Delivery
  readonly subject: string
  readonly body: string
  readonly from: string
}

/** Whose inbox, and of it only what was made of these reports; null: of any. */
export interface Inbox {
  readonly accountId: string
  readonly reports: readonly string[] | null
}

/** Whatever the subscription is made of now. */
const madeOf = (reports: readonly string[] | null, column: 'report_id' | 'd.report_id' = 'report_id') =>
  reports === null ? sql<boolean>`true` : sql<boolean>`${sql.ref(column)} = any(${reports}::text[])`

const inboxOf = (db: Database | Tx, { accountId, reports }: Inbox) =>
  db
    .selectFrom('deliveries as d')
    .innerJoin('delivery_slices as s', (on) => on.onRef('s.run_id', '=', 'd.run_id').onRef('s.slice', '=', 'd.slice'))
    .leftJoin('subscriptions as sub', (on) =>
      on.onRef('sub.id', '=', 'd.subscription_id').onRef('sub.created_at', '=', 'd.subscription_since'),
    )
    .leftJoin('accounts as owner', 'owner.id', 'sub.owner_id')
    .selectAll('d')
    .select(['s.subject', 's.body', sql<string>`coalesce(owner.display_name, '')`.as('from')])
    .where('d.account_id', '=', accountId)
    .where('d.destination', '=', 'inbox')
    .where('d.state', '=', 'delivered')
    .where(madeOf(reports, 'd.report_id'))

/** Newest first. */
export async function findInbox(
  db: Database,
  inbox: Inbox,
  page: { unread?: boolean | undefined; after: { at: string; id: string } | null; limit: number },
): Promise<InboxRow[]> {
  let found = inboxOf(db, inbox)
  if (page.unread !== undefined) found = found.where('d.read_at', page.unread ? 'is' : 'is not', null)
  if (page.after)
    found = found.where(sql<boolean>`(d.delivered_at, d.id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`)
  const rows = await found.orderBy('d.delivered_at', 'desc').orderBy('d.id', 'desc').limit(page.limit).execute()
  return rows.map(({ subject, body, from, ...row }) => ({ delivery: readDelivery(row), subject, body, from }))
}

export async function findInboxItem(db: Database | Tx, inbox: Inbox, id: string): Promise<InboxRow | null> {
  const row = await inboxOf(db, inbox).where('d.id', '=', id).executeTakeFirst()
  if (!row) return null
  const { subject, body, from, ...delivery } = row
  return { delivery: readDelivery(delivery), subject, body, from }
}

export async function countUnread(db: Database | Tx, { accountId, reports }: Inbox): Promise<number> {
  const { total } = await db
    .selectFrom('deliveries')
    .select(sql<number>`count(*)::int`.as('total'))
    .where('account_id', '=', accountId)
    .where('destination', '=', 'inbox')
    .where('state', '=', 'delivered')
    .where('read_at', 'is', null)
    .where(madeOf(reports))
    .executeTakeFirstOrThrow()
  return total
}

export async function markRead(
  tx: Tx,
  { accountId, reports }: Inbox,
  ask: { items: readonly string[] | null; readAt: Date | null },
): Promise<number> {
  let marked = tx
    .updateTable('deliveries')
    .set({ read_at: ask.readAt })
    .where('account_id', '=', accountId)
    .where('destination', '=', 'inbox')
    .where('state', '=', 'delivered')
    .where('read_at', ask.readAt === null ? 'is not' : 'is', null)
    .where(madeOf(reports))
  if (ask.items) marked = marked.where(sql<boolean>`id = any(${ask.items}::uuid[])`)
  return Number((await marked.executeTakeFirst()).numUpdatedRows)
}
