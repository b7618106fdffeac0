import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Permission } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { readPid } from './pid.ts'
import type { PathStep } from './rights.ts'
import type { RepositoryPermission } from './words.ts'

/** A collection by number or alias, a dataset by number or persistent id, a file by number. Numbers may come as text. */
export type Target =
  | { readonly collection: number | string }
  | { readonly dataset: number | string }
  | { readonly file: number | string }

export interface RightsRow {
  readonly collection_id: number
  readonly dataset_id: number | null
  readonly file_id: number | null
  readonly path: readonly PathStep[]
  readonly published: boolean
  readonly held: readonly string[]
}

const digits = /^\d{1,15}$/

export const isNumber = (ref: number | string): boolean => typeof ref === 'number' || digits.test(ref)

/** Says in SQL which collection, of the table `c`, is meant. */
export const isCollection = (ref: number | string) =>
  isNumber(ref) ? sql<SqlBool>`c.id = ${Number(ref)}` : sql<SqlBool>`lower(c.alias) = lower(${ref})`

/** Says in SQL which dataset, of the table `d`, is meant. */
export function isDataset(ref: number | string) {
  if (isNumber(ref)) return sql<SqlBool>`d.id = ${Number(ref)}`
  const pid = readPid(String(ref))
  return pid === null ? sql<SqlBool>`false` : sql<SqlBool>`lower(d.pid) = lower(${pid})`
}

function targetOf(target: Target): RawBuilder<unknown> {
  if ('collection' in target)
    return sql`select c.id as collection_id, null::bigint as dataset_id, null::bigint as file_id, c.path,
        c.published_at is not null as published
      from collections c where ${isCollection(target.collection)}`
  if ('dataset' in target)
    return sql`select c.id as collection_id, d.id as dataset_id, null::bigint as file_id, c.path,
        d.published_at is not null as published
      from datasets d join collections c on c.id = d.collection_id where ${isDataset(target.dataset)}`
  const id = isNumber(target.file) ? Number(target.file) : 0
  return sql`select c.id as collection_id, d.id as dataset_id, f.id as file_id, c.path,
      exists (select from version_files vf join dataset_versions v on v.id = vf.version_id
        where vf.file_id = f.id and v.state = 'released') as published
    from dataset_files f join datasets d on d.id = f.dataset_id join collections c on c.id = d.collection_id
    where f.id = ${id}`
}

/** Whose assignments count for the caller, of the table `a`. */
export const isAssigned = ({ accountId }: Caller): RawBuilder<SqlBool> =>
  accountId === null
    ? sql<SqlBool>`a.audience = 'everybody'`
    : sql<SqlBool>`(a.account_id = ${accountId} or a.audience in ('everybody', 'signed_in'))`

/**
 * Given to an audience, these reach no further down: whether everybody may add to a collection is said by each collection
 * itself, else whoever may add to the root could add to everybody's.
 */
const adding = ['AddDataverse', 'AddDataset'] satisfies RepositoryPermission[]

export async function findRights(db: Database | Tx, caller: Caller, target: Target): Promise<RightsRow | null> {
  const { rows } = await sql<RightsRow>`
    select t.collection_id, t.dataset_id, t.file_id, t.published,
      (select json_agg(json_build_object('id', p.id, 'alias', p.alias, 'name', p.name,
          'published', p.published_at is not null) order by cardinality(p.path))
        from collections p where p.id = any(t.path)) as path,
      array(select distinct held from role_assignments a join repository_roles r on r.id = a.role_id,
          unnest(r.permissions) held
        where ${isAssigned(caller)}
          and (a.collection_id = any(t.path) or a.dataset_id = t.dataset_id or a.file_id = t.file_id)
          and (a.audience is null or held <> all(${adding}) or a.collection_id = t.collection_id)) as held
    from (${targetOf(target)}) t`.execute(db)
  return rows[0] ?? null
}

/**
 * Says in SQL whether the caller's roles and grants give a right on what is in the collection `path` (an expression of
 * type bigint[]), or on the dataset `dataset` (an expression, where there is one).
 */
export function holdsRight(
  caller: Caller,
  right: RepositoryPermission,
  ceiling: Permission,
  { path, dataset }: { path: RawBuilder<unknown>; dataset?: RawBuilder<unknown> },
): RawBuilder<SqlBool> {
  const { grants, role } = caller
  if (!grants.allowsSome(ceiling)) return sql<SqlBool>`false`
  const named = grants
    .toTexts()
    .filter((text) => text.startsWith(`${ceiling}:`))
    .map((text) => text.slice(ceiling.length + 1))
  const within = grants.allows(ceiling)
    ? sql<SqlBool>`true`
    : sql<SqlBool>`${path} && (select array_agg(n.id) from collections n where n.alias = any(${named}::text[]))`
  if (role === 'admin') return within
  const collections = (which: RawBuilder<unknown>) => sql`array(
    select a.collection_id from role_assignments a join repository_roles r on r.id = a.role_id
    where ${isAssigned(caller)} and a.collection_id is not null and ${right} = any(r.permissions) and ${which})`
  const reaching = (adding as readonly string[]).includes(right)
    ? sql`(${path} && ${collections(sql`a.audience is null`)}
        or (${path})[cardinality(${path})] = any(${collections(sql`a.audience is not null`)}))`
    : sql`${path} && ${collections(sql`true`)}`
  return sql<SqlBool>`(${within} and (
    ${reaching}
    ${
      dataset === undefined
        ? sql``
        : sql`or ${dataset} = any(array(select a.dataset_id from role_assignments a join repository_roles r on r.id = a.role_id
      where ${isAssigned(caller)} and a.dataset_id is not null and ${right} = any(r.permissions)))`
    }))`
}
