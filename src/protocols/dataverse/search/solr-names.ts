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

/** How values are called that we keep by a word of ours. */
const valueNames: Readonly<Partial<Record<FacetName, Readonly<Record<string, string>>>>> = {
  state: {
    published: 'Published',
    unpublished: 'Unpublished',
    draft: 'Draft',
    in_review: 'In Review',
    deaccessioned: 'Deaccessioned',
  } satisfies Record<PublicationState, string>,
  category: {
    RESEARCHERS: 'Researcher',
    RESEARCH_PROJECTS: 'Research Project',
    JOURNALS: 'Journal',
    ORGANIZATIONS_INSTITUTIONS: 'Organization or Institution',
    TEACHING_COURSES: 'Teaching Course',
    LABORATORY: 'Laboratory',
    RESEARCH_GROUP: 'Research Group',
    DEPARTMENT: 'Department',
    UNCATEGORIZED: 'Uncategorized',
  },
  access: {
    public: 'Public',
    restricted: 'Restricted',
    embargoed: 'Embargoed then Public',
    embargoed_restricted: 'Embargoed then Restricted',
  },
}

export const publicationStatus = (state: PublicationState): string => nameOfValue('state', state)

export const nameOfValue = (facet: FacetName, value: string): string => valueNames[facet]?.[value] ?? value

/** The other way: what clients show, or what they know of old. */
export const valueNamed = (facet: FacetName, name: string): string =>
  Object.entries(valueNames[facet] ?? {}).find(([, known]) => known.toLowerCase() === name.toLowerCase())?.[0] ?? name

export const objectTypes = { dataverse: 'collection', dataset: 'dataset', file: 'file' } as const satisfies Record<
  string,
  ItemType
>
