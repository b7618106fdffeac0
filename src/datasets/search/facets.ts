/**
 * What results can be counted and narrowed by, in the order in which it is shown. `number` stands in the database. `field` is the metadata field it comes
 * from; the others come from what a thing is.
 */
export const facets = {
  state: { number: 1, label: 'Publication status' },
  author: { number: 2, label: 'Author name', field: 'authorName' },
  subject: { number: 3, label: 'Subject', field: 'subject' },
  keyword: { number: 4, label: 'Keyword', field: 'keywordValue' },
  topic: { number: 5, label: 'Topic classification', field: 'topicClassValue' },
  affiliation: { number: 6, label: 'Author affiliation', field: 'authorAffiliation' },
  kind_of_data: { number: 7, label: 'Kind of data', field: 'kindOfData' },
  language: { number: 8, label: 'Language', field: 'language' },
  producer: { number: 9, label: 'Producer', field: 'producerName' },
  coverage: { number: 10, label: 'Country or nation', field: 'country' },
  deposited: { number: 11, label: 'Year of deposit', field: 'dateOfDeposit' },
  year: { number: 12, label: 'Year of publication' },
  license: { number: 13, label: 'Licence' },
  collection: { number: 14, label: 'Collection' },
  category: { number: 15, label: 'Kind of collection' },
  file_type: { number: 16, label: 'File type' },
  file_tag: { number: 17, label: 'File tag' },
  access: { number: 18, label: 'Access' },
} as const satisfies Record<string, { number: number; label: string; field?: string }>

/** A term's number, divided by this, is its facet's. */
export const facetStep = 2 ** 26

export type FacetName = keyof typeof facets
export const facetNames = Object.keys(facets) as FacetName[]

export const facetNumber = (name: FacetName): number => facets[name].number

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
export const isState = (text: string): text is PublicationState => publicationStates.some((one) => one === text)
