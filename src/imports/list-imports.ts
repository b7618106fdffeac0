import type { Database } from '#src/database/change.ts'
import * as store from './store.ts'

/** What was imported when; times in ISO 8601, ends are those of the first and the last job. */
export async function listImports({ db }: { db: Database }) {
  const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
  return (await store.listBatches(db)).map((batch) => ({
    ...batch,
    earliestEnd: iso(batch.earliestEnd),
    latestEnd: iso(batch.latestEnd),
    importedAt: batch.importedAt.toISOString(),
  }))
}
