import { addressOf, type Pid } from '#src/datasets/pid.ts'
import type {
  CollectionHit,
  DatasetHit,
  FacetCount,
  FileHit,
  Found,
  Hit,
  Snippet,
} from '#src/datasets/search/search-ask.ts'
import { friendlyType } from '../files/friendly-type.ts'
import { writeTime } from '../times.ts'
import { nameOfValue, publicationStatus, solrName } from './solr-names.ts'

interface How {
  readonly siteAddress: string
  readonly showIds: boolean
  readonly showApiUrls: boolean
  readonly showMatches: boolean
}

export function itemJson(hit: Hit, how: How) {
  const shared = {
    name: hit.name,
    ...(hit.description !== '' && { description: hit.description }),
    ...(hit.publishedAt && { published_at: writeTime(hit.publishedAt) }),
    publicationStatuses: hit.states.map(publicationStatus),
    ...(how.showIds && { entity_id: hit.id }),
    ...(how.showMatches && { matches: matchesJson(hit), score: hit.score }),
  }
  if (hit.type === 'collection') return { ...shared, ...collectionJson(hit, how) }
  if (hit.type === 'dataset') return { ...shared, ...datasetJson(hit, how) }
  return { ...shared, ...fileItemJson(hit, how) }
}

const collectionJson = (hit: CollectionHit, { siteAddress, showApiUrls }: How) => ({
  type: 'dataverse' as const,
  url: `${siteAddress}/collections/${encodeURIComponent(hit.alias)}`,
  identifier: hit.alias,
  ...(hit.affiliation !== null && { affiliation: hit.affiliation }),
  ...(hit.parent && { parentDataverseName: hit.parent.name, parentDataverseIdentifier: hit.parent.alias }),
  datasetCount: hit.datasets,
  releaseOrCreateDate: writeTime(hit.publishedAt ?? hit.createdAt),
  ...(showApiUrls && { api_url: `${siteAddress}/api/dataverses/${hit.id}` }),
})

const datasetJson = (hit: DatasetHit, { siteAddress, showApiUrls }: How) => ({
  type: 'dataset' as const,
  url: addressOf(hit.dataset as Pid, siteAddress),
  global_id: hit.dataset.pid,
  publisher: hit.collection.name,
  citationHtml: hit.dataset.citation.html,
  identifier_of_dataverse: hit.collection.alias,
  name_of_dataverse: hit.collection.name,
  citation: hit.dataset.citation.text,
  storageIdentifier: `local://${hit.dataset.authority}${hit.dataset.separator}${hit.dataset.identifier}`,
  ...listed('keywords', hit.keywords),
  subjects: hit.subjects,
  fileCount: hit.files,
  ...versionJson(hit),
  createdAt: writeTime(hit.createdAt),
  updatedAt: writeTime(hit.updatedAt),
  contacts: hit.contacts,
  ...listed(
    'publications',
    hit.publications.map((citation) => ({ citation })),
  ),
  ...listed('producers', hit.producers),
  authors: hit.authors,
  ...(showApiUrls && { api_url: `${siteAddress}/api/datasets/${hit.id}` }),
})

const fileItemJson = (hit: FileHit, { siteAddress, showApiUrls }: How) => ({
  type: 'file' as const,
  url: `${siteAddress}/api/access/datafile/${hit.id}`,
  file_id: String(hit.id),
  // Unlike with other hits, an empty one is told.
  description: hit.description,
  file_type: friendlyType(hit.mediaType),
  file_content_type: hit.mediaType,
  size_in_bytes: hit.bytes,
  md5: hit.md5,
  checksum: { type: 'MD5', value: hit.md5 },
  dataset_name: hit.dataset.title,
  dataset_id: String(hit.dataset.id),
  dataset_persistent_id: hit.dataset.pid,
  dataset_citation: hit.dataset.citation.text,
  ...(hit.directory !== '' && { directory_label: hit.directory }),
  ...listed('tabular_tags', hit.tags),
  restricted: hit.restricted,
  canDownloadFile: hit.mayDownload,
  identifier_of_dataverse: hit.collection.alias,
  name_of_dataverse: hit.collection.name,
  ...versionJson(hit),
  releaseOrCreateDate: writeTime(hit.publishedAt ?? hit.createdAt),
  ...(showApiUrls && { api_url: `${siteAddress}/api/files/${hit.id}` }),
})

const versionJson = ({ version: { id, state, major, minor } }: DatasetHit | FileHit) => ({
  versionId: id,
  versionState: state.toUpperCase(),
  ...(major !== null && { majorVersion: major }),
  ...(minor !== null && { minorVersion: minor }),
})

const listed = <K extends string, T>(name: K, values: readonly T[]) =>
  (values.length === 0 ? {} : { [name]: values }) as { [key in K]?: readonly T[] }

const matchesJson = ({ matches }: Hit) =>
  matches.map(({ field, snippets }) => ({ [field]: { snippets: snippets.map(snippetHtml) } }))

/** The snippet is shown as HTML by clients, so all of it but the marks is text. */
function snippetHtml({ text, marks }: Snippet): string {
  let html = ''
  let at = 0
  for (const [start, end] of marks) {
    html += `${escapeHtml(text.slice(at, start))}<span class="search-term-match">${escapeHtml(text.slice(start, end))}</span>`
    at = end
  }
  return html + escapeHtml(text.slice(at))
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => entities[sign] ?? sign)

/** One object in an array, with a member for each facet that has values. */
export const facetsJson = (counts: readonly FacetCount[]) => [
  Object.fromEntries(
    counts
      .filter(({ values }) => values.length > 0)
      .map(({ name, label, values }) => [
        solrName(name),
        {
          friendly: friendlyFacets[name] ?? label.replaceAll(/\b\p{L}/gu, (first) => first.toUpperCase()),
          labels: values.map((one) => ({ [nameOfValue(name, one.label)]: one.count })),
        },
      ]),
  ),
]

const friendlyFacets: Readonly<Record<string, string>> = {
  license: 'License',
  category: 'Dataverse Category',
  year: 'Publication Year',
  deposited: 'Deposit Date',
}

export const countsJson = ({ counts }: Found) => ({
  Dataverses: counts?.collection ?? 0,
  Datasets: counts?.dataset ?? 0,
  Files: counts?.file ?? 0,
})
