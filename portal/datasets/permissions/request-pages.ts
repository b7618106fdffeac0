import type { Reply } from '#portal/kit/contracts.ts'
import { pages } from '#portal/kit/queries.ts'

export type AccessRequest = Reply<'GET /v1/datasets/:dataset/access-requests'>['items'][number]

/** Who asked for files of a dataset, oldest first. */
export const requestPages = (dataset: string, state: AccessRequest['state']) =>
  pages('GET /v1/datasets/:dataset/access-requests', { params: { dataset }, query: { state, limit: 100 } })
