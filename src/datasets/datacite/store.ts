import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

/** When what is to be told of a dataset last changed. */
export async function toldAt(db: Database, dataset: number): Promise<Date | null> {
  const row = await db.selectFrom('datasets').select('told_at').where('id', '=', dataset).executeTakeFirst()
  return row?.told_at ?? null
}

/**
 * Notes that what was to be told as of `told` has been. False if there is something else to tell by now, or nothing: it waits
 * for a change that is just being made.
 */
export async function markRegistered(
  db: Database,
  dataset: number,
  { told, at }: { readonly told: Date | null; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('datasets')
    .set({ pid_registered_at: at })
    .where('id', '=', dataset)
    .where('told_at', 'is not distinct from', told)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** Those with DOIs of which something has not been told. */
export async function findUntold(db: Database): Promise<number[]> {
  const rows = await db
    .selectFrom('datasets')
    .select('id')
    .where('protocol', '=', 'doi')
    .where('told_at', '>', sql<Date>`coalesce(pid_registered_at, '-infinity')`)
    .orderBy('told_at')
    .execute()
  return rows.map(({ id }) => id)
}

export async function isRegistered(tx: Tx, dataset: number): Promise<boolean> {
  const row = await tx.selectFrom('datasets').select('pid_registered_at').where('id', '=', dataset).executeTakeFirst()
  return row !== undefined && row.pid_registered_at !== null
}
