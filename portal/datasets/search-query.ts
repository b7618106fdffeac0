import type { Reply } from '#portal/kit/contracts.ts'
import { query } from '#portal/kit/queries.ts'
import { type Found, orders } from './search-words.ts'

export type FoundThing = Reply<'GET /v1/search'>['items'][number]

/** A search as the server is asked it. */
export function searchQuery(found: Found, below: string | null, perPage: number) {
  const { sort, order } = orders[found.order]
  return query('GET /v1/search', {
    query: {
      q: found.q,
      ...(found.kind !== null && { type: found.kind }),
      ...found.facets,
      ...(below !== null && { below }),
      sort,
      order,
      limit: perPage,
      offset: (found.page - 1) * perPage,
    } as never,
  })
}
