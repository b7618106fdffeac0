import { archiveBroken } from '#src/files/problems.ts'
import { readZip } from '#src/files/unzip.ts'
import type { NewFile } from './add-files.ts'
import { placeOfMember } from './names.ts'
import type { FileNeeds } from './needs.ts'
import { type TakenContent, takeContent } from './take-content.ts'

const mostMembers = 1000

type Member = Pick<NewFile, 'content' | 'name' | 'mediaType'> & { readonly directory: string }

/** The members of a ZIP, each as content of its own; what has not been kept at the end of the scope is discarded. */
export interface Unpacked extends AsyncDisposable {
  readonly files: readonly Member[]
}

/** Takes a ZIP apart, one level of it. Neither bombs nor names that lead elsewhere do harm; what systems leave behind is passed over. */
export async function unpackContent(needs: Pick<FileNeeds, 'limits' | 'contents'>, file: string): Promise<Unpacked> {
  const files: (Member & { readonly content: TakenContent })[] = []
  const discard = async (): Promise<void> => {
    for (const { content } of files) await content.discard()
  }
  try {
    const limits = { maxFiles: mostMembers, maxBytes: needs.limits.dataset, room: await needs.contents.room() }
    for await (const member of readZip(file, limits)) {
      const place = placeOfMember(member.name)
      if (!place) continue
      const content = await takeContent(needs, await member.open(), { name: place.name })
      files.push({ ...place, content, mediaType: content.mediaType })
    }
    if (files.length === 0) throw archiveBroken({ detail: 'It holds no files.' })
  } catch (error) {
    await discard()
    throw error
  }
  return { files, [Symbol.asyncDispose]: discard }
}
