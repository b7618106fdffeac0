import type { Change } from '#src/database/change.ts'
import { openDraft } from '../hold-dataset.ts'
import { rightsOn } from '../rights.ts'
import { indexDataset } from '../search/index-dataset.ts'
import { type EditNeeds, heldFiles } from './edit-file.ts'
import { joinPath } from './names.ts'
import { deleteLooseFiles, removeFromVersion, touchVersion } from './store.ts'

/**
 * Takes files out of the draft, which is made where there is none. What was never published is gone (its content is collected
 * later); anything else stays in the versions that have it. Tells which are gone.
 */
export async function deleteFiles(
  { clock }: EditNeeds,
  change: Change,
  ref: number | string,
  ids: readonly number[],
): Promise<{ deleted: number; destroyed: readonly number[] }> {
  const { tx, actor } = change
  const open = await openDraft(change, ref, clock.now())
  const { datasetId } = open.rights
  const files = await heldFiles(change, open, [...new Set(ids)])
  const gone = files.map(({ id }) => id)
  await removeFromVersion(tx, open.draft.id, gone)
  const destroyed = await deleteLooseFiles(tx, datasetId)
  await touchVersion(tx, open.draft.id, actor.caller.accountId, clock.now())
  await indexDataset(tx, datasetId, { files: gone })
  change.note({
    verb: 'dataset.files_deleted',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: {
      files: files.slice(0, 20).map(({ id, directory, name }) => ({ id, path: joinPath(directory, name) })),
      ...(files.length > 20 && { more: files.length - 20 }),
      destroyed: destroyed.length,
    },
  })
  return { deleted: files.length, destroyed }
}

/** The same for one file that is named without its dataset. */
export async function deleteFile(
  needs: EditNeeds,
  change: Change,
  id: number | string,
): Promise<{ destroyed: boolean }> {
  const rights = await rightsOn(change.tx, change.actor.caller, { file: id })
  rights.demand('EditDataset')
  const { destroyed } = await deleteFiles(needs, change, rights.datasetId!, [rights.fileId!])
  return { destroyed: destroyed.includes(rights.fileId!) }
}
