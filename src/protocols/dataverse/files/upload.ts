import type { Actor } from '#src/access/caller.ts'
import { type AddedFiles, type AddOptions, addFiles, demandDeposit } from '#src/datasets/files/add-files.ts'
import { depositContent } from '#src/datasets/files/deposit.ts'
import type { FileNeeds } from '#src/datasets/files/needs.ts'
import { type TakenContent, takeContent } from '#src/datasets/files/take-content.ts'
import { archiveBroken } from '#src/files/problems.ts'
import type { BodyPart } from '#src/http/multipart.ts'
import { Problem } from '#src/problem/problem.ts'
import type { DataverseNeeds } from '../needs.ts'
import { sentFile } from './direct-upload.ts'
import { type About, readAbout } from './read-about.ts'

interface Form {
  /** Null: it was sent before, to an address of its own. */
  readonly taken: (TakenContent & { readonly fileName: string }) | null
  readonly about: About
}

/** Takes a form in: the content to disk as it comes, what is said of it whole. Whoever asks discards the content. */
async function takeForm(needs: FileNeeds, parts: AsyncIterable<BodyPart>, signal: AbortSignal): Promise<Form> {
  let taken: Form['taken'] = null
  let about: About = {}
  try {
    for await (const part of parts) {
      if (part.kind === 'text') about = part.text.trim() === '' ? {} : readAbout(part.text)
      else if (!taken) {
        const fileName = part.fileName ?? ''
        const { mediaType } = part
        taken = { ...(await takeContent(needs, part.content, { name: fileName, mediaType, signal })), fileName }
      }
    }
    return { taken, about }
  } catch (error) {
    await taken?.discard()
    throw error
  }
}

/** Puts what a form brings into the draft of a dataset; a ZIP file by file. Who may not is refused before it is read. */
export async function uploadForm(
  needs: DataverseNeeds,
  actor: Actor,
  ref: string | number,
  parts: AsyncIterable<BodyPart>,
  { signal, replaces }: { readonly signal: AbortSignal; readonly replaces?: number },
): Promise<AddedFiles> {
  const { datasets } = needs
  const datasetId = await demandDeposit(datasets, actor.caller, ref)
  const { taken, about } = await takeForm(datasets, parts, signal)
  const place = replaces === undefined ? {} : { replaces }
  const options: AddOptions = replaces === undefined ? {} : { refuseSame: true, sameType: about.forceReplace !== true }
  if (!taken)
    return datasets.changer(actor, async (change) => {
      const file = { ...(await sentFile(needs, change, datasetId, about)), ...place }
      return addFiles(datasets, change, datasetId, [file], options)
    })
  try {
    const file = { ...fileOf(about, taken.fileName), ...place }
    const deposit = (unpack: boolean) => depositContent(datasets, actor, datasetId, taken, file, { ...options, unpack })
    if (replaces !== undefined || !isZip(taken.mediaType)) return await deposit(false)
    // What only calls itself so, or cannot be opened, is a file like others.
    return await deposit(true).catch((error: unknown) => {
      if (error instanceof Problem && error.code === archiveBroken.code) return deposit(false)
      throw error
    })
  } finally {
    await taken.discard()
  }
}

const isZip = (mediaType: string): boolean => /^application\/(x-)?zip(-compressed)?$/.test(mediaType)

/** Here, what takes the place of a file has only the words that are sent with it. */
const fileOf = ({ label, directoryLabel, description, categories, tags, restrict }: About, fileName: string) => ({
  name: label ?? fileName,
  originalName: fileName,
  directory: directoryLabel,
  description: description ?? '',
  categories: categories ?? [],
  tags: tags ?? [],
  restricted: restrict,
})
