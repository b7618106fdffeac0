import type { Search } from '#portal/kit/search.ts'

/** What can be found. */
export const kinds = ['dataset', 'collection', 'file'] as const
export type Kind = (typeof kinds)[number]

/** The orders of what was found, as the address names them. */
export const orders = {
  relevance: { label: 'Best match', sort: 'relevance', order: 'desc' },
  newest: { label: 'Newest first', sort: 'date', order: 'desc' },
  oldest: { label: 'Oldest first', sort: 'date', order: 'asc' },
  'name-az': { label: 'Name, A to Z', sort: 'name', order: 'asc' },
  'name-za': { label: 'Name, Z to A', sort: 'name', order: 'desc' },
} as const
export type Order = keyof typeof orders

/** By which facets a search is narrowed; each may have several values, and one of them has to hold. */
export const facetNames = [
  'collection',
  'subject',
  'author',
  'keyword',
  'year',
  'file_type',
  'access',
  'license',
  'state',
  'affiliation',
  'kind_of_data',
  'language',
  'topic',
  'producer',
  'coverage',
  'deposited',
  'category',
  'file_tag',
] as const
export type FacetName = (typeof facetNames)[number]

/** A search, as it stands in the address. */
export interface Found {
  readonly q: string
  /** Null: all kinds. */
  readonly kind: Kind | null
  readonly facets: Readonly<Partial<Record<FacetName, readonly string[]>>>
  readonly order: Order
  /** The first is 1. */
  readonly page: number
}

/** With words the best match comes first, without them what is new. */
export const orderOf = (q: string): Order => (q === '' ? 'newest' : 'relevance')

/** Reads a search out of an address; what makes no sense is left out. */
export function readFound(search: Search): Found {
  const one = (key: string): string => [search[key] ?? ''].flat().at(-1) ?? ''
  const q = one('q').trim()
  const kind = kinds.find((each) => each === one('type')) ?? null
  const page = /^[1-9]\d{0,4}$/.test(one('page')) ? Number(one('page')) : 1
  return {
    q,
    kind,
    facets: Object.fromEntries(
      facetNames.flatMap((name) => {
        const values = [...new Set([search[name] ?? []].flat().filter((value) => value.trim() !== ''))]
        return values.length === 0 ? [] : [[name, values]]
      }),
    ),
    order: Object.hasOwn(orders, one('sort')) ? (one('sort') as Order) : orderOf(q),
    page,
  }
}

/** The search as an address has it; what goes without saying is not said. */
export const writeFound = ({ q, kind, facets, order, page }: Found): Search => ({
  ...(q !== '' && { q }),
  ...(kind !== null && { type: kind }),
  ...Object.fromEntries(
    Object.entries(facets).map(([name, values]) => [name, values.length === 1 ? values[0]! : [...values]]),
  ),
  ...(order !== orderOf(q) && { sort: order }),
  ...(page > 1 && { page: String(page) }),
})

/** The same search with a value of a facet taken in or out, from its first page. */
export function toggleFacet(found: Found, name: FacetName, value: string): Found {
  const before = found.facets[name] ?? []
  const values = before.includes(value) ? before.filter((one) => one !== value) : [...before, value]
  const { [name]: _, ...others } = found.facets
  return { ...found, page: 1, facets: values.length === 0 ? others : { ...others, [name]: values } }
}

export const isNarrowed = ({ q, kind, facets }: Found): boolean =>
  q !== '' || kind !== null || Object.keys(facets).length > 0
