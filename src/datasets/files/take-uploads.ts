import type { Actor } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { finishedUpload } from '../uploads/finished-upload.ts'
import { type AddedFiles, addFiles, demandDeposit, type NewFile } from './add-files.ts'
import { depositContent } from './deposit.ts'
import type { FileNeeds } from './needs.ts'
import { otherDataset } from './problems.ts'
import { takeContent } from './take-content.ts'

export interface UploadAsk extends Omit<NewFile, 'content' | 'mediaType' | 'name' | 'originalName' | 'pointer'> {
  readonly upload: string
  readonly name?: string | undefined
}

type TakeNeeds = Omit<FileNeeds, 'changer' | 'downloads'>

/** Makes finished uploads of the caller files of the draft: all of them or none. Each upload can be taken once. */
export async function addUploads(
  needs: TakeNeeds,
  change: Change,
  ref: number | string,
  asked: readonly UploadAsk[],
): Promise<AddedFiles> {
  const datasetId = await demandDeposit({ db: change.tx }, change.actor.caller, ref)
  const files: NewFile[] = []
  for (const ask of asked) files.push(await uploadedFile(needs, change, datasetId, ask))
  return addFiles(needs, change, datasetId, files)
}

/** What a finished upload becomes as a file, called as asked or as its sender called it. */
export async function uploadedFile(
  needs: TakeNeeds,
  { tx, actor }: Change,
  datasetId: number,
  { upload: id, name, ...file }: UploadAsk,
): Promise<NewFile> {
  const upload = await finishedUpload(needs, tx, actor.caller, id)
  if (upload.datasetId !== datasetId)
    throw otherDataset({ detail: `Upload ${id} is for dataset ${upload.datasetId}.`, extensions: { upload: id } })
  const { mediaType, bytes, checksums } = upload
  return {
    ...file,
    name: name ?? upload.name,
    originalName: upload.name,
    mediaType,
    content: { bytes, checksums, keep: (inTx) => upload.keep(inTx) },
  }
}

/** Makes each member of an uploaded ZIP a file; the upload is gone then. */
export async function unpackUpload(
  needs: FileNeeds,
  actor: Actor,
  ref: number | string,
  { upload: id, ...file }: Omit<UploadAsk, 'name' | 'replaces'>,
): Promise<AddedFiles> {
  const datasetId = await demandDeposit(needs, actor.caller, ref)
  const { name, content } = await needs.db.transaction().execute(async (tx) => {
    const found = await finishedUpload(needs, tx, actor.caller, id)
    if (found.datasetId !== datasetId)
      throw otherDataset({ detail: `Upload ${id} is for dataset ${found.datasetId}.`, extensions: { upload: id } })
    const content = await needs.contents.read(found.checksums.sha256)
    if (!content) throw new Error(`the content of upload ${id} is not in the store`)
    return { name: found.name, content }
  })
  const taken = await takeContent(needs, content, { name })
  try {
    return await depositContent(
      needs,
      actor,
      datasetId,
      taken,
      { ...file, name },
      {
        unpack: true,
        // Whoever asks twice at once: the second finds it gone, and everything else undone.
        also: async ({ tx }) => (await finishedUpload(needs, tx, actor.caller, id)).keep(tx),
      },
    )
  } finally {
    await taken.discard()
  }
}
