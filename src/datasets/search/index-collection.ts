import type { Tx } from '#src/database/change.ts'
import { sortName, term, withFingerprint } from './index-dataset.ts'
import * as store from './store.ts'
import { WordVector } from './word-vector.ts'

/** Brings what can be found of a collection up to what stands in the database; what was moved along with it is followed. */
export async function indexCollection(tx: Tx, collectionId: number): Promise<void> {
  const collection = await store.collectionSource(tx, collectionId)
  if (!collection) return unindexCollection(tx, collectionId)
  const { name, alias, affiliation, description, type, path, publishedAt, createdAt, id } = collection
  const released = publishedAt !== null
  const words = new WordVector()
    .add(name, 'A', 'name')
    .add(affiliation ?? '', 'C', 'affiliation')
    .add(description, 'C', 'description')
    .add(alias, 'D', 'alias')
  const made = withFingerprint({
    type: 'collection',
    subjectId: id,
    collectionId: id,
    datasetId: null,
    released,
    path,
    terms: [...term('state', released ? 'published' : 'unpublished'), ...term('category', type)],
    sortName: sortName(name),
    sortDate: publishedAt ?? createdAt,
    boost: 5,
    words: words.words,
    weighty: words.weighty,
  })
  await store.dropDocuments(tx, [collectionId], !released)
  if ((await store.fingerprintsOf(tx, [collectionId])).get(`${collectionId} ${released}`) !== made.fingerprint)
    await store.putDocuments(tx, [made])
  await store.followMoves(tx, { collectionId })
}

/** The collection is gone, or about to be. */
export async function unindexCollection(tx: Tx, collectionId: number): Promise<void> {
  for (const released of [true, false]) await store.dropDocuments(tx, [collectionId], released)
}
