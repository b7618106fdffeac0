import { type FacetName, facetNames, facets, type PublicationState } from '#src/datasets/search/facets.ts'
import type { ItemType } from '#src/datasets/search/search-ask.ts'

/** What clients know facets by: the names that they have in Dataverse's index. */
const solrNames: Readonly<Partial<Record<FacetName, string>>> = {
  state: 'publicationStatus',
  year: 'publicationDate',
  license: 'license',
  collection: 'subtreePaths',
  category: 'dvCategory',
  file_type: 'fileTypeGroupFacet',
  file_tag: 'fileTag',
  access: 'fileAccess',
}

export function solrName(facet: FacetName): string {
  const { field }: { label: string; field?: string } = facets[facet]
  return solrNames[facet] ?? `${field}_ss`
}

const bySolrName = new Map<string, FacetName>(facetNames.map((facet) => [solrName(facet).toLowerCase(), facet]))

/** `subject_ss`, and `subject_s` as older indexes called some; undefined: no facet of ours. */
export const facetOfSolrName = (name: string): FacetName | undefined =>
  bySolrName.get(name.toLowerCase()) ?? bySolrName.get(`${name.toLowerCase()}s`)

const statuses = {
  published: 'Published',
  unpublished: 'Unpublished',
  draft: 'Draft',
  in_review: 'In Review',
  deaccessioned: 'Deaccessioned',
} as const satisfies Record<PublicationState, string>

export const publicationStatus = (state: PublicationState): string => statuses[state]

export const stateOfStatus = (status: string): string =>
  Object.entries(statuses).find(([, name]) => name.toLowerCase() === status.toLowerCase())?.[0] ?? status

export const objectTypes = { dataverse: 'collection', dataset: 'dataset', file: 'file' } as const satisfies Record<
  string,
  ItemType
>
