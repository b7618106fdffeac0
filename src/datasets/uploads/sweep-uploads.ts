import type { UploadNeeds } from './needs.ts'
import { deleteExpired, findOpen } from './store.ts'

/** Deletes uploads past their time, and bytes that belong to none: of ended ones, of deleted datasets and accounts. */
export async function sweepUploads({
  db,
  clock,
  partials,
}: Pick<UploadNeeds, 'db' | 'clock' | 'partials'>): Promise<void> {
  for (const id of await deleteExpired(db, clock.now())) await partials.remove(id)
  await partials.sweep((ids) => findOpen(db, ids))
}
