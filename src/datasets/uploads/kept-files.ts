import type { Tx } from '#src/database/change.ts'
import { relativePath } from '#src/files/shelf.ts'
import { findUploadContents } from './store.ts'

/** What a backup must hold besides the database: finished uploads that have not become files yet. */
export const uploadFiles = async (tx: Tx): Promise<readonly string[]> =>
  (await findUploadContents(tx, null)).map(relativePath)

/** For the content store. */
export const namedByUploads = (tx: Tx, sha256s: readonly string[]): Promise<readonly string[]> =>
  findUploadContents(tx, sha256s)
