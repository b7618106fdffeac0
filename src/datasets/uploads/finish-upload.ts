import type { Actor } from '#src/access/caller.ts'
import { mimeOf, toldOrOwn } from '#src/files/media-type.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadNotFound } from './problems.ts'
import { finishUpload } from './store.ts'
import type { Upload } from './upload.ts'

/** Puts an upload that is whole into the content store, where it waits to become a file. */
export async function finish(needs: UploadNeeds, actor: Actor, upload: Upload): Promise<Upload> {
  const { changer, clock, contents, partials } = needs
  const { id, name } = upload
  const written = await partials.sum(id)
  const mediaType = toldOrOwn(upload.toldMediaType, mimeOf(name, await partials.head(id)))
  const draft = await contents.adopt(await partials.whole(id), written)
  const done = await changer(actor, async (change) => {
    const { sha256, md5 } = written.checksums
    const now = clock.now()
    const row = await finishUpload(change.tx, id, { at: now, sha256, md5, mediaType }, needs.expiry(now))
    // Ended by its sender while the last bytes came.
    if (!row) return null
    await draft.keep(change.tx)
    change.note({
      verb: 'upload.finished',
      subjectType: 'upload',
      subjectId: id,
      detail: { dataset: upload.datasetId, name, bytes: written.bytes, sha256 },
    })
    return row
  })
  await draft.discard()
  // Only now: had we died before the change was there for good, the sender would go on where it was.
  await partials.remove(id)
  if (!done) throw uploadNotFound({ detail: `Upload ${id} was ended meanwhile.` })
  return done
}
