import type { Tx } from '#src/database/change.ts'
import { batchFiles } from './store.ts'

/** What a backup must hold besides the database: every batch, relative to the imports directory. */
export const importFiles = (tx: Tx): Promise<readonly string[]> => batchFiles(tx)
