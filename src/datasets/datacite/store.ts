import type { Database } from '#src/database/change.ts'

export async function markRegistered(db: Database, dataset: number, at: Date): Promise<void> {
  await db.updateTable('datasets').set({ pid_registered_at: at }).where('id', '=', dataset).execute()
}
