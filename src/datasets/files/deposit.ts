import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Actor } from '#src/access/caller.ts'
import { type AddedFiles, type AddOptions, addFiles, demandDeposit, type NewFile, readPlaces } from './add-files.ts'
import { splitPath } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { readChecksums } from './read-checksums.ts'
import { type TakenContent, takeContent } from './take-content.ts'

export interface StreamAsk extends Pick<NewFile, 'description' | 'restricted'> {
  /** Directory and name. */
  readonly path: string
  /** What they say of type, length and checksums is held against what comes. */
  readonly headers: IncomingHttpHeaders
  readonly signal?: AbortSignal
  readonly ifExists?: AddOptions['ifExists']
}

/** Takes a body straight into the draft of a dataset. Who may not, and what cannot stand there, is refused before it is read. */
export async function depositStream(
  needs: FileNeeds,
  actor: Actor,
  ref: number | string,
  body: Readable,
  { path, headers, signal, ifExists, description, restricted }: StreamAsk,
): Promise<AddedFiles> {
  const datasetId = await demandDeposit(needs, actor.caller, ref)
  const place = splitPath(path)
  const file = { ...place, description, restricted, pointer: '#' }
  readPlaces([file])
  const length = headers['content-length']
  const taken = await takeContent(needs, body, {
    name: place.name,
    mediaType: headers['content-type'],
    expected: readChecksums(headers),
    announced: length === undefined ? null : Number(length),
    ...(signal && { signal }),
  })
  try {
    return await depositContent(needs, actor, datasetId, taken, file, { ifExists })
  } finally {
    await taken.discard()
  }
}

/** Puts content that was taken before into the draft. Whoever took the content discards it. */
export function depositContent(
  needs: FileNeeds,
  actor: Actor,
  ref: number | string,
  taken: TakenContent,
  file: Omit<NewFile, 'content' | 'mediaType'>,
  options: AddOptions = {},
): Promise<AddedFiles> {
  return needs.changer(actor, (change) =>
    addFiles(needs, change, ref, [{ ...file, content: taken, mediaType: taken.mediaType }], options),
  )
}
