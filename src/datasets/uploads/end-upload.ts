import type { Change } from '#src/database/change.ts'
import { stopWriting } from './append-upload.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadNotFound } from './problems.ts'
import { deleteUpload, lockUpload } from './store.ts'

/** Gives an upload up; nothing stays of it. */
export async function endUpload(needs: UploadNeeds, change: Change, id: string): Promise<void> {
  const { tx, actor } = change
  const { accountId } = actor.caller
  const upload = accountId && (await lockUpload(tx, id, accountId, needs.clock.now()))
  if (!upload) throw uploadNotFound({ detail: `There is no upload ${id} of yours.` })
  await deleteUpload(tx, id)
  change.note({
    verb: 'upload.ended',
    subjectType: 'upload',
    subjectId: id,
    detail: { dataset: upload.datasetId, name: upload.name },
  })
  change.afterCommit(async () => {
    // Only now: before, its writer would wait for this change, and this change for it.
    await stopWriting(id)
    // What is left if this fails is swept.
    await needs.partials.remove(id).catch(() => undefined)
  })
}
