import type { z } from 'zod'
import { type FacetName, facetNames } from '#src/datasets/search/facets.ts'
import type { ItemType, SearchAsk } from '#src/datasets/search/search-ask.ts'
import { isTrue } from '../parameters.ts'
import { refused } from '../problems.ts'
import type { search } from './contract.ts'
import { facetOfSolrName, objectTypes, valueNamed } from './solr-names.ts'

type Query = z.output<(typeof search)['query']>

const mostPerPage = 1000

/** The question as clients put it, in ours; what is wrong is told in the words that they know. */
export function readAsk(query: Query): SearchAsk & { readonly limit: number; readonly offset: number } {
  if (query.q === undefined) throw refused(400, 'q parameter is missing')
  const limit = wholeNumber('per_page', query.per_page, 10)
  if (limit > mostPerPage) throw refused(400, `${limit} results per page requested but max limit is ${mostPerPage}.`)
  const { filters, narrowing, types } = readFilters(query.fq)
  const asked = query.type.length > 0 ? query.type.map(typeOf) : types
  return {
    question: query.q,
    ...(asked.length > 0 && { types: asked }),
    ...(query.subtree.length > 0 && { below: query.subtree }),
    filters,
    narrowing,
    ...(query.sort === 'name' || query.sort === 'date' ? { sort: query.sort } : {}),
    ...(query.order === 'asc' || query.order === 'desc' ? { order: query.order } : {}),
    limit,
    offset: wholeNumber('start', query.start, 0),
    ...(isTrue(query.show_facets) && { facets: facetNames.filter((name) => name !== 'collection') }),
    countTypes: isTrue(query.show_type_counts),
    matches: isTrue(query.show_relevance),
  }
}

function typeOf(text: string): ItemType {
  if (Object.hasOwn(objectTypes, text)) return objectTypes[text as keyof typeof objectTypes]
  throw refused(400, `Invalid type '${text}'. Must be one of [dataverse, dataset, file]`)
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw refused(400, `Invalid ${name}: ${text}`)
}

interface Filters {
  readonly filters: { readonly facet: FacetName; readonly values: string[] }[]
  readonly narrowing: string[]
  readonly types: ItemType[]
}

/** `subject_ss:"Law"`, `subject_ss:("Law" OR "Physics")`; whatever else stands there narrows as a question. */
function readFilters(texts: readonly string[]): Filters {
  const read: Filters = { filters: [], narrowing: [], types: [] }
  for (const text of texts) {
    const [, name = '', rest = ''] = /^([A-Za-z_]+):(.+)$/s.exec(text.trim()) ?? []
    const facet = facetOfSolrName(name)
    const values = alternatives(rest.trim())
    if (name === 'dvObjectType') read.types.push(...values.map((one) => typeOf(one.replace(/s$/, ''))))
    else if (facet === undefined || values.length === 0) read.narrowing.push(text)
    else read.filters.push({ facet, values: values.map((one) => valueNamed(facet, one)) })
  }
  return read
}

/** The values that a filter lets through; none where it is more than a list of them. */
function alternatives(text: string): string[] {
  const inside = /^\((.*)\)$/s.exec(text)?.[1] ?? text
  const values = inside.split(/\sOR\s/).map((one) => one.trim())
  const plain = values.map((one) => /^"((?:[^"\\]|\\.)*)"$/s.exec(one)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? bare(one))
  return plain.every((one) => one !== null) ? (plain as string[]) : []
}

/** A value without quotes, which clients leave off where it has one word, and often where it has several. */
const bare = (text: string): string | null => (text === '' || /["*?()[\]{}]/.test(text) ? null : text)
