import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { ContentStore } from '#src/files/content-store.ts'
import { headBytes, mimeOf, toldOrOwn } from '#src/files/media-type.ts'
import { ContentTooLarge } from '#src/files/write-blocks.ts'
import type { NewContent } from './add-files.ts'
import type { FileNeeds } from './needs.ts'
import { contentCutShort, fileTooLarge } from './problems.ts'
import { type ChecksumName, checksumNames, compareChecksums, type Expected } from './read-checksums.ts'

export interface TakenContent extends NewContent {
  /** By its name and first bytes, unless the sender says something that is more than "bytes". */
  readonly mediaType: string
  /** Where it stands until it is kept. */
  readonly file: string
  /** To call in any case: what has been kept stays. */
  discard(): Promise<void>
}

export interface TakeAsk {
  /** As the file is called; its ending says what it is. */
  readonly name: string
  /** As the sender calls it. */
  readonly mediaType?: string | null | undefined
  readonly expected?: Expected | undefined
  /** Bytes that the sender announced. */
  readonly announced?: number | null | undefined
  /** To compute besides MD5 and SHA-256 and those that are expected. */
  readonly checksums?: readonly ChecksumName[] | undefined
  /** Whether the pieces of the body are nobody else's, so that their memory can be freed as soon as they are copied. */
  readonly spend?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Writes what comes to disk in constant memory, and refuses what is too large or other than was announced; nothing is left of that. */
export async function takeContent(
  needs: Pick<FileNeeds, 'limits'> & { readonly contents: ContentStore },
  body: Readable,
  ask: TakeAsk,
): Promise<TakenContent> {
  const { limits } = needs
  const { expected = {}, announced = null } = ask
  if (announced !== null && announced > limits.file) throw tooLarge(limits.file)
  const wanted = checksumNames.filter((name) => expected[name] !== undefined || ask.checksums?.includes(name))
  const draft = await needs.contents
    .draft(body, {
      maxBytes: limits.file,
      checksums: wanted,
      ...(ask.spend && { spend: true }),
      ...(ask.signal && { signal: ask.signal }),
    })
    .catch((error: unknown) => {
      throw error instanceof ContentTooLarge ? tooLarge(limits.file) : error
    })
  try {
    if (announced !== null && announced !== draft.bytes)
      throw contentCutShort({ detail: `${announced} bytes were announced, ${draft.bytes} came.` })
    compareChecksums(expected, draft.checksums)
    const mediaType = toldOrOwn(bareType(ask.mediaType), mimeOf(ask.name, await headOf(draft.file)))
    const { bytes, checksums, file } = draft
    return { bytes, checksums, file, mediaType, keep: (tx) => draft.keep(tx), discard: () => draft.discard() }
  } catch (error) {
    await draft.discard()
    throw error
  }
}

const tooLarge = (most: number) =>
  fileTooLarge({ detail: `It has more than ${most} bytes.`, extensions: { limit: most } })

/** Without its parameters: `text/csv; charset=utf-8` is `text/csv`. */
const bareType = (told: string | null | undefined): string | null =>
  told?.split(';', 1)[0]?.trim().toLowerCase() || null

/** The first bytes, from the disk: a look at each piece that passes by would slow down all of them. */
async function headOf(file: string): Promise<Uint8Array> {
  await using handle = await open(file)
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes), position: 0 })
  return buffer.subarray(0, bytesRead)
}
