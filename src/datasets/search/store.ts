import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

type Reader = Database | Tx

const all = async <Row>(db: Reader, query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(db)).rows

// ── what documents are made of ───────────────────────────────────────────────────────────────────────────────────

export type Metadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface CollectionSource {
  id: string
  alias: string
  name: string
  affiliation: string | null
  description: string
  type: string
  path: string[]
  createdAt: Date
  publishedAt: Date | null
}

export const collectionSource = async (tx: Reader, id: number): Promise<CollectionSource | undefined> =>
  (
    await all(
      tx,
      sql<CollectionSource>`
        select id::text, alias, name, affiliation, description, type, path::text[], created_at as "createdAt",
          published_at as "publishedAt"
        from collections where id = ${id}`,
    )
  )[0]

export interface VersionSource {
  id: string
  state: 'draft' | 'released' | 'deaccessioned'
  title: string
  metadata: Metadata
  license: string | null
  createdAt: Date
}

export interface DatasetSource {
  id: string
  pid: string
  collectionId: string
  path: string[]
  publishedAt: Date | null
  inReview: boolean
  /** The newest released version, the draft and, where there is neither, the newest deaccessioned one. */
  versions: VersionSource[]
}

export const datasetSource = async (tx: Reader, id: number): Promise<DatasetSource | undefined> =>
  (
    await all(
      tx,
      sql<DatasetSource>`
        select d.id::text, d.pid, d.collection_id::text as "collectionId", c.path::text[] as path,
          d.published_at as "publishedAt",
          exists (select 1 from dataset_locks l where l.dataset_id = d.id and l.type = 'in_review') as "inReview",
          (select coalesce(json_agg(json_build_object('id', v.id::text, 'state', v.state, 'title', v.title,
              'metadata', v.metadata, 'license', l.name, 'createdAt', v.created_at)), '[]')
            from (select distinct on (state) * from dataset_versions where dataset_id = d.id
              order by state, major desc, minor desc) v
            left join licenses l on l.id = v.license_id) as versions
        from datasets d join collections c on c.id = d.collection_id where d.id = ${id}`,
    )
  )[0]

export interface FileSource {
  fileId: string
  released: boolean
  versionId: string
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
  createdAt: Date
  publishedAt: Date | null
}

interface FileAsk {
  readonly datasetId: number
  readonly releasedId: string | null
  /** The draft, or what else only editors see. */
  readonly hiddenId: string | null
  /** Whatever else goes into the documents of files that are not released. */
  readonly salt: string
  readonly only: readonly number[] | null
}

/** Files of the two versions whose documents are missing or not as they should be; those of a draft only where they differ. */
const wantedFiles = ({ releasedId, hiddenId, only, salt }: FileAsk) => sql`
  select vf.*, vf.version_id is not distinct from ${releasedId}::bigint as released,
    md5(row(vf.label, vf.directory, vf.description, vf.categories, vf.tags, vf.restricted, vf.embargo_until,
      f.media_type, f.sha256, f.published_at,
      case when vf.version_id = ${hiddenId}::bigint then ${salt}::text end)::text) as fingerprint,
    f.media_type, f.sha256, f.md5, f.created_at, f.published_at
  from version_files vf join dataset_files f on f.id = vf.file_id
  where vf.version_id in (${releasedId}::bigint, ${hiddenId}::bigint)
    ${only === null ? sql`` : sql`and vf.file_id = any(${only}::bigint[])`}
    and not (vf.version_id = ${hiddenId}::bigint and exists (
      select 1 from version_files r where r.version_id = ${releasedId}::bigint and r.file_id = vf.file_id
        and (r.label, r.directory, r.description, r.categories, r.tags, r.restricted, r.embargo_until)
          is not distinct from
          (vf.label, vf.directory, vf.description, vf.categories, vf.tags, vf.restricted, vf.embargo_until)))`

export const changedFiles = (tx: Tx, ask: FileAsk): Promise<FileSource[]> =>
  all(
    tx,
    sql<FileSource>`
      select w.file_id::text as "fileId", w.released, w.version_id::text as "versionId", w.fingerprint, w.label,
        w.directory, w.description, w.categories, w.tags, w.restricted, w.embargo_until::text as "embargoUntil",
        w.media_type as "mediaType", w.sha256, w.md5, w.created_at as "createdAt", w.published_at as "publishedAt"
      from (${wantedFiles(ask)}) w
      left join search_items i on i.subject_id = w.file_id and i.released = w.released
      where i.fingerprint is distinct from w.fingerprint`,
  )

/** Documents of files that no longer are in the versions, or whose draft is as what is released. */
export async function dropOtherFiles(tx: Tx, ask: FileAsk): Promise<void> {
  await sql`
    delete from search_items i
    where i.dataset_id = ${ask.datasetId} and i.type = 'file'
      ${ask.only === null ? sql`` : sql`and i.subject_id = any(${ask.only}::bigint[])`}
      and not exists (
        select 1 from (${wantedFiles(ask)}) w where w.file_id = i.subject_id and w.released = i.released)`.execute(tx)
}

/** Those whose files are another in the draft, or no longer in it, stand behind for who may see it. */
export async function markSuperseded(tx: Tx, { datasetId, releasedId, hiddenId }: FileAsk): Promise<void> {
  await sql`
    update search_items i set superseded = not i.superseded
    where i.dataset_id = ${datasetId} and i.released and i.superseded is distinct from (
      ${releasedId}::bigint is not null and ${hiddenId}::bigint is not null and (
        i.type = 'dataset'
        or exists (select 1 from search_items h where h.subject_id = i.subject_id and not h.released)
        or not exists (
          select 1 from version_files vf where vf.version_id = ${hiddenId}::bigint and vf.file_id = i.subject_id)))`.execute(
    tx,
  )
}

// ── documents ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SearchDocument {
  readonly type: 'collection' | 'dataset' | 'file'
  readonly subjectId: string
  readonly collectionId: string
  readonly datasetId: string | null
  readonly versionId: string | null
  readonly released: boolean
  readonly path: readonly string[]
  readonly terms: readonly Term[]
  readonly sortName: string
  readonly sortDate: Date
  readonly boost: number
  readonly fingerprint: string
  readonly words: string
}

export interface Term {
  readonly facet: string
  readonly value: string
}

const termKey = ({ facet, value }: Term): string => `${facet}\n${value}`

/** Numbers of terms; those never met get theirs, in an order that is everybody's. */
async function numbersOf(tx: Tx, terms: readonly Term[]): Promise<Map<string, number>> {
  const distinct = [...new Map(terms.map((term) => [termKey(term), term])).values()]
  const facets = distinct.map(({ facet }) => facet)
  const values = distinct.map(({ value }) => value)
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
      insert into search_terms (facet, value)
      select a.facet, a.value from unnest(${facets}::text[], ${values}::text[]) as a (facet, value)
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
      version_id: one.versionId,
      released: one.released,
      path: `{${one.path.join(',')}}`,
      terms: `{${[...new Set(one.terms.map((term) => numbers.get(termKey(term))))].join(',')}}`,
      sort_name: one.sortName,
      sort_date: one.sortDate.toISOString(),
      boost: one.boost,
      fingerprint: one.fingerprint,
      words: one.words,
    }))
    await sql`
      insert into search_items (type, subject_id, collection_id, dataset_id, version_id, released, path, terms,
        sort_name, sort_date, boost, fingerprint, words)
      select type, subject_id, collection_id, dataset_id, version_id, released, path::bigint[], terms::integer[],
        sort_name, sort_date, boost, fingerprint, words::tsvector
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t (type text, subject_id bigint, collection_id bigint,
        dataset_id bigint, version_id bigint, released boolean, path text, terms text, sort_name text,
        sort_date timestamptz, boost real, fingerprint text, words text)
      on conflict (subject_id, released) do update set type = excluded.type, collection_id = excluded.collection_id,
        dataset_id = excluded.dataset_id, version_id = excluded.version_id, path = excluded.path,
        terms = excluded.terms, sort_name = excluded.sort_name, sort_date = excluded.sort_date,
        boost = excluded.boost, fingerprint = excluded.fingerprint, words = excluded.words`.execute(tx)
  }
}

export const fingerprintsOf = async (tx: Tx, subjectId: number): Promise<Map<boolean, string>> =>
  new Map(
    (
      await all(
        tx,
        sql<{ released: boolean; fingerprint: string }>`
          select released, fingerprint from search_items where subject_id = ${subjectId}`,
      )
    ).map(({ released, fingerprint }) => [released, fingerprint]),
  )

/** Drops the documents of one subject, or only one of the two. */
export async function dropDocuments(tx: Tx, subjectId: number, released?: boolean): Promise<void> {
  await sql`
    delete from search_items where subject_id = ${subjectId}
      ${released === undefined ? sql`` : sql`and released = ${released}`}`.execute(tx)
}

export async function dropDataset(tx: Tx, datasetId: number): Promise<void> {
  await sql`delete from search_items where dataset_id = ${datasetId}`.execute(tx)
}

/** Where things are, after a collection or a dataset was moved. */
export async function followMoves(tx: Tx, moved: { collectionId: number } | { datasetId: number }): Promise<void> {
  await sql`
    update search_items i set path = c.path, collection_id = c.id
    from collections c
    where c.id = coalesce((select d.collection_id from datasets d where d.id = i.dataset_id), i.subject_id)
      and (i.path, i.collection_id) is distinct from (c.path, c.id)
      and ${'datasetId' in moved ? sql`i.dataset_id = ${moved.datasetId}` : sql`i.path @> array[${moved.collectionId}::bigint]`}`.execute(
    tx,
  )
}
