import type { Tx } from '#src/database/change.ts'
import { relativePath } from '#src/files/shelf.ts'
import { findArtifactContents } from './store.ts'

/** What a backup must hold besides the database: the files of runs that are still given out, as the content store names them. */
export const artifactFiles = async (tx: Tx): Promise<readonly string[]> =>
  (await findArtifactContents(tx, null)).map(relativePath)

/** For the content store. */
export const namedByArtifacts = (tx: Tx, sha256s: readonly string[]): Promise<readonly string[]> =>
  findArtifactContents(tx, sha256s)
