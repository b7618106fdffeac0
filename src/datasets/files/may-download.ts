import type { Database, Tx } from '#src/database/change.ts'
import { type Rights, reaches } from '../rights.ts'
import { findDrafted, findGranted, findReleasedAccess } from './store.ts'
import { accessOf, type VersionFile } from './version-file.ts'

/**
 * Which of these files of one dataset, which the caller may know of, they may also have. The newest published version that
 * has a file says whether it is open, whatever a draft plans; of what was never published its own version says it.
 */
export async function mayDownload(
  db: Database | Tx,
  rights: Rights,
  files: readonly VersionFile[],
  today: string,
): Promise<ReadonlySet<number>> {
  const ids = files.map(({ id }) => id)
  if (rights.mayWithoutLink('DownloadFile') || ids.length === 0) return new Set(ids)
  const { caller } = rights.visitor
  const [released, granted, linked] = await Promise.all([
    findReleasedAccess(db, ids),
    reaches(caller, 'datasets:read', rights.path) ? findGranted(db, caller, ids) : new Set<number>(),
    rights.may('DownloadFile') ? findDrafted(db, ids) : new Set<number>(),
  ])
  return new Set(
    files
      .filter(
        (file) =>
          granted.has(file.id) || linked.has(file.id) || accessOf(released.get(file.id) ?? file, today) === 'public',
      )
      .map(({ id }) => id),
  )
}
