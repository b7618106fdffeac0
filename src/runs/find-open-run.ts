import type { Database, Tx } from '#src/database/change.ts'
import type { AnyRunKind, Run, Subject } from './run.ts'
import { findRuns } from './store.ts'

/** The run of this kind on this subject that waits or is at work, if there is one; for who would rather join it than start another. */
export async function findOpenRun(db: Database | Tx, kind: AnyRunKind, subject: Subject): Promise<Run | null> {
  // Newest first, so an open one is among the first few.
  const runs = await findRuns(db, { kind: kind.name, subjectType: subject.type, subjectId: subject.id, limit: 20 })
  return runs.find((run) => run.finishedAt === null && !run.cancelRequested) ?? null
}
