import { randomUUID } from 'node:crypto'
import type { Actor } from '#src/access/caller.ts'
import { storageFull } from '#src/files/problems.ts'
import { rightsOn } from '../rights.ts'
import { finish } from './finish-upload.ts'
import type { UploadNeeds } from './needs.ts'
import { uploadNotFound, uploadsTooMany, uploadTooLarge } from './problems.ts'
import { insertUpload, lockAccountUploads, sumUploads } from './store.ts'
import type { Upload } from './upload.ts'

/** Makes room for a file of a dataset that the caller may edit. One without bytes is finished at once. */
export async function startUpload(
  needs: UploadNeeds,
  actor: Actor,
  dataset: number | string,
  asked: {
    /** Chosen before, where its address was given out without it; not taken yet. Default: a new one. */
    readonly id?: string
    readonly name: string
    readonly mediaType: string | null
    readonly bytes: number
  },
): Promise<Upload> {
  const { db, changer, clock, limits, partials } = needs
  const { accountId } = actor.caller
  if (accountId === null) throw uploadNotFound()
  const rights = await rightsOn(db, actor.caller, { dataset })
  rights.demand('EditDataset')
  if (asked.bytes > limits.file)
    throw uploadTooLarge({ detail: `It would have ${asked.bytes} bytes; a file may have ${limits.file}.` })
  if (asked.bytes > (await partials.room())) throw storageFull({ detail: 'The disk has less room than it would need.' })
  const now = clock.now()
  const upload: Upload = {
    id: asked.id ?? randomUUID(),
    datasetId: rights.datasetId!,
    accountId,
    name: asked.name,
    toldMediaType: asked.mediaType,
    bytes: asked.bytes,
    received: 0,
    writer: null,
    writerUntil: null,
    createdAt: now,
    expiresAt: needs.expiry(now),
    finished: null,
  }
  await changer(actor, async (change) => {
    await lockAccountUploads(change.tx, accountId)
    const before = await sumUploads(change.tx, accountId)
    if (before.count >= limits.open)
      throw uploadsTooMany({ detail: `There are ${before.count} of them, and there may be ${limits.open}.` })
    if (before.bytes + asked.bytes > limits.quota)
      throw uploadTooLarge({
        detail: `With it your unfinished uploads would have ${before.bytes + asked.bytes} bytes; together they may have ${limits.quota}.`,
      })
    await insertUpload(change.tx, upload)
    change.note({
      verb: 'upload.started',
      subjectType: 'upload',
      subjectId: upload.id,
      detail: { dataset: upload.datasetId, name: upload.name, bytes: upload.bytes },
    })
  })
  return asked.bytes === 0 ? finish(needs, actor, upload) : upload
}
