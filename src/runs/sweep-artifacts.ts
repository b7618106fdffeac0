import type { Database } from '#src/database/change.ts'
import type { ContentStore } from '#src/files/content-store.ts'
import { expireArtifacts } from './store.ts'

/** Gives up files that are past their time, and frees what no row names any more. */
export async function sweepArtifacts({ db, contents }: { db: Database; contents: ContentStore }): Promise<void> {
  await expireArtifacts(db)
  await contents.sweep(db)
}
