import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { authorsOf, childOf, cite, citedOf, compoundsOf } from '../citation.ts'
import { addressOf, type PidPolicy } from '../pid.ts'
import * as store from './details-store.ts'
import {
  type FacetName,
  facets as facetFacts,
  facetNames,
  facetNumber,
  isState,
  type PublicationState,
} from './facets.ts'
import { fileGroup } from './file-group.ts'
import { type FoundRow, type FoundRows, findHits } from './hits-store.ts'
import { markWords } from './mark-words.ts'
import { readMetadata, textsOf } from './read-metadata.ts'
import { readQuestion, type Sought } from './read-question.ts'
import type { FacetCount, Found, Hit, Match, SearchAsk } from './search-ask.ts'

export interface SearchNeeds {
  readonly db: Database | Tx
  readonly pids: Pick<PidPolicy, 'siteAddress'>
  /** In citations. */
  readonly publisher: string
}

/** What the caller finds: of a dataset with a draft that they may see the draft, otherwise what is released. */
export async function searchItems(needs: SearchNeeds, caller: Caller, ask: SearchAsk): Promise<Found> {
  const read = readQuestion(ask.question)
  const sort =
    ask.sort === 'relevance' && read.rank === null ? 'date' : (ask.sort ?? (read.rank ? 'relevance' : 'date'))
  const order = ask.order ?? (sort === 'name' ? 'asc' : 'desc')
  const found = await findHits(needs.db, caller, {
    ...ask,
    read,
    sort,
    order,
    narrowed: (ask.narrowing ?? []).map(readQuestion),
  })
  const rows = found.rows.slice(0, ask.limit)
  const last = rows.at(-1)
  const counts = { collection: 0, dataset: 0, file: 0, ...found.counts }
  const wanted = ask.types ?? (['collection', 'dataset', 'file'] as const)
  return {
    hits: await describe(needs, caller, rows, ask.matches ? read.sought : null),
    total: wanted.reduce((sum, type) => sum + counts[type], 0),
    facets: facetsOf(found, ask.facets ?? []),
    counts: ask.countTypes ? counts : null,
    next: last && found.rows.length > rows.length ? [last.sorted_by, String(last.document)] : null,
  }
}

const facetsOf = ({ facets, reckoned }: FoundRows, asked: readonly FacetName[]): FacetCount[] =>
  facetNames
    .filter((name) => asked.includes(name))
    .map((name) => ({
      name,
      label: facetFacts[name].label,
      // Of collections everything is counted.
      approximate: reckoned && name !== 'collection',
      values: facets
        .filter(({ facet }) => facet === facetNumber(name))
        .map(({ value, label, count }) => ({ value, label, count })),
    }))

async function describe(
  needs: SearchNeeds,
  caller: Caller,
  rows: readonly FoundRow[],
  sought: readonly Sought[] | null,
): Promise<Hit[]> {
  const has = (type: FoundRow['type']) => rows.some((row) => row.type === type)
  const collections = has('collection') ? await store.collectionDetails(needs.db, caller, rows) : []
  const datasets = has('dataset') ? await store.datasetDetails(needs.db, rows) : []
  const files = has('file') ? await store.fileDetails(needs.db, caller, rows) : []
  const made = new Map<number, (row: FoundRow) => Hit>([
    ...collections.map((one) => [one.document, (row: FoundRow) => collectionHit(row, one, sought)] as const),
    ...datasets.map((one) => [one.document, (row: FoundRow) => datasetHit(needs, row, one, sought)] as const),
    ...files.map((one) => [one.document, (row: FoundRow) => fileHit(needs, row, one, sought)] as const),
  ])
  // What went while we looked is left out.
  return rows.flatMap((row) => made.get(row.document)?.(row) ?? [])
}

const facts = (row: FoundRow, one: store.CollectionDetails | store.DatasetDetails | store.FileDetails) => ({
  id: row.id,
  score: row.score,
  states: one.states.filter(isState).sort(byState),
  publishedAt: one.published_at,
  createdAt: one.created_at,
  updatedAt: one.updated_at,
})

const stateOrder: readonly PublicationState[] = ['published', 'unpublished', 'draft', 'in_review', 'deaccessioned']
const byState = (a: PublicationState, b: PublicationState) => stateOrder.indexOf(a) - stateOrder.indexOf(b)

/** `sought` null: nobody asks where. */
function matchesIn(
  texts: readonly (readonly [field: string, text: string])[],
  sought: readonly Sought[] | null,
): Match[] {
  if (!sought) return []
  const matches = new Map<string, Match['snippets'][number][]>()
  for (const [field, text] of texts) {
    const here = sought.filter(({ fields }) => fields === null || fields.includes(field))
    const snippets = here.length === 0 ? [] : markWords(text, here)
    if (snippets.length > 0) matches.set(field, [...(matches.get(field) ?? []), ...snippets].slice(0, 5))
  }
  return [...matches].map(([field, snippets]) => ({ field, snippets }))
}

function collectionHit(row: FoundRow, one: store.CollectionDetails, sought: readonly Sought[] | null): Hit {
  const { name, alias, affiliation, description, parent, datasets, type: category } = one
  const texts = [
    ['name', name],
    ['alias', alias],
    ['affiliation', affiliation ?? ''],
    ['description', description],
  ] as const
  return {
    ...facts(row, one),
    type: 'collection',
    name,
    description,
    alias,
    affiliation,
    category,
    parent,
    datasets,
    matches: matchesIn(texts, sought),
  }
}

function inDataset({ pids, publisher }: SearchNeeds, one: store.DatasetDetails | store.FileDetails) {
  const { dataset, version, title, metadata } = one
  const cited = citedOf(
    {
      dataset: { published_at: one.dataset_published_at, url: addressOf(dataset, pids.siteAddress) },
      version: { ...version, title, metadata, updated_at: one.version_updated_at },
    },
    publisher,
  )
  return { dataset: { ...dataset, title, citation: cite(cited) }, collection: one.collection, version }
}

function datasetHit(
  needs: SearchNeeds,
  row: FoundRow,
  one: store.DatasetDetails,
  sought: readonly Sought[] | null,
): Hit {
  const { metadata, title, dataset } = one
  const texts = readMetadata(metadata)
  return {
    ...facts(row, one),
    ...inDataset(needs, one),
    type: 'dataset',
    name: title,
    description: textsOf(texts, 'dsDescriptionValue').join(' '),
    authors: authorsOf(metadata),
    contacts: compoundsOf(metadata, 'citation', 'datasetContact').map((contact) => ({
      name: childOf(contact, 'datasetContactName'),
      affiliation: childOf(contact, 'datasetContactAffiliation'),
    })),
    subjects: textsOf(texts, 'subject'),
    keywords: textsOf(texts, 'keywordValue'),
    publications: textsOf(texts, 'publicationCitation'),
    producers: textsOf(texts, 'producerName'),
    files: one.files,
    matches: matchesIn([...texts.map(({ field, text }) => [field, text] as const), ['pid', dataset.pid]], sought),
  }
}

function fileHit(needs: SearchNeeds, row: FoundRow, one: store.FileDetails, sought: readonly Sought[] | null): Hit {
  const texts: (readonly [string, string])[] = [
    ['fileName', one.label],
    ['fileDescription', one.description],
    ['directory', one.directory],
    ...one.tags.map((tag) => ['fileTag', tag] as const),
  ]
  return {
    ...facts(row, one),
    ...inDataset(needs, one),
    type: 'file',
    name: one.label,
    description: one.description,
    directory: one.directory,
    mediaType: one.media_type,
    group: fileGroup(one.media_type),
    bytes: one.bytes,
    md5: one.md5,
    sha256: one.sha256,
    tags: one.tags,
    restricted: one.restricted,
    embargoUntil: one.embargo_until,
    mayDownload: one.may_download,
    matches: matchesIn(texts, sought),
  }
}
