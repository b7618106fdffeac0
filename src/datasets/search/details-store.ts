import { sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { Metadata } from '../blocks/block.ts'
import type { Pid } from '../pid.ts'
import { type FoundRow, maySee } from './hits-store.ts'
import type { CollectionHit, VersionFacts } from './search-ask.ts'

interface Common {
  document: number
  states: string[]
  created_at: Date
  updated_at: Date
  published_at: Date | null
}

export interface CollectionDetails extends Common {
  name: string
  alias: string
  affiliation: string | null
  description: string
  type: string
  parent: CollectionHit['parent']
  datasets: number
}

interface InDataset extends Common {
  dataset: Pid & { readonly id: number; readonly pid: string }
  dataset_published_at: Date | null
  collection: NonNullable<CollectionHit['parent']>
  version: VersionFacts
  version_updated_at: Date
  title: string
  metadata: Metadata
}

export interface DatasetDetails extends InDataset {
  files: number
}

export interface FileDetails extends InDataset {
  label: string
  description: string
  directory: string
  tags: string[]
  restricted: boolean
  embargo_until: string | null
  may_download: boolean
  media_type: string
  bytes: number
  md5: string
  sha256: string
}

const documents = (rows: readonly FoundRow[], type: FoundRow['type']) =>
  sql`${rows.filter((row) => row.type === type).map((row) => row.document)}::bigint[]`

const states = sql`array(select value from search_terms where facet = 'state' and id = any(i.terms))`

export async function collectionDetails(
  db: Database | Tx,
  caller: Caller,
  rows: readonly FoundRow[],
): Promise<CollectionDetails[]> {
  const found = await sql<CollectionDetails>`
    select i.id as document, ${states} as states, c.name, c.alias, c.affiliation, c.description, c.type,
      c.created_at, c.updated_at, c.published_at,
      (select json_build_object('id', p.id, 'alias', p.alias, 'name', p.name) from collections p
        where p.id = c.parent_id) as parent,
      (select count(*) from search_items d
        where d.type = 'dataset' and d.released and not d.superseded and d.collection_id = any(b.ids))
      + (select count(distinct d.subject_id) from search_items d
        where d.type = 'dataset' and (d.superseded or not d.released) and d.collection_id = any(b.ids)
          and ${seen(caller, 'd')}) as datasets
    from search_items i join collections c on c.id = i.subject_id,
      lateral (select array(select id from collections where path @> array[c.id]) as ids) b
    where i.id = any(${documents(rows, 'collection')})`.execute(db)
  return found.rows
}

const seen = (caller: Caller, of: 'd') => {
  const sees = maySee(caller, of)
  return sees === null ? sql`${sql.ref(of)}.released` : sql`(${sql.ref(of)}.released or ${sees})`
}

const inDataset = sql`
  i.id as document, ${states} as states,
  json_build_object('id', d.id, 'pid', d.pid, 'protocol', d.protocol, 'authority', d.authority,
    'separator', d.separator, 'identifier', d.identifier) as dataset,
  d.published_at as dataset_published_at,
  json_build_object('id', c.id, 'alias', c.alias, 'name', c.name) as collection,
  json_build_object('id', v.id, 'state', v.state, 'major', v.major, 'minor', v.minor) as version,
  v.title, v.metadata, v.updated_at as version_updated_at`

const ofVersion = sql`
  join datasets d on d.id = i.dataset_id
  join collections c on c.id = d.collection_id
  join lateral (
    select * from dataset_versions v
    where v.dataset_id = d.id and (v.state = 'released') = i.released
    order by v.state = 'draft' desc, v.major desc, v.minor desc limit 1) v on true`

export async function datasetDetails(db: Database | Tx, rows: readonly FoundRow[]): Promise<DatasetDetails[]> {
  const found = await sql<DatasetDetails>`
    select ${inDataset}, d.created_at, v.updated_at, case when i.released then d.published_at end as published_at,
      (select count(*) from version_files vf where vf.version_id = v.id) as files
    from search_items i ${ofVersion}
    where i.id = any(${documents(rows, 'dataset')})`.execute(db)
  return found.rows
}

export async function fileDetails(
  db: Database | Tx,
  caller: Caller,
  rows: readonly FoundRow[],
): Promise<FileDetails[]> {
  const holds = maySee(caller, 'i', 'DownloadFile')
  const found = await sql<FileDetails>`
    select ${inDataset}, f.created_at, v.updated_at, case when i.released then f.published_at end as published_at,
      vf.label, vf.description, vf.directory, vf.categories || vf.tags as tags, vf.restricted,
      vf.embargo_until::text as embargo_until, f.media_type, f.bytes, f.md5, f.sha256,
      (not vf.restricted and (vf.embargo_until is null or vf.embargo_until <= current_date)
        ${holds === null ? sql`` : sql`or ${holds}`}) as may_download
    from search_items i ${ofVersion}
    join version_files vf on vf.version_id = v.id and vf.file_id = i.subject_id
    join dataset_files f on f.id = i.subject_id
    where i.id = any(${documents(rows, 'file')})`.execute(db)
  return found.rows
}
