import { type Selectable, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Uploads } from '#src/database/tables.ts'
import type { Upload } from './upload.ts'

const toUpload = (row: Selectable<Uploads>): Upload => ({
  id: row.id,
  datasetId: row.dataset_id,
  accountId: row.account_id,
  name: row.name,
  toldMediaType: row.told_media_type,
  bytes: row.bytes,
  received: row.received,
  writer: row.writer,
  writerUntil: row.writer_until,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  finished:
    row.finished_at === null
      ? null
      : { at: row.finished_at, sha256: row.sha256!, md5: row.md5!, mediaType: row.media_type! },
})

export type NewUpload = Pick<
  Upload,
  'id' | 'datasetId' | 'accountId' | 'name' | 'toldMediaType' | 'bytes' | 'createdAt' | 'expiresAt'
>

export async function insertUpload(tx: Tx, upload: NewUpload): Promise<void> {
  await tx
    .insertInto('uploads')
    .values({
      id: upload.id,
      dataset_id: upload.datasetId,
      account_id: upload.accountId,
      name: upload.name,
      told_media_type: upload.toldMediaType,
      bytes: upload.bytes,
      created_at: upload.createdAt,
      expires_at: upload.expiresAt,
    })
    .execute()
}

/** Held until the transaction ends, so that two who begin at once do not both find room for one. */
export async function lockAccountUploads(tx: Tx, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`uploads of ${accountId}`}, 0))`.execute(tx)
}

export async function sumUploads(tx: Tx, accountId: string): Promise<{ count: number; bytes: number }> {
  const row = await tx
    .selectFrom('uploads')
    .select([sql<string>`count(*)`.as('count'), sql<string>`coalesce(sum(bytes), 0)`.as('bytes')])
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), bytes: Number(row.bytes) }
}

/** Ids come from outside: what is none has no upload. */
const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

export async function findUpload(db: Database | Tx, id: string, accountId: string, now: Date): Promise<Upload | null> {
  if (!isId(id)) return null
  const row = await db
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? toUpload(row) : null
}

/** Held until the transaction ends. */
export async function lockUpload(tx: Tx, id: string, accountId: string, now: Date): Promise<Upload | null> {
  if (!isId(id)) return null
  const row = await tx
    .selectFrom('uploads')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .forUpdate()
    .executeTakeFirst()
  return row ? toUpload(row) : null
}

export async function listUploadsOf(db: Database, accountId: string, now: Date): Promise<Upload[]> {
  const rows = await db
    .selectFrom('uploads')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .orderBy('created_at')
    .execute()
  return rows.map(toUpload)
}

/** Makes a process the one that writes, if it still is the other's turn that the caller saw. */
export async function claimUpload(
  db: Database,
  seen: Pick<Upload, 'id' | 'writer' | 'received'>,
  writer: string,
  until: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({ writer, writer_until: until })
    .where('id', '=', seen.id)
    .where('finished_at', 'is', null)
    .where('received', '=', seen.received)
    .where('writer', 'is not distinct from', seen.writer)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Notes how far the writer is; it stays the writer unless it says that it has done. False: somebody else writes by now. */
export async function noteReceived(
  db: Database | Tx,
  id: string,
  writer: string,
  facts: { received: number; writerUntil: Date | null; expiresAt: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uploads')
    .set({
      received: facts.received,
      expires_at: facts.expiresAt,
      writer: facts.writerUntil === null ? null : writer,
      writer_until: facts.writerUntil,
    })
    .where('id', '=', id)
    .where('writer', '=', writer)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export async function finishUpload(
  tx: Tx,
  id: string,
  { at, sha256, md5, mediaType }: NonNullable<Upload['finished']>,
  expiresAt: Date,
): Promise<Upload | null> {
  const row = await tx
    .updateTable('uploads')
    .set({
      received: sql`bytes`,
      writer: null,
      writer_until: null,
      finished_at: at,
      sha256,
      md5,
      media_type: mediaType,
      expires_at: expiresAt,
    })
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row ? toUpload(row) : null
}

export async function deleteUpload(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('uploads').where('id', '=', id).execute()
}

/** Those past their time that nobody writes to; gives their ids. */
export async function deleteExpired(db: Database, now: Date): Promise<string[]> {
  const rows = await db
    .deleteFrom('uploads')
    .where('expires_at', '<=', now)
    .where((is) => is.or([is('writer_until', 'is', null), is('writer_until', '<', now)]))
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function findOpen(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('uploads')
    .select('id')
    .where('id', 'in', ids)
    .where('finished_at', 'is', null)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Null: all of them. */
export async function findUploadContents(tx: Tx, sha256s: readonly string[] | null): Promise<string[]> {
  const rows = await tx
    .selectFrom('uploads')
    .select('sha256')
    .distinct()
    .where('sha256', 'is not', null)
    .$if(sha256s !== null, (query) => query.where('sha256', 'in', sha256s as string[]))
    .execute()
  return rows.map(({ sha256 }) => sha256!)
}
