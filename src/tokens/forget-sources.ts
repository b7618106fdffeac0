import type { Database } from '#src/database/change.ts'
import { deleteSources } from './store.ts'

const keptDays = 400
const dayMs = 86_400_000

/** Deletes from where tokens were used long ago: addresses are told of people. How often they were used stays. */
export async function forgetSources({ db, clock }: { db: Database; clock: { now(): Date } }): Promise<void> {
  await deleteSources(db, new Date(clock.now().getTime() - keptDays * dayMs).toISOString().slice(0, 10))
}
