import type { Tx } from '#src/database/change.ts'
import { relativePath } from '#src/files/shelf.ts'
import { findAllNamed, findNamed } from './slice-store.ts'

/** What a backup must hold besides the database, as the content store names it. */
export const deliveredFiles = async (tx: Tx): Promise<readonly string[]> => (await findAllNamed(tx)).map(relativePath)

/** For the content store. */
export const namedByDeliveries = (tx: Tx, sha256s: readonly string[]): Promise<readonly string[]> =>
  findNamed(tx, sha256s)
