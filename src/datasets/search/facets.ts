/**
 * What results can be counted and narrowed by, in the order in which it is shown. `field` is the metadata field it comes
 * from; the others come from what a thing is.
 */
export const facets = {
  state: { label: 'Publication status' },
  author: { label: 'Author name', field: 'authorName' },
  subject: { label: 'Subject', field: 'subject' },
  keyword: { label: 'Keyword', field: 'keywordValue' },
  topic: { label: 'Topic classification', field: 'topicClassValue' },
  affiliation: { label: 'Author affiliation', field: 'authorAffiliation' },
  kind_of_data: { label: 'Kind of data', field: 'kindOfData' },
  language: { label: 'Language', field: 'language' },
  producer: { label: 'Producer', field: 'producerName' },
  coverage: { label: 'Country or nation', field: 'country' },
  deposited: { label: 'Year of deposit', field: 'dateOfDeposit' },
  year: { label: 'Year of publication' },
  license: { label: 'Licence' },
  collection: { label: 'Collection' },
  category: { label: 'Kind of collection' },
  file_type: { label: 'File type' },
  file_tag: { label: 'File tag' },
  access: { label: 'Access' },
} as const satisfies Record<string, { label: string; field?: string }>

export type FacetName = keyof typeof facets
export const facetNames = Object.keys(facets) as FacetName[]
export const isFacet = (name: string): name is FacetName => Object.hasOwn(facets, name)

/** Each metadata field that results are counted by. */
export const facetOfField: ReadonlyMap<string, FacetName> = new Map(
  facetNames.flatMap((name) => {
    const facet: { label: string; field?: string } = facets[name]
    return facet.field ? [[facet.field, name] as const] : []
  }),
)

/** What a thing is to the world, as the facet `state` has it. A thing can be several at once. */
export const publicationStates = ['published', 'unpublished', 'draft', 'in_review', 'deaccessioned'] as const
export type PublicationState = (typeof publicationStates)[number]
