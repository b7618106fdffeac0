import type { Database } from '#src/database/change.ts'
import { countSchedules, type ScheduleFigures } from './store.ts'

/** Longer than a server needs to take what is due. */
const overdueMs = 60_000

/** How things stand with all that is done by the clock. */
export const describeSchedules = ({ db, clock }: { db: Database; clock: { now(): Date } }): Promise<ScheduleFigures> =>
  countSchedules(db, clock.now(), overdueMs)
