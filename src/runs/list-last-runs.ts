import type { Database } from '#src/database/change.ts'
import type { Run } from './run.ts'
import { findLastEnded } from './store.ts'

/** Of each subject of a type, the run of a kind that ended last: how things stand, whoever asked for it. */
export const listLastRuns = (
  { db }: { db: Database },
  { kind, subjectType }: { kind: string; subjectType: string },
): Promise<Run[]> => findLastEnded(db, kind, subjectType)
