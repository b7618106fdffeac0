import type { Tx } from '#src/database/change.ts'

/** What a backup must hold besides the database: snapshots, by the names of their files. */
export async function snapshotFiles(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.selectFrom('model_snapshots').select('file').execute()
  return rows.map((row) => row.file)
}
