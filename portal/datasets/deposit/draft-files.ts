import { askPage } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { pages } from '#portal/kit/queries.ts'

export type DraftFile = Reply<'GET /v1/datasets/:dataset/versions/:version/files'>['items'][number]

/** The files that a change would begin with: of the draft, or of what was published last where there is none yet. */
export const draftFiles = (dataset: string, search: string) =>
  pages('GET /v1/datasets/:dataset/versions/:version/files', {
    params: { dataset, version: 'latest' },
    query: { limit: 100, order: 'path', ...(search !== '' && { search }) },
  })

/** All of them, however many. */
export async function everyDraftFile(dataset: string): Promise<DraftFile[]> {
  const files: DraftFile[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const { body, next } = await askPage('GET /v1/datasets/:dataset/versions/:version/files', {
      params: { dataset, version: 'latest' },
      query: { limit: 1000, ...(cursor && { cursor }) },
    })
    files.push(...body.items)
    cursor = next
  }
  return files
}
