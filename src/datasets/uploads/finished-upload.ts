import type { Caller } from '#src/access/caller.ts'
import type { Tx } from '#src/database/change.ts'
import type { Checksums } from '#src/files/checksums.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadNotFound, uploadUnfinished } from './problems.ts'
import { deleteUpload, lockUpload } from './store.ts'

/** What came of an upload that is whole. */
export interface FinishedUpload {
  readonly id: string
  readonly datasetId: number
  /** As its sender calls it, not judged yet. */
  readonly name: string
  readonly mediaType: string
  readonly bytes: number
  readonly checksums: Checksums
  /** To call in the transaction that inserts the row which names the content; the upload is none any more then. */
  keep(tx: Tx): Promise<void>
}

/** A finished upload of the caller, held until the transaction ends: it can become a file once. */
export async function finishedUpload(
  needs: Pick<UploadNeeds, 'clock' | 'contents'>,
  tx: Tx,
  caller: Caller,
  id: string,
): Promise<FinishedUpload> {
  const found = caller.accountId && (await lockUpload(tx, id, caller.accountId, needs.clock.now()))
  if (!found) throw uploadNotFound({ detail: `There is no upload ${id} of yours.` })
  const { finished, datasetId, name, bytes, received } = found
  if (!finished) throw uploadUnfinished({ detail: `Of upload ${id} ${received} of ${bytes} bytes are there.` })
  const { sha256, md5, mediaType } = finished
  return {
    id,
    datasetId,
    name,
    mediaType,
    bytes,
    checksums: { md5, sha1: null, sha256, sha512: null },
    async keep(tx) {
      await needs.contents.hold(tx, sha256)
      await deleteUpload(tx, id)
    },
  }
}
