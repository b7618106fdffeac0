import type { Caller } from '#src/access/caller.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadNotFound } from './problems.ts'
import { findUpload, listUploadsOf } from './store.ts'
import type { Upload } from './upload.ts'

/** Nobody else's uploads can be seen, whatever rights one has. */
export async function findOwnUpload(needs: UploadNeeds, caller: Caller, id: string): Promise<Upload> {
  const found = caller.accountId && (await findUpload(needs.db, id, caller.accountId, needs.clock.now()))
  if (!found) throw uploadNotFound({ detail: `There is no upload ${id} of yours.` })
  return asOnDisk(needs, found)
}

export async function listOwnUploads(needs: UploadNeeds, caller: Caller): Promise<Upload[]> {
  if (caller.accountId === null) return []
  const uploads = await listUploadsOf(needs.db, caller.accountId, needs.clock.now())
  return Promise.all(uploads.map((upload) => asOnDisk(needs, upload)))
}

/** A backup holds no parts: after a restore they have to come again. */
async function asOnDisk({ partials }: UploadNeeds, upload: Upload): Promise<Upload> {
  if (upload.finished || upload.received === 0) return upload
  return { ...upload, received: Math.min(upload.received, await partials.size(upload.id)) }
}
