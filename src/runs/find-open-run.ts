import type { Database, Tx } from '#src/database/change.ts'
import type { AnyRunKind, Run, Subject } from './run.ts'
import { findOpenRuns } from './store.ts'

/** The run of this kind on this subject that waits or is at work, if there is one; for who would rather join it than start another. */
export async function findOpenRun(db: Database | Tx, kind: AnyRunKind, subject: Subject): Promise<Run | null> {
  const [newest] = await findOpenRuns(db, kind.name, subject)
  return newest ?? null
}
