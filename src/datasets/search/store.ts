import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Metadata } from '../blocks/block.ts'
import { type FacetName, facetNumber, facetStep } from './facets.ts'

type Reader = Database | Tx

const all = async <Row>(db: Reader, query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(db)).rows

// ── what documents are made of ───────────────────────────────────────────────────────────────────────────────────

export interface CollectionSource {
  id: number
  alias: string
  name: string
  affiliation: string | null
  description: string
  type: string
  path: number[]
  createdAt: Date
  publishedAt: Date | null
}

export const collectionSource = async (tx: Reader, id: number): Promise<CollectionSource | undefined> =>
  (
    await all(
      tx,
      sql<CollectionSource>`
        select id, alias, name, affiliation, description, type, to_json(path) as path, created_at as "createdAt",
          published_at as "publishedAt"
        from collections where id = ${id}`,
    )
  )[0]

export interface VersionSource {
  id: number
  state: 'draft' | 'released' | 'deaccessioned'
  title: string
  metadata: Metadata
  license: string | null
  createdAt: Date
}

export interface DatasetSource {
  id: number
  pid: string
  collectionId: number
  path: number[]
  publishedAt: Date | null
  inReview: boolean
  /** The newest released version, the draft and, where there is neither, the newest deaccessioned one. */
  versions: VersionSource[]
}

/** Nobody moves a collection until the transaction ends: whoever does finds the documents that it writes, or it finds them moved. */
export async function keepPaths(tx: Tx): Promise<void> {
  await sql`select from collections where id = 1 for share`.execute(tx)
}

export const datasetSources = (tx: Reader, ids: readonly number[]): Promise<DatasetSource[]> =>
  all(
    tx,
    sql<DatasetSource>`
      select d.id, d.pid, d.collection_id as "collectionId", to_json(c.path) as path, d.published_at as "publishedAt",
        exists (select 1 from dataset_locks l where l.dataset_id = d.id and l.type = 'in_review') as "inReview",
        (select coalesce(json_agg(json_build_object('id', v.id, 'state', v.state, 'title', v.title,
            'metadata', v.metadata, 'license', l.name, 'createdAt', v.created_at)), '[]')
          from (select distinct on (state) * from dataset_versions where dataset_id = d.id
            order by state, major desc, minor desc) v
          left join licenses l on l.id = v.license_id) as versions
      from datasets d join collections c on c.id = d.collection_id where d.id = any(${ids}::bigint[])`,
  )

export interface FileSource {
  datasetId: number
  fileId: number
  released: boolean
  fingerprint: string
  label: string
  directory: string
  description: string
  categories: string[]
  tags: string[]
  restricted: boolean
  embargoUntil: string | null
  mediaType: string
  sha256: string
  md5: string
  bytes: number
  createdAt: Date
  publishedAt: Date | null
}

/** Whose files are to be found, in which versions. */
export interface Shown {
  readonly dataset_id: number
  readonly released_id: number | null
  /** The draft, or what else only editors see. */
  readonly hidden_id: number | null
  /** Whatever else goes into the documents of files that are not released. */
  readonly states: string
}

/** `null`: all files. */
type Only = readonly number[] | null

const shownRows = (shown: readonly Shown[]) => sql`
  jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s (dataset_id bigint, released_id bigint, hidden_id bigint, states text)`

/** Files of the versions; those of a draft only where they differ. */
const wantedFiles = (shown: readonly Shown[], only: Only) => sql`
  select vf.*, s.dataset_id, vf.version_id is not distinct from s.released_id as released,
    md5(row(vf.label, vf.directory, vf.description, vf.categories, vf.tags, vf.restricted,
      f.media_type, f.sha256, f.published_at, case when vf.version_id = s.hidden_id then s.states end)::text) as fingerprint,
    f.media_type, f.sha256, f.md5, f.bytes, f.created_at, f.published_at
  from ${shownRows(shown)}
  join version_files vf on vf.version_id in (s.released_id, s.hidden_id)
  join dataset_files f on f.id = vf.file_id
  where ${only === null ? sql`true` : sql`vf.file_id = any(${only}::bigint[])`}
    and (vf.version_id is distinct from s.hidden_id or not exists (
      select 1 from version_files r where r.version_id = s.released_id and r.file_id = vf.file_id
        and (r.label, r.directory, r.description, r.categories, r.tags, r.restricted, r.embargo_until)
          is not distinct from
          (vf.label, vf.directory, vf.description, vf.categories, vf.tags, vf.restricted, vf.embargo_until)))`

/** Those whose documents are missing or not as they should be. */
export const changedFiles = (tx: Tx, shown: readonly Shown[], only: Only): Promise<FileSource[]> =>
  all(
    tx,
    sql<FileSource>`
      select w.dataset_id as "datasetId", w.file_id as "fileId", w.released, w.fingerprint,
        w.label, w.directory, w.description, w.categories, w.tags, w.restricted,
        w.media_type as "mediaType", w.sha256, w.md5, w.bytes, w.created_at as "createdAt", w.published_at as "publishedAt"
      from (${wantedFiles(shown, only)}) w
      left join search_items i on i.subject_id = w.file_id and i.released = w.released
      where i.fingerprint is distinct from w.fingerprint`,
  )

/** Documents of files that no longer are in the versions, or whose draft is as what is released. */
export async function dropOtherFiles(tx: Tx, shown: readonly Shown[], only: Only): Promise<void> {
  await sql`
    delete from search_items i
    where i.dataset_id = any(${shown.map((one) => one.dataset_id)}::bigint[]) and i.type = 'file'
      ${only === null ? sql`` : sql`and i.subject_id = any(${only}::bigint[])`}
      and (i.subject_id, i.released) not in (select w.file_id, w.released from (${wantedFiles(shown, only)}) w)`.execute(
    tx,
  )
}

/** What is another in the draft, or no longer in it, stands behind for who may see that. */
export async function markSuperseded(tx: Tx, shown: readonly Shown[]): Promise<void> {
  await sql`
    update search_items i set superseded = not i.superseded
    from ${shownRows(shown)}
    where i.dataset_id = s.dataset_id and i.released and i.superseded is distinct from (
      s.released_id is not null and s.hidden_id is not null and (
        i.type = 'dataset'
        or exists (select 1 from search_items h where h.subject_id = i.subject_id and not h.released)
        or not exists (
          select 1 from version_files vf where vf.version_id = s.hidden_id and vf.file_id = i.subject_id)))`.execute(tx)
}

// ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SearchDocument {
  readonly type: 'collection' | 'dataset' | 'file'
  readonly subjectId: number
  readonly collectionId: number
  readonly datasetId: number | null
  readonly released: boolean
  readonly path: readonly number[]
  readonly terms: readonly Term[]
  readonly sortName: string
  readonly sortDate: Date
  readonly boost: number
  readonly fingerprint: string
  readonly words: string
  readonly weighty: string
}

export interface Term {
  readonly facet: FacetName
  readonly value: string
}

const termKey = ({ facet, value }: Term): string => `${facet}\n${value}`

/** Numbers of terms; those never met get theirs, in an order that is everybody's. */
async function numbersOf(tx: Tx, terms: readonly Term[]): Promise<Map<string, number>> {
  const distinct = [...new Map(terms.map((term) => [termKey(term), term])).values()]
  const facets = distinct.map(({ facet }) => facet)
  const values = distinct.map(({ value }) => value)
  const numbers = distinct.map(({ facet }) => facetNumber(facet))
  const find = () =>
    all(
      tx,
      sql<Term & { id: number }>`
        select t.id, t.facet, t.value from search_terms t
        join unnest(${facets}::text[], ${values}::text[]) as asked (facet, value) using (facet, value)`,
    )
  let found = await find()
  if (found.length < distinct.length) {
    await sql`
      insert into search_terms (id, facet, value)
      select a.number * ${facetStep} + nextval('search_term_numbers'), a.facet, a.value
      from unnest(${facets}::text[], ${values}::text[], ${numbers}::integer[]) as a (facet, value, number)
      where not exists (select 1 from search_terms t where t.facet = a.facet and t.value = a.value)
      order by a.facet, a.value
      on conflict do nothing`.execute(tx)
    found = await find()
  }
  return new Map(found.map((term) => [termKey(term), term.id]))
}

const inOneStatement = 1000

/** Puts documents in the place of those of the same subject. */
export async function putDocuments(tx: Tx, documents: readonly SearchDocument[]): Promise<void> {
  const numbers = await numbersOf(
    tx,
    documents.flatMap(({ terms }) => terms),
  )
  for (let from = 0; from < documents.length; from += inOneStatement) {
    const rows = documents.slice(from, from + inOneStatement).map((one) => ({
      type: one.type,
      subject_id: one.subjectId,
      collection_id: one.collectionId,
      dataset_id: one.datasetId,
      released: one.released,
      path: `{${one.path.join(',')}}`,
      terms: `{${[...new Set(one.terms.map((term) => numbers.get(termKey(term))))].join(',')}}`,
      sort_name: one.sortName,
      sort_date: one.sortDate.toISOString(),
      boost: one.boost,
      fingerprint: one.fingerprint,
      words: one.words,
      weighty: one.weighty,
    }))
    await sql`
      insert into search_items (type, subject_id, collection_id, dataset_id, released, path, terms,
        sort_name, sort_date, boost, fingerprint, words, weighty)
      select type, subject_id, collection_id, dataset_id, released, path::bigint[], terms::integer[],
        sort_name, sort_date, boost, fingerprint, words::tsvector, weighty::tsvector
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (type text, subject_id bigint, collection_id bigint,
        dataset_id bigint, released boolean, path text, terms text, sort_name text,
        sort_date timestamptz, boost real, fingerprint text, words text, weighty text)
      on conflict (subject_id, released) do update set type = excluded.type, collection_id = excluded.collection_id,
        dataset_id = excluded.dataset_id, path = excluded.path,
        terms = excluded.terms, sort_name = excluded.sort_name, sort_date = excluded.sort_date,
        boost = excluded.boost, fingerprint = excluded.fingerprint, words = excluded.words, weighty = excluded.weighty`.execute(
      tx,
    )
  }
}

/** By number and whether it is the released one. */
export const fingerprintsOf = async (tx: Tx, subjectIds: readonly number[]): Promise<Map<string, string>> =>
  new Map(
    (
      await all(
        tx,
        sql<{ id: number; released: boolean; fingerprint: string }>`
          select subject_id as id, released, fingerprint from search_items where subject_id = any(${subjectIds}::bigint[])`,
      )
    ).map(({ id, released, fingerprint }) => [`${id} ${released}`, fingerprint]),
  )

/** Drops documents of these subjects, released or not. */
export async function dropDocuments(tx: Tx, subjectIds: readonly number[], released: boolean): Promise<void> {
  if (subjectIds.length === 0) return
  await sql`
    delete from search_items where subject_id = any(${subjectIds}::bigint[]) and released = ${released}`.execute(tx)
}

export async function dropDatasets(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await sql`delete from search_items where dataset_id = any(${ids}::bigint[])`.execute(tx)
}

/** Where things are, after a collection or a dataset was moved. */
export async function followMoves(
  tx: Tx,
  moved: { collectionId: number } | { datasetIds: readonly number[] },
): Promise<void> {
  await sql`
    update search_items i set path = c.path, collection_id = c.id
    from collections c
    where c.id = coalesce((select d.collection_id from datasets d where d.id = i.dataset_id), i.subject_id)
      and (i.path, i.collection_id) is distinct from (c.path, c.id)
      and ${'datasetIds' in moved ? sql`i.dataset_id = any(${moved.datasetIds}::bigint[])` : sql`i.path @> array[${moved.collectionId}::bigint]`}`.execute(
    tx,
  )
}

// ── all of it ────────────────────────────────────────────────────────────────────────────────────────────────────

export const collectionIds = async (db: Reader): Promise<number[]> =>
  (await all(db, sql<{ id: number }>`select id from collections order by id`)).map(({ id }) => id)

export const datasetIds = async (db: Reader, page: { after: number; limit: number }): Promise<number[]> =>
  (
    await all(db, sql<{ id: number }>`select id from datasets where id > ${page.after} order by id limit ${page.limit}`)
  ).map(({ id }) => id)

export async function forgetFingerprints(db: Reader): Promise<void> {
  await sql`update search_items set fingerprint = ''`.execute(db)
}
