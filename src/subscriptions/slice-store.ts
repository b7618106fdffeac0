import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import { holdRun } from '#src/runs/hold-run.ts'
import { type Holder, rowsAtOnce } from './delivery-store.ts'

export interface Slice {
  readonly slice: number
  readonly label: string | null
  readonly rows: number
  readonly subject: string
  readonly body: string
}

export interface DeliveryFile {
  readonly id: string
  readonly slice: number
  readonly format: 'pdf' | 'xlsx' | 'csv' | 'png' | 'view'
  readonly name: string
  readonly mediaType: string
  readonly sha256: string
  readonly bytes: number
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly expired: boolean
}

/** Every attempt that makes slices has dropped those of the one before, so each is there once. */
export async function putSlice(
  tx: Tx,
  holder: Holder,
  slice: Slice,
  files: readonly Omit<DeliveryFile, 'expired'>[],
): Promise<void> {
  await holdRun(tx, holder)
  const { runId } = holder
  await tx
    .insertInto('delivery_slices')
    .values({ run_id: runId, ...slice })
    .execute()
  if (files.length > 0)
    await tx
      .insertInto('delivery_files')
      .values(
        files.map(({ mediaType, createdAt, expiresAt, ...file }) => ({
          ...file,
          run_id: runId,
          media_type: mediaType,
          created_at: createdAt,
          expires_at: expiresAt,
        })),
      )
      .execute()
}

/** What an attempt before has made and nobody was sent: it is made anew. */
export async function dropSlices(db: Database | Tx, runId: string): Promise<void> {
  await db.deleteFrom('delivery_slices').where('run_id', '=', runId).execute()
}

export async function findSlices(db: Database | Tx, runId: string): Promise<Slice[]> {
  return db
    .selectFrom('delivery_slices')
    .select(['slice', 'label', 'rows', 'subject', 'body'])
    .where('run_id', '=', runId)
    .orderBy('slice')
    .execute()
}

const filesOf = (db: Database | Tx) =>
  db
    .selectFrom('delivery_files as f')
    .select([
      'f.id',
      'f.slice',
      'f.name',
      'f.media_type as mediaType',
      'f.sha256',
      'f.bytes',
      'f.created_at as createdAt',
      'f.expires_at as expiresAt',
    ])
    .select([
      sql<DeliveryFile['format']>`f.format`.as('format'),
      sql<boolean>`f.expired or f.expires_at <= now()`.as('expired'),
    ])

export const findFiles = (db: Database | Tx, runId: string, slice: number): Promise<DeliveryFile[]> =>
  filesOf(db).where('f.run_id', '=', runId).where('f.slice', '=', slice).orderBy('f.name').execute()

export async function expireFiles(db: Database): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('delivery_files')
    .set({ expired: true })
    .where('expired', '=', false)
    .where('expires_at', '<=', sql<Date>`now()`)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Which of these contents are named here. */
export async function findNamed(tx: Tx | Database, sha256s: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('delivery_files')
    .select('sha256')
    .distinct()
    .where('expired', '=', false)
    .where(sql<boolean>`sha256 = any(${sha256s}::text[])`)
    .execute()
  return rows.map(({ sha256 }) => sha256)
}

export async function findAllNamed(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('delivery_files').select('sha256').distinct().where('expired', '=', false).execute()
  return rows.map(({ sha256 }) => sha256)
}

// — Links to files

export async function putFileLinks(
  db: Database | Tx,
  links: readonly { hash: Buffer; deliveryId: string; fileId: string; expiresAt: Date }[],
): Promise<void> {
  for (let at = 0; at < links.length; at += rowsAtOnce)
    await db
      .insertInto('delivery_links')
      .values(
        links.slice(at, at + rowsAtOnce).map(({ hash, deliveryId, fileId, expiresAt }) => ({
          hash,
          delivery_id: deliveryId,
          file_id: fileId,
          expires_at: expiresAt,
        })),
      )
      .onConflict((there) => there.column('hash').doNothing())
      .execute()
}

/**
 * The file behind a link, and whether the link still holds: not when the subscription is gone, the recipient has left it,
 * or their account is disabled. Counts the download.
 */
export async function followFileLink(
  db: Database,
  hash: Buffer,
): Promise<{ file: DeliveryFile; good: boolean } | null> {
  const row = await filesOf(db)
    .innerJoin('delivery_links as l', 'l.file_id', 'f.id')
    .innerJoin('deliveries as d', 'd.id', 'l.delivery_id')
    .select(
      sql<boolean>`l.expires_at > now() and not f.expired and f.expires_at > now()
        and exists (select from subscriptions s where s.id = d.subscription_id)
        and not exists (select from unsubscribes u
          where u.subscription_id = d.subscription_id and u.recipient = d.recipient)
        and not exists (select from accounts a where a.id = d.account_id and a.state <> 'active')`.as('good'),
    )
    .where('l.hash', '=', hash)
    .executeTakeFirst()
  if (!row) return null
  const { good, ...file } = row
  if (good)
    await db
      .updateTable('delivery_links')
      .set((link) => ({ downloads: link('downloads', '+', 1), last_download_at: sql<Date>`now()` }))
      .where('hash', '=', hash)
      .execute()
  return { file, good }
}
