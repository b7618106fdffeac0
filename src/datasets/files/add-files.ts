import type { Caller } from '#src/access/caller.ts'
import type { Change, Database, Tx } from '#src/database/change.ts'
import { openDraft } from '../hold-dataset.ts'
import { rightsOn } from '../rights.ts'
import { indexDataset } from '../search/index-dataset.ts'
import type { Visitor } from '../visitor.ts'
import { checkEmbargo, checkEmbargoes } from './embargo.ts'
import { freeName, joinPath, readDirectory, readName, shownPath, splitName } from './names.ts'
import { type FileNeeds, todayOf } from './needs.ts'
import { datasetTooLarge, fileNameInvalid, fileNameTaken, fileNotInDraft, otherType, sameContent } from './problems.ts'
import {
  deleteLooseFiles,
  findFilesIn,
  findNamesLike,
  findSameContent,
  findSameThere,
  findTaken,
  insertFiles,
  removeFromVersion,
  sumVersionFiles,
  touchVersion,
  type WrittenFile,
} from './store.ts'
import type { VersionFile } from './version-file.ts'

/** Content that has been written, checked and not yet been given to anything. */
export interface NewContent {
  readonly bytes: number
  readonly checksums: VersionFile['checksums']
  /** Puts it into the store with the rows that name it. */
  keep(tx: Tx): Promise<void>
}

export interface NewFile {
  readonly content: NewContent
  readonly name: string
  readonly originalName?: string
  readonly directory?: string | undefined
  readonly description?: string | undefined
  readonly categories?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly restricted?: boolean | undefined
  readonly embargo?: VersionFile['embargo'] | undefined
  readonly mediaType: string
  /** The file that it takes the place of: described as that one, and kept from others as that one is, unless this says otherwise. */
  readonly replaces?: number | undefined
  /** Where it came from in the request, for what is told of it: `#/files/0`. */
  readonly pointer?: string
}

export interface FileWarning {
  readonly file: number
  readonly kind: 'same_content' | 'renamed'
  readonly detail: string
  /** The file that has the same content, or the name. */
  readonly other: number | null
}

export interface AddedFiles {
  readonly datasetId: number
  readonly versionId: number
  /** In the order in which they were given. */
  readonly files: readonly VersionFile[]
  readonly warnings: readonly FileWarning[]
  /** It was all there already, so that nothing was changed. */
  readonly unchanged?: true
}

export interface AddOptions {
  /** What becomes of a file whose place is taken. Default: it gets a number. */
  readonly ifExists?: 'rename' | 'replace' | 'refuse' | undefined
  /** Whether content that the replaced file has already is refused. */
  readonly refuseSame?: boolean | undefined
  /** Whether a file may only be replaced by one of its type. */
  readonly sameType?: boolean | undefined
}

/** Refuses who may not deposit into a dataset, before their bytes are taken. */
export async function demandDeposit(
  { db }: { readonly db: Database | Tx },
  who: Caller | Visitor,
  ref: number | string,
): Promise<number> {
  const rights = await rightsOn(db, who, { dataset: ref })
  rights.demand('EditDataset')
  return rights.datasetId!
}

/** Places as they are kept; all that is wrong with them is told at once. */
export function readPlaces<F extends Pick<NewFile, 'name' | 'directory' | 'pointer'>>(
  files: readonly F[],
): (F & { readonly name: string; readonly directory: string })[] {
  const errors: { pointer: string; detail: string }[] = []
  let told: string | null = null
  const placed = files.map((file, at) => {
    const pointer = file.pointer ?? `#/files/${at}`
    const { name, fault } = readName(file.name)
    const { directory, fault: astray } = readDirectory(file.directory ?? '')
    if (fault) errors.push({ pointer: `${pointer}/name`, detail: fault })
    if (astray) errors.push({ pointer: `${pointer}/directory`, detail: astray })
    if (fault || astray) told ??= `“${shownPath(file.directory ?? '', file.name)}”: ${fault ?? astray}`
    return { ...file, name, directory }
  })
  if (told !== null) throw fileNameInvalid({ detail: told, errors: errors.slice(0, 100) })
  return placed
}

/**
 * Puts files into the draft of a dataset, which is made where there is none; all of them or none. Several callers at once
 * come one after the other into the same draft. The same content twice is taken and told; a taken name gets a number.
 */
export async function addFiles(
  needs: Omit<FileNeeds, 'contents' | 'downloads' | 'changer'>,
  change: Change,
  ref: number | string,
  given: readonly NewFile[],
  options: AddOptions = {},
): Promise<AddedFiles> {
  const { tx, actor } = change
  const known = await demandDeposit({ db: tx }, actor.caller, ref)
  const placed = readPlaces(given)
  const today = todayOf(needs)
  const now = needs.clock.now()
  for (const { embargo } of placed) checkEmbargo(embargo, today)
  const there = await findUnchanged(tx, known, placed, options)
  if (there) return there
  const { rights, draft } = await openDraft(change, ref, now)
  const { datasetId } = rights
  const versionId = draft.id
  const replaced = await findReplaced(tx, versionId, placed, options)
  for (const [at, old] of replaced) await checkEmbargoes(needs, change, rights, [old], placed[at]!.embargo)
  const gone = [...replaced.values()].map(({ id }) => id)
  await removeFromVersion(tx, versionId, gone)
  await checkRoom(needs, tx, versionId, placed, today)
  const names = await chooseNames(tx, versionId, placed, options)
  const same = await findSameContent(
    tx,
    versionId,
    placed.map(({ content }) => content.checksums.sha256),
  )
  const written = placed.map((file, at): WrittenFile => {
    const old = replaced.get(at)
    return {
      name: names[at]!,
      directory: file.directory,
      description: file.description ?? old?.description ?? '',
      categories: file.categories ?? old?.categories ?? [],
      tags: file.tags ?? old?.tags ?? [],
      restricted: file.restricted ?? old?.restricted ?? false,
      embargo: file.embargo === undefined ? (old?.embargo ?? null) : file.embargo,
      mediaType: file.mediaType,
      bytes: file.content.bytes,
      checksums: file.content.checksums,
      originalName: file.originalName ?? file.name,
      previousId: old?.id ?? null,
      rootId: old ? (old.rootId ?? old.id) : null,
    }
  })
  for (const { content } of placed) await content.keep(tx)
  const ids = await insertFiles(tx, { datasetId, versionId, by: actor.caller.accountId, now }, written)
  if (gone.length > 0) await deleteLooseFiles(tx, datasetId)
  await touchVersion(tx, versionId, actor.caller.accountId, now)
  await indexDataset(tx, datasetId, { files: [...ids, ...gone] })
  change.note({
    verb: gone.length === ids.length ? 'dataset.file_replaced' : 'dataset.files_added',
    subjectType: 'dataset',
    subjectId: String(datasetId),
    detail: {
      files: written.slice(0, 20).map(({ directory, name }, at) => ({ id: ids[at], path: joinPath(directory, name) })),
      ...(ids.length > 20 && { more: ids.length - 20 }),
      ...(gone.length > 0 && { replaced: gone.slice(0, 20) }),
    },
  })
  const files = await findFilesIn(tx, versionId, ids)
  return { datasetId, versionId, files, warnings: warningsOf(files, placed, same) }
}

/** A file sent again to its place, and nothing else said of it: whoever repeats a request, or a script, makes no new draft. */
async function findUnchanged(
  tx: Tx,
  datasetId: number,
  [file, ...others]: readonly (NewFile & { readonly directory: string })[],
  { ifExists }: AddOptions,
): Promise<AddedFiles | null> {
  if (!file || others.length > 0 || ifExists !== 'replace' || file.replaces !== undefined) return null
  const { directory, name, content, mediaType } = file
  const same = await findSameThere(tx, datasetId, { directory, name, sha256: content.checksums.sha256 })
  if (!same || same.mediaType !== mediaType) return null
  const says = (wanted: unknown, has: unknown): boolean => wanted === undefined || wanted === has
  if (!says(file.description, same.description) || !says(file.restricted, same.restricted)) return null
  return { datasetId, versionId: same.versionId, files: [same], warnings: [], unchanged: true }
}

/** The files that go, by the place in the list of those that come for them. */
async function findReplaced(
  tx: Tx,
  versionId: number,
  placed: readonly (NewFile & { readonly directory: string })[],
  { ifExists, refuseSame, sameType }: AddOptions,
): Promise<Map<number, VersionFile>> {
  const wanted = new Map(
    placed.flatMap(({ replaces }, at) => (replaces === undefined ? [] : [[at, replaces] as const])),
  )
  if (ifExists === 'replace') {
    const taken = await findTaken(tx, versionId, placed)
    for (const [at, { directory, name }] of placed.entries()) {
      const there = taken.find((one) => one.directory === directory && one.name === name)
      // Two of the same name at once: the first replaces, the second gets a number.
      if (there && !wanted.has(at) && ![...wanted.values()].includes(there.id)) wanted.set(at, there.id)
    }
  }
  if (wanted.size === 0) return new Map()
  const found = new Map((await findFilesIn(tx, versionId, [...wanted.values()])).map((file) => [file.id, file]))
  if (new Set(wanted.values()).size < wanted.size) throw fileNotInDraft({ detail: 'One file is to be replaced twice.' })
  return new Map(
    [...wanted].map(([at, id]) => {
      const old = found.get(id)
      const fresh = placed[at]!
      if (!old) throw fileNotInDraft({ detail: `The draft has no file ${id}.`, extensions: { file: id } })
      if (refuseSame && old.checksums.sha256 === fresh.content.checksums.sha256)
        throw sameContent({ detail: `${old.name} has this content already.`, extensions: { file: id } })
      if (sameType && old.mediaType !== fresh.mediaType)
        throw otherType({
          detail: `${old.name} is ${old.mediaType}, the new file ${fresh.mediaType}.`,
          extensions: { file: id, old_type: old.mediaType, new_type: fresh.mediaType },
        })
      return [at, old]
    }),
  )
}

async function checkRoom(
  { limits }: Pick<FileNeeds, 'limits'>,
  tx: Tx,
  versionId: number,
  placed: readonly NewFile[],
  today: string,
): Promise<void> {
  const { bytes: held } = await sumVersionFiles(tx, versionId, {}, today)
  const bytes = placed.reduce((sum, { content }) => sum + content.bytes, held)
  if (bytes > limits.dataset)
    throw datasetTooLarge({ detail: `It would have ${bytes} bytes; at most ${limits.dataset} are taken.` })
}

/** Names that are free in the draft and among one another. */
async function chooseNames(
  tx: Tx,
  versionId: number,
  placed: readonly { readonly name: string; readonly directory: string }[],
  { ifExists }: AddOptions,
): Promise<string[]> {
  const taken = new Set<string>()
  const there = await findTaken(tx, versionId, placed)
  if (ifExists === 'refuse' && there[0])
    throw fileNameTaken({
      detail: `${joinPath(there[0].directory, there[0].name)} is there already.`,
      extensions: { file: there[0].id },
    })
  for (const { directory, name } of there) taken.add(joinPath(directory, name))
  const looked = new Set<string>()
  const names: string[] = []
  for (const { directory, name } of placed) {
    const path = joinPath(directory, name)
    if (taken.has(path) && !looked.has(path)) {
      looked.add(path)
      for (const one of await findNamesLike(tx, versionId, { directory, ...splitName(name) }))
        taken.add(joinPath(directory, one))
    }
    const free = freeName(name, (one) => taken.has(joinPath(directory, one)))
    taken.add(joinPath(directory, free))
    names.push(free)
  }
  return names
}

function warningsOf(
  files: readonly VersionFile[],
  placed: readonly NewFile[],
  same: Awaited<ReturnType<typeof findSameContent>>,
): FileWarning[] {
  const seen = new Map(
    [...same].map(([sha256, { id, directory, name }]) => [sha256, { id, path: joinPath(directory, name) }]),
  )
  return files.flatMap(({ id, directory, name, checksums }, at): FileWarning[] => {
    const warnings: FileWarning[] = []
    const other = seen.get(checksums.sha256)
    if (other)
      warnings.push({
        file: id,
        kind: 'same_content',
        detail: `This file has the same content as ${other.path} that is in the dataset.`,
        other: other.id,
      })
    else seen.set(checksums.sha256, { id, path: joinPath(directory, name) })
    const wanted = placed[at]!.name
    if (name !== wanted)
      warnings.push({
        file: id,
        kind: 'renamed',
        detail: `${wanted} was taken, so that it is called ${name}.`,
        other: null,
      })
    return warnings
  })
}
