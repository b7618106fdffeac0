import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '#test/postgres.ts'
import { indexDataset } from './index-dataset.ts'

test('a release and the draft after it are documents of their own', async () => {
  await using database = await testDatabase()
  const { db } = database
  await sql`insert into datasets (id, collection_id, protocol, authority, identifier, created_at, updated_at, published_at)
    values (40, 1, 'perma', 'tessera', 'ABC123', now(), now(), now())`.execute(db)
  const version = (state: string, title: string, major: number | null) =>
    sql`
    insert into dataset_versions (dataset_id, state, major, minor, title, metadata, created_at, updated_at, released_at)
    values (40, ${state}, ${major}, ${major === null ? null : 0}, ${title},
      ${JSON.stringify({ citation: { title, subject: ['Law'], author: [{ authorName: 'Ames, Alice' }] } })}, now(), now(),
      ${state === 'draft' ? null : new Date()})`.execute(db)
  await version('released', 'Tide pools', 1)
  await version('draft', 'Tidal pools', null)
  await db.transaction().execute((tx) => indexDataset(tx, 40))
  const rows =
    await sql<object>`select released, superseded, sort_name, words::text, array(select facet || '=' || value from search_terms where id = any(terms)) as terms from search_items order by released`.execute(
      db,
    )
  assert.equal(rows.rows.length, 2)
})
