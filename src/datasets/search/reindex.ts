import type { Database } from '#src/database/change.ts'
import { indexCollection } from './index-collection.ts'
import { indexDatasets } from './index-dataset.ts'
import * as store from './store.ts'

const atOnce = 200

/**
 * Brings all that can be found up to what stands in the database; what is as it should be is left alone. Searching goes on
 * meanwhile. `anew`: every document is made again, as after a change of what goes into them.
 */
export async function reindex(
  db: Database,
  { anew = false, onProgress }: { anew?: boolean; onProgress?: (datasets: number) => void } = {},
): Promise<{ collections: number; datasets: number }> {
  if (anew) await store.forgetFingerprints(db)
  const collections = await store.collectionIds(db)
  for (const id of collections) await db.transaction().execute((tx) => indexCollection(tx, id))
  let datasets = 0
  for (let after = 0; ; ) {
    const ids = await store.datasetIds(db, { after, limit: atOnce })
    if (ids.length === 0) return { collections: collections.length, datasets }
    await db.transaction().execute((tx) => indexDatasets(tx, ids, { files: null }))
    datasets += ids.length
    after = ids.at(-1)!
    onProgress?.(datasets)
  }
}
