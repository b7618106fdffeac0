import type { Change } from '#src/database/change.ts'
import { type OpenDraft, openDraft } from '../hold-dataset.ts'
import { rightsOn } from '../rights.ts'
import { indexDataset } from '../search/index-dataset.ts'
import { readPlaces } from './add-files.ts'
import { checkEmbargoes } from './embargo.ts'
import { joinPath, readDirectory } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { fileNameInvalid, fileNameTaken, fileNotInDraft } from './problems.ts'
import {
  findFilesIn,
  findFileVersions,
  findTaken,
  type ManyEdits,
  touchVersion,
  updateVersionFile,
  updateVersionFiles,
} from './store.ts'
import type { VersionFile } from './version-file.ts'

export type EditNeeds = Pick<FileNeeds, 'clock' | 'timeZone'>

export interface FileEdits extends ManyEdits {
  readonly name?: string | undefined
}

/** Changes how a file is called, described and kept from others, from the next version on. What changes nothing makes no draft. */
export async function editFile(
  needs: EditNeeds,
  change: Change,
  id: number | string,
  edits: FileEdits,
): Promise<{ file: VersionFile; changed: boolean }> {
  const { tx, actor } = change
  const rights = await rightsOn(tx, actor.caller, { file: id })
  rights.demand('EditDataset')
  const [latest] = await findFileVersions(tx, rights.fileId!)
  if (latest && isSame(latest, edited(latest, edits))) return { file: latest, changed: false }
  const open = await openDraft(change, rights.datasetId!, needs.clock.now())
  const [before] = await heldFiles(change, open, [rights.fileId!])
  const after = edited(before!, edits)
  await checkEmbargoes(needs, change, open.rights, [before!], edits.embargo)
  const [taken] = await findTaken(tx, open.draft.id, [after])
  if (taken && taken.id !== after.id)
    throw fileNameTaken({
      detail: `Filename already exists at ${joinPath(after.directory, after.name)}`,
      extensions: { file: taken.id },
    })
  await updateVersionFile(tx, open.draft.id, after)
  await noteChanged(needs, change, open, [after.id], edits)
  return { file: (await findFilesIn(tx, open.draft.id, [after.id]))[0]!, changed: true }
}

/** The same change to many files of one dataset. */
export async function editFiles(
  needs: EditNeeds,
  change: Change,
  ref: number | string,
  ids: readonly number[],
  edits: ManyEdits,
): Promise<number> {
  const { tx } = change
  const open = await openDraft(change, ref, needs.clock.now())
  const files = await heldFiles(change, open, [...new Set(ids)])
  await checkEmbargoes(needs, change, open.rights, files, edits.embargo)
  const directory = edits.directory === undefined ? undefined : plainDirectory(edits.directory)
  if (directory !== undefined) await checkMoves(change, open, files, directory)
  await updateVersionFiles(
    tx,
    open.draft.id,
    files.map(({ id }) => id),
    { ...edits, directory },
  )
  await noteChanged(
    needs,
    change,
    open,
    files.map(({ id }) => id),
    { ...edits, directory },
  )
  return files.length
}

/** These files, as the draft has them; all of them or a refusal. */
export async function heldFiles(
  { tx }: Change,
  { draft, rights }: OpenDraft,
  ids: readonly number[],
): Promise<VersionFile[]> {
  const files = await findFilesIn(tx, draft.id, ids)
  const found = new Set(files.map(({ id }) => id))
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0)
    throw fileNotInDraft({
      detail: `Dataset ${rights.datasetId} has no file ${missing.slice(0, 10).join(', ')} now.`,
      extensions: { files: missing.slice(0, 100) },
    })
  return files
}

function edited(file: VersionFile, edits: FileEdits): VersionFile {
  const written = { name: edits.name ?? file.name, directory: edits.directory ?? file.directory }
  const moves = edits.name !== undefined || edits.directory !== undefined
  const [place] = moves ? readPlaces([{ ...written, pointer: '#' }]) : [written]
  return {
    ...file,
    name: place!.name,
    directory: place!.directory,
    description: edits.description ?? file.description,
    categories: edits.categories ?? file.categories,
    tags: edits.tags ?? file.tags,
    restricted: edits.restricted ?? file.restricted,
    embargo: edits.embargo === undefined ? file.embargo : edits.embargo,
  }
}

const isSame = (a: VersionFile, b: VersionFile): boolean =>
  JSON.stringify([a.name, a.directory, a.description, a.categories, a.tags, a.restricted, a.embargo]) ===
  JSON.stringify([b.name, b.directory, b.description, b.categories, b.tags, b.restricted, b.embargo])

function plainDirectory(written: string): string {
  const { directory, fault } = readDirectory(written)
  if (fault) throw fileNameInvalid({ detail: fault, errors: [{ pointer: '#/directory', detail: fault }] })
  return directory
}

async function checkMoves(
  { tx }: Change,
  { draft }: OpenDraft,
  files: readonly VersionFile[],
  directory: string,
): Promise<void> {
  const moved = new Set(files.map(({ id }) => id))
  const names = files.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  const taken = (
    await findTaken(
      tx,
      draft.id,
      names.map((name) => ({ directory, name })),
    )
  ).find(({ id }) => !moved.has(id))
  const name = twice ?? taken?.name
  if (name !== undefined)
    throw fileNameTaken({
      detail: `Filename already exists at ${joinPath(directory, name)}`,
      ...(taken && { extensions: { file: taken.id } }),
    })
}

async function noteChanged(
  { clock }: EditNeeds,
  change: Change,
  { rights, draft }: OpenDraft,
  ids: readonly number[],
  edits: FileEdits,
): Promise<void> {
  await touchVersion(change.tx, draft.id, change.actor.caller.accountId, clock.now())
  await indexDataset(change.tx, rights.datasetId, { files: ids })
  const { restricted, embargo, name, directory } = edits
  change.note({
    verb: 'dataset.files_changed',
    subjectType: 'dataset',
    subjectId: String(rights.datasetId),
    detail: {
      files: ids.slice(0, 20),
      ...(ids.length > 20 && { more: ids.length - 20 }),
      changed: Object.entries(edits).flatMap(([member, value]) => (value === undefined ? [] : [member])),
      ...(name !== undefined && { name }),
      ...(directory !== undefined && { directory }),
      ...(restricted !== undefined && { restricted }),
      ...(embargo !== undefined && { embargo: embargo?.until ?? null }),
    },
  })
}
