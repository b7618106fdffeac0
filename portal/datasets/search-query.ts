import { queryOptions } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import type { Snippet } from './found-words.ts'
import { type Found, type Kind, orders } from './search-words.ts'

interface Place {
  readonly id: number
  readonly alias: string
  readonly name: string
}

interface Hit {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly states: readonly string[]
  readonly published_at: string | null
  readonly created_at: string
  readonly matches: readonly { readonly field: string; readonly snippets: readonly Snippet[] }[]
}

interface InDataset {
  readonly dataset: { readonly id: number; readonly pid: string; readonly title: string }
  readonly collection: Place
  readonly version: { readonly state: string }
}

export type FoundThing =
  | (Hit & {
      readonly type: 'collection'
      readonly alias: string
      readonly affiliation: string | null
      readonly parent: Place | null
      readonly datasets: number
    })
  | (Hit & InDataset & { readonly type: 'dataset'; readonly authors: readonly string[]; readonly files: number })
  | (Hit &
      InDataset & {
        readonly type: 'file'
        readonly media_type: string
        readonly type_name: string
        readonly bytes: number
        readonly restricted: boolean
        readonly embargo_until: string | null
      })

interface Facet {
  readonly name: string
  readonly label: string
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[]
}

interface Reply {
  readonly items: readonly FoundThing[]
  readonly total: number
  readonly facets: readonly Facet[]
  readonly counts: Readonly<Record<Kind, number>> | null
}

/** A search as the server is asked it. */
export function searchQuery(found: Found, below: string | null, perPage: number) {
  const { sort, order } = orders[found.order]
  const asked = {
    ...(found.q !== '' && { q: found.q }),
    ...(found.kind !== null && { type: found.kind }),
    ...found.facets,
    ...(below !== null && { below }),
    sort,
    order,
    limit: perPage,
    ...(found.page > 1 && { offset: (found.page - 1) * perPage }),
  }
  return queryOptions({
    queryKey: ['GET /v1/search', { query: asked }],
    queryFn: ({ signal }) =>
      ask('GET /v1/search' as 'GET /v1/models', { query: asked, signal } as never) as unknown as Promise<Reply>,
  })
}
