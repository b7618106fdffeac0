import type { FacetName, PublicationState } from './facets.ts'
import type { FileGroup } from './file-group.ts'

export const itemTypes = ['collection', 'dataset', 'file'] as const
export type ItemType = (typeof itemTypes)[number]

export interface SearchAsk {
  /** Words, phrases, fields (see read-question.ts); empty or `*`: everything. Never refused for how it is written. */
  readonly question: string
  /** Default: all. */
  readonly types?: readonly ItemType[]
  /** Only what lies below one of these collections, by alias or number; not these themselves. */
  readonly below?: readonly string[]
  /** Each narrows: one of its values must be there, exactly as facets show them (collections: by alias). */
  readonly filters?: readonly { readonly facet: FacetName; readonly values: readonly string[] }[]
  /** More questions, each of which narrows without counting for the order. */
  readonly narrowing?: readonly string[]
  /** Default: `relevance` where something is asked, else `date`. */
  readonly sort?: 'relevance' | 'name' | 'date'
  /** Default: `asc` by name, else `desc`. */
  readonly order?: 'asc' | 'desc'
  readonly limit: number
  readonly offset?: number
  /** The key of the last item of the page before; goes before `offset`. */
  readonly after?: SearchKey
  /** Counts of these facets; default: none. */
  readonly facets?: readonly FacetName[]
  /** Values of each facet. Default: 10. */
  readonly facetValues?: number
  /** Whether hits of the types not asked for are counted as well. */
  readonly countTypes?: boolean
  /** Where in a hit the words stand. */
  readonly matches?: boolean
}

/** Where a page ended: what it is sorted by, and the number of the document. */
export type SearchKey = readonly [sortedBy: string | number, document: string]

/** A piece of text with the words that were found: marks are places in UTF-16 units, in order, not overlapping. */
export interface Snippet {
  readonly text: string
  readonly marks: readonly (readonly [start: number, end: number])[]
}

export interface Match {
  /** Name of the metadata field, or `name`, `description`, `alias`, `directory`, `tag`. */
  readonly field: string
  readonly snippets: readonly Snippet[]
}

interface HitFacts {
  /** Of the collection, dataset or file. */
  readonly id: number
  readonly name: string
  readonly description: string
  /** `['published']`, `['unpublished', 'draft']`, `['draft']` of something published, … */
  readonly states: readonly PublicationState[]
  readonly publishedAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Higher is nearer; 0 where nothing was asked. */
  readonly score: number
  readonly matches: readonly Match[]
}

interface CollectionFacts {
  readonly id: number
  readonly alias: string
  readonly name: string
}

export interface CollectionHit extends HitFacts {
  readonly type: 'collection'
  readonly alias: string
  readonly affiliation: string | null
  readonly category: string
  /** Null for the root. */
  readonly parent: CollectionFacts | null
  /** Datasets below it that the caller finds. */
  readonly datasets: number
}

export interface VersionFacts {
  readonly id: number
  readonly state: 'draft' | 'released' | 'deaccessioned'
  readonly major: number | null
  readonly minor: number | null
}

export interface DatasetFacts {
  readonly id: number
  readonly pid: string
  readonly protocol: string
  readonly authority: string
  readonly separator: string
  readonly identifier: string
  readonly title: string
  readonly citation: { readonly text: string; readonly html: string }
}

export interface DatasetHit extends HitFacts {
  readonly type: 'dataset'
  readonly dataset: DatasetFacts
  readonly collection: CollectionFacts
  readonly version: VersionFacts
  readonly authors: readonly string[]
  readonly contacts: readonly { readonly name: string; readonly affiliation: string }[]
  readonly subjects: readonly string[]
  readonly keywords: readonly string[]
  readonly publications: readonly string[]
  readonly producers: readonly string[]
  readonly files: number
}

export interface FileHit extends HitFacts {
  readonly type: 'file'
  readonly dataset: DatasetFacts
  readonly collection: CollectionFacts
  readonly version: VersionFacts
  readonly directory: string
  readonly mediaType: string
  /** The kind that it is counted by: `Tabular data`. */
  readonly group: FileGroup
  readonly bytes: number
  readonly md5: string
  readonly sha256: string
  readonly tags: readonly string[]
  readonly restricted: boolean
  /** The first day (YYYY-MM-DD) on which anybody may have it; null or past: none. */
  readonly embargoUntil: string | null
  readonly mayDownload: boolean
}

export type Hit = CollectionHit | DatasetHit | FileHit

export interface FacetCount {
  readonly name: FacetName
  readonly label: string
  /** Whether the counts are reckoned from some of the hits. */
  readonly approximate: boolean
  /** Most frequent first. */
  readonly values: readonly { readonly value: string; readonly label: string; readonly count: number }[]
}

export interface Found {
  readonly hits: readonly Hit[]
  readonly total: number
  readonly facets: readonly FacetCount[]
  /** Null unless asked for. */
  readonly counts: Readonly<Record<ItemType, number>> | null
  /** Where the next page begins; null: there is none. */
  readonly next: SearchKey | null
}
