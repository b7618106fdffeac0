import type { Change } from '#src/database/change.ts'
import { rightsOn } from '../rights.ts'
import { type AddedFiles, addFiles } from './add-files.ts'
import type { FileNeeds } from './needs.ts'
import { fileNotInDraft } from './problems.ts'
import { findFileVersions } from './store.ts'
import { uploadedFile } from './take-uploads.ts'

export interface ReplaceAsk {
  readonly upload: string
  readonly name?: string | undefined
  readonly directory?: string | undefined
  readonly description?: string | undefined
  readonly categories?: readonly string[] | undefined
  readonly any_type: boolean
}

/** Puts a finished upload where a file stands: called, described and kept from others as that one, unless it says otherwise. */
export async function replaceFile(
  needs: Omit<FileNeeds, 'changer' | 'downloads'>,
  change: Change,
  id: number | string,
  { upload, name, directory, description, categories, any_type }: ReplaceAsk,
): Promise<AddedFiles> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, { file: id })
  rights.demand('EditDataset')
  const [old] = await findFileVersions(tx, rights.fileId!)
  if (!old) throw fileNotInDraft({ detail: `File ${id} was deleted.` })
  const fresh = await uploadedFile(needs, change, rights.datasetId!, { upload, name: name ?? old.name })
  return addFiles(
    needs,
    change,
    rights.datasetId!,
    [
      {
        ...fresh,
        directory: directory ?? old.directory,
        description: description ?? old.description,
        categories: categories ?? old.categories,
        tags: old.tags,
        replaces: old.id,
      },
    ],
    { sameType: !any_type },
  )
}
