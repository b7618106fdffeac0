import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { holdsRight } from '../rights-store.ts'
import type { Visitor } from '../visitor.ts'
import type { CollectionType, RepositoryPermission } from '../words.ts'

export interface InputLevel {
  readonly field: string
  readonly required: boolean
  readonly include: boolean
}

export interface CollectionRow {
  readonly id: number
  readonly alias: string
  readonly parent_id: number | null
  readonly name: string
  readonly affiliation: string | null
  readonly description: string
  readonly type: CollectionType
  readonly contacts: readonly { readonly email: string }[]
  /** Null: as the one that it lies in has them. */
  readonly metadata_blocks: readonly string[] | null
  readonly facets: readonly string[] | null
  readonly input_levels: readonly InputLevel[] | null
  /** The alias of the role that depositors get on their datasets. */
  readonly contributor_role: string
  readonly created_by: string | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly published_at: Date | null
}

const columns = sql`c.id, c.alias, c.parent_id, c.name, c.affiliation, c.description, c.type, c.contacts, c.metadata_blocks,
  c.facets, c.input_levels, c.contributor_role, (select a.user_name from accounts a where a.id = c.created_by) as created_by,
  c.created_at, c.updated_at, c.published_at`

export async function findCollection(db: Database | Tx, id: number): Promise<CollectionRow | null> {
  const { rows } = await sql<CollectionRow>`select ${columns} from collections c where c.id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** Holds it against other changes until the transaction ends; false when it is gone. */
export async function lockCollection(tx: Tx, id: number): Promise<boolean> {
  const { rows } = await sql`select from collections where id = ${id} for update`.execute(tx)
  return rows.length > 0
}

/** Holds it against being deleted or moved, or moved with one above it, while something is put into it; false when it is gone. */
export async function keepCollection(tx: Tx, id: number): Promise<boolean> {
  // The root first, as whoever moves takes it.
  const { rows } = await sql<{ id: number }>`
    select id from collections where id in (1, ${id}) order by id for share`.execute(tx)
  return rows.some((row) => row.id === id)
}

/** The whole tree stands still: moves could otherwise make a ring of two collections. Paths that are read meanwhile would be old. */
export async function lockTree(tx: Tx): Promise<void> {
  await sql`select from collections where id = 1 for update`.execute(tx)
}

export interface CollectionContent {
  readonly alias: string
  readonly name: string
  readonly affiliation: string | null
  readonly description: string
  readonly type: CollectionType
  readonly contacts: readonly { readonly email: string }[]
  readonly metadata_blocks: readonly string[] | null
  readonly facets: readonly string[] | null
  readonly input_levels: readonly InputLevel[] | null
  readonly contributor_role: string
}

/** Lists as PostgreSQL's arrays. */
const texts = (list: readonly string[] | null) => (list === null ? sql`null` : sql`${[...list]}::text[]`)
const json = (value: unknown) => (value === null ? null : JSON.stringify(value))

/** Null when the alias is taken. */
export async function insertCollection(
  tx: Tx,
  parentId: number,
  one: CollectionContent & { by: string | null; now: Date },
): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    with new as (select nextval('repository_ids') as id)
    insert into collections (id, alias, parent_id, path, name, affiliation, description, type, contacts, metadata_blocks, facets,
      input_levels, contributor_role, created_by, created_at, updated_at)
    select new.id, ${one.alias}, p.id, p.path || new.id, ${one.name}, ${one.affiliation}, ${one.description}, ${one.type},
      ${json(one.contacts)}::jsonb, ${texts(one.metadata_blocks)}, ${texts(one.facets)}, ${json(one.input_levels)}::jsonb,
      ${one.contributor_role}, ${one.by}::uuid, ${one.now}::timestamptz, ${one.now}::timestamptz
    from new, collections p where p.id = ${parentId}
    on conflict (lower(alias)) do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}

/** False when the alias is another's. */
export async function updateCollection(tx: Tx, id: number, one: CollectionContent): Promise<boolean> {
  const { rows: others } =
    await sql`select from collections where lower(alias) = lower(${one.alias}) and id <> ${id}`.execute(tx)
  if (others.length > 0) return false
  await sql`update collections set alias = ${one.alias}, name = ${one.name}, affiliation = ${one.affiliation},
    description = ${one.description}, type = ${one.type}, contacts = ${json(one.contacts)}::jsonb,
    metadata_blocks = ${texts(one.metadata_blocks)}, facets = ${texts(one.facets)},
    input_levels = ${json(one.input_levels)}::jsonb, contributor_role = ${one.contributor_role}
    where id = ${id}`.execute(tx)
  return true
}

export async function touchCollection(tx: Tx, id: number, now: Date): Promise<void> {
  await sql`update collections set updated_at = ${now} where id = ${id}`.execute(tx)
}

export async function setPublished(tx: Tx, id: number, now: Date): Promise<void> {
  await sql`update collections set published_at = ${now} where id = ${id}`.execute(tx)
}

/** Puts it, with all below it, below another. */
export async function setParent(tx: Tx, id: number, parentId: number): Promise<void> {
  await sql`
    update collections c set
      path = (select p.path from collections p where p.id = ${parentId}) ||
        c.path[array_position(c.path, ${id}::bigint):],
      parent_id = case when c.id = ${id} then ${parentId} else c.parent_id end
    where c.path @> array[${id}::bigint]`.execute(tx)
}

export async function deleteCollectionRow(tx: Tx, id: number): Promise<void> {
  await sql`delete from collections where id = ${id}`.execute(tx)
}

/** What lies directly in it, seen or not. */
export async function countChildren(db: Database | Tx, id: number): Promise<{ collections: number; datasets: number }> {
  const { rows } = await sql<{ collections: number; datasets: number }>`
    select (select count(*) from collections where parent_id = ${id}) as collections,
      (select count(*) from datasets where collection_id = ${id}) as datasets`.execute(db)
  return rows[0]!
}

/** Says in SQL whether the visitor sees the collection `c`. */
export const seesCollection = ({ caller }: Visitor): RawBuilder<SqlBool> =>
  sql<SqlBool>`(c.published_at is not null or ${holdsRight(caller, 'ViewUnpublishedDataverse', 'datasets:read', { path: sql`c.path` })})`

/** Says in SQL whether the visitor may see drafts of the dataset `d` in the collection `c`. */
export const seesDrafts = ({ caller, preview }: Visitor): RawBuilder<SqlBool> => {
  const held = holdsRight(caller, 'ViewUnpublishedDataset', 'datasets:read', { path: sql`c.path`, dataset: sql`d.id` })
  return preview === null ? held : sql<SqlBool>`(d.id = ${preview.datasetId} or ${held})`
}

/** Says in SQL whether the visitor may know of the dataset `d` in the collection `c`. */
export const seesDataset = (visitor: Visitor): RawBuilder<SqlBool> =>
  sql<SqlBool>`(d.published_at is not null or ${seesDrafts(visitor)})`

/** What lies directly in it as far as the visitor sees it, and all the datasets below. */
export async function countSeen(
  db: Database | Tx,
  visitor: Visitor,
  id: number,
): Promise<{ collections: number; datasets: number; datasets_below: number }> {
  const { rows } = await sql<{ collections: number; datasets: number; datasets_below: number }>`
    with below as materialized (select id, path from collections where path @> array[${id}::bigint]),
    counted as (
      select d.collection_id, count(*) as n from datasets d
      where d.published_at is not null and d.collection_id in (select id from below) group by d.collection_id
      union all
      select d.collection_id, count(*) from datasets d join below c on c.id = d.collection_id
      where d.published_at is null and ${seesDrafts(visitor)} group by d.collection_id
    )
    select (select count(*) from collections c where c.parent_id = ${id} and ${seesCollection(visitor)}) as collections,
      coalesce(sum(n) filter (where collection_id = ${id}), 0)::bigint as datasets, coalesce(sum(n), 0)::bigint as datasets_below
    from counted`.execute(db)
  return rows[0]!
}

export interface CollectionFilter {
  readonly parentId?: number | undefined
  readonly search?: string | undefined
  /** Only those into which the visitor may put datasets. */
  readonly takesDatasets?: boolean | undefined
}

const likePart = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** Those that the visitor sees, by name, beyond `after`. */
export async function findCollections(
  db: Database | Tx,
  visitor: Visitor,
  { parentId, search, takesDatasets = false }: CollectionFilter,
  page: { readonly after: readonly [name: string, id: number] | null; readonly limit: number },
): Promise<CollectionRow[]> {
  const part = search === undefined ? null : likePart(search)
  const { rows } = await sql<CollectionRow>`
    select ${columns} from collections c where ${seesCollection(visitor)}
      ${parentId === undefined ? sql`` : sql`and c.parent_id = ${parentId}`}
      ${takesDatasets ? sql`and ${holdsRight(visitor.caller, 'AddDataset', 'datasets:write', { path: sql`c.path` })}` : sql``}
      ${part === null ? sql`` : sql`and (c.name ilike ${part} or c.alias ilike ${part} or c.description ilike ${part})`}
      ${page.after === null ? sql`` : sql`and (lower(c.name), c.id) > (lower(${page.after[0]}), ${page.after[1]})`}
    order by lower(c.name), c.id limit ${page.limit}`.execute(db)
  return rows
}

/** Of the collections on the way down, the nearest that says it has something of its own. */
export async function findInherited<K extends 'metadata_blocks' | 'facets'>(
  db: Database | Tx,
  id: number,
  what: K,
): Promise<{ value: readonly string[]; collectionId: number } | null> {
  const column = sql.ref(`p.${what}`)
  const { rows } = await sql<{ value: string[]; id: number }>`
    select ${column} as value, p.id from collections c join collections p on p.id = any(c.path)
    where c.id = ${id} and ${column} is not null order by cardinality(p.path) desc limit 1`.execute(db)
  return rows[0] === undefined ? null : { value: rows[0].value, collectionId: rows[0].id }
}

/** Of the collections on the way down (root first), what the nearest that says so asks of datasets. */
export async function findInputLevels(db: Database | Tx, path: readonly number[]): Promise<readonly InputLevel[]> {
  const { rows } = await sql<{ input_levels: InputLevel[] }>`
    select input_levels from collections where id in (${sql.join(path)}) and input_levels is not null
    order by cardinality(path) desc limit 1`.execute(db)
  return rows[0]?.input_levels ?? []
}

export interface ContentRow {
  readonly type: 'collection' | 'dataset'
  readonly id: number
  readonly title: string
  readonly alias: string | null
  readonly pid: string | null
  readonly published_at: Date | null
  readonly updated_at: Date
}

/** Collections directly in it that the visitor sees, by name. */
export async function findCollectionsIn(
  db: Database | Tx,
  visitor: Visitor,
  id: number,
  page: { readonly after: readonly [name: string, id: number] | null; readonly limit: number },
): Promise<ContentRow[]> {
  const { rows } = await sql<ContentRow>`
    select 'collection' as type, c.id, c.name as title, c.alias, null as pid, c.published_at, c.updated_at
    from collections c where c.parent_id = ${id} and ${seesCollection(visitor)}
      ${page.after === null ? sql`` : sql`and (lower(c.name), c.id) > (lower(${page.after[0]}), ${page.after[1]})`}
    order by lower(c.name), c.id limit ${page.limit}`.execute(db)
  return rows
}

/** Datasets directly in it that the visitor sees, in the order in which they were made. */
export async function findDatasetsIn(
  db: Database | Tx,
  visitor: Visitor,
  id: number,
  page: { readonly after: number; readonly limit: number },
): Promise<ContentRow[]> {
  const drafts = seesDrafts(visitor)
  const { rows } = await sql<ContentRow>`
    select 'dataset' as type, d.id, v.title, null as alias, d.pid, d.published_at, d.updated_at
    from datasets d join collections c on c.id = d.collection_id
    cross join lateral (select v.title from dataset_versions v where v.dataset_id = d.id and (v.state <> 'draft' or ${drafts})
      order by v.state = 'draft' desc, v.state = 'released' desc, v.major desc, v.minor desc limit 1) v
    where d.collection_id = ${id} and d.id > ${page.after} and ${seesDataset(visitor)}
    order by d.id limit ${page.limit}`.execute(db)
  return rows
}

/** Those on which the caller holds a right, by name. */
export async function findAllowed(
  db: Database | Tx,
  caller: Caller,
  right: RepositoryPermission,
  ceiling: Permission,
): Promise<{ id: number; alias: string; name: string }[]> {
  const { rows } = await sql<{ id: number; alias: string; name: string }>`
    select c.id, c.alias, c.name from collections c
    where ${holdsRight(caller, right, ceiling, { path: sql`c.path` })} order by lower(c.name), c.id`.execute(db)
  return rows
}
