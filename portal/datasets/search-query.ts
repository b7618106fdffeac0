import { query } from '#portal/kit/queries.ts'
import { type Found, orders } from './search-words.ts'

/** A search as the server is asked it. */
export function searchQuery(found: Found, below: string | null, perPage: number) {
  const { sort, order } = orders[found.order]
  return query('GET /v1/search', {
    query: {
      ...(found.q !== '' && { q: found.q }),
      ...(found.kind !== null && { type: found.kind }),
      ...found.facets,
      ...(below !== null && { below }),
      sort,
      order,
      limit: perPage,
      ...(found.page > 1 && { offset: (found.page - 1) * perPage }),
    } as never,
  })
}
