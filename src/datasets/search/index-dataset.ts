import { createHash } from 'node:crypto'
import type { Tx } from '#src/database/change.ts'
import { noticeTables } from '../tables/notice-tables.ts'
import { type FacetName, facetOfField } from './facets.ts'
import { fileGroup } from './file-group.ts'
import { readMetadata, textsOf } from './read-metadata.ts'
import * as store from './store.ts'
import { type Weight, WordVector } from './word-vector.ts'

/**
 * Brings what can be found of a dataset and its files up to what stands in the database, in the same change: call it last.
 * `files`: only these have changed; without it all are compared, and those that differ made anew.
 */
export const indexDataset = (
  tx: Tx,
  datasetId: number,
  { files = null }: { files?: readonly number[] | null | undefined } = {},
): Promise<void> => indexDatasets(tx, [datasetId], { files })

/** The same for many at once. */
export async function indexDatasets(
  tx: Tx,
  ids: readonly number[],
  { files }: { files: readonly number[] | null },
): Promise<void> {
  await store.keepPaths(tx)
  const datasets = await store.datasetSources(tx, ids)
  const present = new Set(datasets.map(({ id }) => id))
  await store.dropDatasets(
    tx,
    ids.filter((id) => !present.has(id)),
  )
  const shown = datasets.map(shownOf)
  const without = (which: 'released' | 'hidden') => shown.filter((one) => !one[which]).map(({ dataset }) => dataset.id)
  await store.dropDocuments(tx, without('released'), true)
  await store.dropDocuments(tx, without('hidden'), false)

  const known = await store.fingerprintsOf(tx, ids)
  const documents: store.SearchDocument[] = []
  for (const { dataset, released, hidden } of shown)
    for (const version of [released, hidden]) {
      if (!version) continue
      const made = datasetDocument(dataset, version)
      if (known.get(`${dataset.id} ${made.released}`) !== made.fingerprint) documents.push(made)
    }

  const rows = shown.map(({ dataset, released, hidden }) => ({
    dataset_id: dataset.id,
    released_id: released?.id ?? null,
    hidden_id: hidden?.id ?? null,
    states: hidden ? statesOf(dataset, hidden).join() : '',
  }))
  await store.dropOtherFiles(tx, rows, files)
  const byId = new Map(shown.map((one) => [one.dataset.id, one]))
  const changed = await store.changedFiles(tx, rows, files)
  await noticeTables(tx, changed)
  for (const file of changed) {
    const { dataset, hidden } = byId.get(file.datasetId)!
    documents.push(fileDocument(dataset, file, file.released || !hidden ? ['published'] : statesOf(dataset, hidden)))
  }
  await store.putDocuments(tx, documents)
  await store.markSuperseded(tx, rows)
  await store.followMoves(tx, { datasetIds: ids })
}

function shownOf(dataset: store.DatasetSource) {
  const of = (state: string) => dataset.versions.find((one) => one.state === state)
  const released = of('released')
  return { dataset, released, hidden: of('draft') ?? (released ? undefined : of('deaccessioned')) }
}

const statesOf = ({ publishedAt, inReview }: store.DatasetSource, { state }: store.VersionSource): string[] => {
  if (state === 'released') return ['published']
  if (state === 'deaccessioned') return ['deaccessioned']
  return [...(publishedAt === null ? ['unpublished'] : []), 'draft', ...(inReview ? ['in_review'] : [])]
}

const weights: Readonly<Record<string, Weight>> = {
  authorName: 'A',
  title: 'B',
  subject: 'C',
  keywordValue: 'C',
  topicClassValue: 'C',
}

const longestTerm = 400
const longestName = 200

function datasetDocument(dataset: store.DatasetSource, version: store.VersionSource): store.SearchDocument {
  const texts = readMetadata(version.metadata)
  const words = new WordVector()
  for (const { field, text } of texts) words.add(text, weights[field] ?? 'D', field)
  words.add(dataset.pid, 'D', 'pid')
  const terms: store.Term[] = statesOf(dataset, version).map((value) => ({ facet: 'state', value }) as const)
  for (const { field, text } of texts) {
    const facet = facetOfField.get(field)
    // A day or a month counts for its year.
    if (facet) terms.push(...term(facet, facet === 'deposited' ? text.slice(0, 4) : text))
  }
  const { publishedAt } = dataset
  if (version.state === 'released' && publishedAt) terms.push(...term('year', yearOf(publishedAt)))
  if (version.license) terms.push(...term('license', version.license))
  return withFingerprint({
    type: 'dataset',
    subjectId: dataset.id,
    collectionId: dataset.collectionId,
    datasetId: dataset.id,
    released: version.state === 'released',
    path: dataset.path,
    terms,
    sortName: sortName(textsOf(texts, 'title')[0] ?? version.title),
    sortDate: version.state === 'released' && publishedAt ? publishedAt : new Date(version.createdAt),
    boost: 1,
    words: words.words,
    weighty: words.weighty,
  })
}

function fileDocument(
  dataset: store.DatasetSource,
  file: store.FileSource,
  states: readonly string[],
): store.SearchDocument {
  const words = new WordVector()
    .add(file.label, 'A', 'fileName')
    .add(file.description, 'B', 'fileDescription')
    .add(file.directory, 'C', 'directory')
  for (const tag of [...file.categories, ...file.tags]) words.add(tag, 'C', 'fileTag')
  words.add(file.mediaType, 'D', 'fileType').add(file.md5, 'D', 'checksum').add(file.sha256, 'D', 'checksum')
  const terms: store.Term[] = states.map((value) => ({ facet: 'state', value }) as const)
  terms.push(...term('file_type', fileGroup(file.mediaType)))
  for (const tag of [...file.categories, ...file.tags]) terms.push(...term('file_tag', tag))
  // Embargoes end by themselves, so they are no facet.
  terms.push(...term('access', file.restricted ? 'restricted' : 'public'))
  if (file.released && file.publishedAt) terms.push(...term('year', yearOf(file.publishedAt)))
  return {
    type: 'file',
    subjectId: file.fileId,
    collectionId: dataset.collectionId,
    datasetId: dataset.id,
    released: file.released,
    path: dataset.path,
    terms,
    sortName: sortName(file.label),
    sortDate: (file.released ? file.publishedAt : null) ?? file.createdAt,
    boost: 0.08,
    fingerprint: file.fingerprint,
    words: words.words,
    weighty: words.weighty,
  }
}

export const yearOf = (time: Date): string => String(time.getUTCFullYear())

export const sortName = (name: string): string => name.trim().toLowerCase().slice(0, longestName)

export const term = (facet: FacetName, value: string): store.Term[] => {
  const short = value.trim().slice(0, longestTerm)
  return short === '' ? [] : [{ facet, value: short }]
}

/** Where it stands is not part of it: moves are followed by themselves. */
export function withFingerprint(document: Omit<store.SearchDocument, 'fingerprint'>): store.SearchDocument {
  const { path: _path, collectionId: _collection, ...told } = document
  return { ...document, fingerprint: createHash('md5').update(JSON.stringify(told)).digest('hex') }
}
