import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Actor } from '#src/access/caller.ts'
import type { Change } from '#src/database/change.ts'
import { type AddedFiles, type AddOptions, addFiles, demandDeposit, type NewFile, readPlaces } from './add-files.ts'
import { splitPath } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { readChecksums } from './read-checksums.ts'
import { type TakenContent, takeContent } from './take-content.ts'
import { unpackContent } from './unpack-content.ts'

export interface StreamAsk extends Pick<NewFile, 'description' | 'restricted'> {
  /** Directory and name. */
  readonly path: string
  /** What they say of type, length and checksums is held against what comes. */
  readonly headers: IncomingHttpHeaders
  readonly signal?: AbortSignal
  readonly ifExists?: AddOptions['ifExists']
  readonly unpack?: boolean | undefined
}

/** Takes a body straight into the draft of a dataset. Who may not, and what cannot stand there, is refused before it is read. */
export async function depositStream(
  needs: FileNeeds,
  actor: Actor,
  ref: number | string,
  body: Readable,
  { path, headers, signal, ifExists, unpack = false, description, restricted }: StreamAsk,
): Promise<AddedFiles> {
  const datasetId = await demandDeposit(needs, actor.caller, ref)
  const place = splitPath(path)
  const file = { ...place, description, restricted, pointer: '#' }
  // Of what is unpacked only the directory counts.
  readPlaces([unpack ? { ...file, name: 'archive.zip' } : file])
  const length = headers['content-length']
  const taken = await takeContent(needs, body, {
    name: place.name,
    mediaType: headers['content-type'],
    expected: readChecksums(headers),
    announced: length === undefined ? null : Number(length),
    spend: true,
    ...(signal && { signal }),
  })
  try {
    return await depositContent(needs, actor, datasetId, taken, file, { ifExists, unpack })
  } finally {
    await taken.discard()
  }
}

export interface DepositOptions extends AddOptions {
  /** Each member of the ZIP that it is becomes a file. */
  readonly unpack?: boolean
  /** What else happens in the same change, before it. */
  also?(change: Change): Promise<void>
}

/**
 * Puts content that was taken before into the draft: as one file, or, `unpack`, each member of the ZIP that it is as one. Whoever
 * took the content discards it.
 */
export async function depositContent(
  needs: FileNeeds,
  actor: Actor,
  ref: number | string,
  taken: TakenContent,
  file: Omit<NewFile, 'content' | 'mediaType'>,
  { unpack = false, also, ...options }: DepositOptions = {},
): Promise<AddedFiles> {
  const deposit = (files: readonly NewFile[]): Promise<AddedFiles> =>
    needs.changer(actor, async (change) => {
      await also?.(change)
      return addFiles(needs, change, ref, files, options)
    })
  if (!unpack) return deposit([{ ...file, content: taken, mediaType: taken.mediaType }])
  await using members = await unpackContent(needs, taken.file)
  const { directory = '' } = file
  const files = members.files.map((member) => ({
    ...file,
    ...member,
    originalName: member.name,
    directory: `${directory}/${member.directory}`,
    pointer: '#',
  }))
  return await deposit(files)
}
