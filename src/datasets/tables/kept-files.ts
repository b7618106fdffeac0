import type { Tx } from '#src/database/change.ts'
import { relativePath } from '#src/files/shelf.ts'
import { namedTables } from './store.ts'

/** What a backup must hold besides the database: tables as Parquet, as the content store names them. */
export const tableFiles = async (tx: Tx): Promise<readonly string[]> => (await namedTables(tx, null)).map(relativePath)

/** For the content store. */
export const namedByTables = (tx: Tx, sha256s: readonly string[]): Promise<readonly string[]> =>
  namedTables(tx, sha256s)
