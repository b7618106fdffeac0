import type { Tx } from '#src/database/change.ts'
import { relativePath } from '#src/files/shelf.ts'
import { findFileContents } from './store.ts'

/** What a backup must hold besides the database: the contents of files, as the content store names them. */
export const datasetFiles = async (tx: Tx): Promise<readonly string[]> =>
  (await findFileContents(tx, null)).map(relativePath)

/** For the content store. */
export const namedByDatasetFiles = (tx: Tx, sha256s: readonly string[]): Promise<readonly string[]> =>
  findFileContents(tx, sha256s)
