import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

/** What a resource is, apart from what it has (its specifications). */
export interface Resource {
  id: number
  code: string
  name: string
  type: string
  allocationType: string
  organizationAbbreviation: string
  organizationName: string
  timeZone: string
  piColumn: 'group' | 'account'
  hostFilter: string | null
}

/** What a resource has from one day (YYYY-MM-DD) to another, both included; null: until further notice. */
export interface Specification {
  validFrom: string
  validTo: string | null
  nodes: number
  cores: number
  gpus: number
  sharePercent: number
}

/** Jobs numbered from `firstNumber`; ends in Unix seconds. */
export interface Batch {
  id: string
  resourceId: number
  file: string
  jobs: number
  firstNumber: number
  earliestEnd: number
  latestEnd: number
  sources: readonly string[]
}

export interface ListedBatch {
  id: string
  resource: string
  jobs: number
  earliestEnd: number
  latestEnd: number
  sources: string[]
  importedAt: Date
}

type Reader = Database | Tx

const all = async <Row>(db: Reader, query: RawBuilder<Row>): Promise<Row[]> => (await query.execute(db)).rows

// ── one import at a time ─────────────────────────────────────────────────────────────────────────────────────────

/** Until the transaction ends nobody else adds batches, gives job numbers or collects leftovers. */
export async function lockImports(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('tessera.imports'))`.execute(tx)
}

// ── resources ────────────────────────────────────────────────────────────────────────────────────────────────────

const resourceColumns = sql`
  r.id, r.code, r.name, t.description as type, r.allocation_type as "allocationType",
  o.abbreviation as "organizationAbbreviation", o.name as "organizationName", r.time_zone as "timeZone",
  r.pi_column as "piColumn", r.host_filter as "hostFilter"
  from hpc_resources r join hpc_resource_types t on t.id = r.type_id join hpc_organizations o on o.id = r.organization_id`

export const resources = (db: Reader) => all(db, sql<Resource>`select ${resourceColumns} order by r.code`)

export const resourceByCode = async (db: Reader, code: string) =>
  (await all(db, sql<Resource>`select ${resourceColumns} where r.code = ${code}`))[0]

export const specifications = (db: Reader, resourceId: number) =>
  all(
    db,
    sql<Specification>`
      select to_char(valid_from, 'YYYY-MM-DD') as "validFrom", to_char(valid_to, 'YYYY-MM-DD') as "validTo",
        nodes, cores, gpus, share_percent as "sharePercent"
      from hpc_resource_specifications where resource_id = ${resourceId} order by valid_from`,
  )

export async function upsertOrganization(tx: Tx, abbreviation: string, name: string): Promise<number> {
  const [row] = await all(
    tx,
    sql<{ id: number }>`
      insert into hpc_organizations (abbreviation, name) values (${abbreviation}, ${name})
      on conflict (lower(abbreviation)) do update set abbreviation = excluded.abbreviation, name = excluded.name
      returning id`,
  )
  if (!row) throw new Error('the upsert returned no organization')
  return row.id
}

export const organizationAbbreviations = async (db: Reader): Promise<string[]> =>
  (await all(db, sql<{ abbreviation: string }>`select abbreviation from hpc_organizations`)).map(
    (row) => row.abbreviation,
  )

export const organizationId = async (db: Reader, abbreviation: string): Promise<number | undefined> =>
  (
    await all(
      db,
      sql<{ id: number }>`select id from hpc_organizations where lower(abbreviation) = lower(${abbreviation})`,
    )
  )[0]?.id

export async function upsertResource(
  tx: Tx,
  resource: Omit<Resource, 'id' | 'organizationAbbreviation' | 'organizationName'> & { organizationId: number },
  specs: readonly Specification[],
): Promise<void> {
  await sql`insert into hpc_resource_types (description) values (${resource.type}) on conflict do nothing`.execute(tx)
  const [row] = await all(
    tx,
    sql<{ id: number }>`
      insert into hpc_resources
        (code, name, type_id, allocation_type, organization_id, time_zone, pi_column, host_filter)
      select ${resource.code}, ${resource.name}, id, ${resource.allocationType}, ${resource.organizationId}::int,
        ${resource.timeZone}, ${resource.piColumn}, ${resource.hostFilter}
      from hpc_resource_types where description = ${resource.type}
      on conflict (code) do update set name = excluded.name, type_id = excluded.type_id,
        allocation_type = excluded.allocation_type, organization_id = excluded.organization_id,
        time_zone = excluded.time_zone, pi_column = excluded.pi_column, host_filter = excluded.host_filter
      returning id`,
  )
  if (!row) throw new Error('the upsert returned no resource')
  await sql`delete from hpc_resource_specifications where resource_id = ${row.id}`.execute(tx)
  for (const spec of specs) {
    await sql`
      insert into hpc_resource_specifications (resource_id, valid_from, valid_to, nodes, cores, gpus, share_percent)
      values (${row.id}, ${spec.validFrom}, ${spec.validTo}, ${spec.nodes}, ${spec.cores}, ${spec.gpus},
        ${spec.sharePercent})`.execute(tx)
  }
}

// ── people, qualities of service, hierarchy ──────────────────────────────────────────────────────────────────────

/** Gives every user name an id, new ones in the order given; whether two names are one is for the database to say. */
export async function idsOfPeople(tx: Tx, usernames: readonly string[]): Promise<Map<string, number>> {
  await sql`
    insert into hpc_people (username)
    select name from unnest(${usernames}::text[]) with ordinality as t (name, nr) order by nr
    on conflict do nothing`.execute(tx)
  return idsByName(
    tx,
    sql`select t.name, p.id from unnest(${usernames}::text[]) t (name)
      join hpc_people p on lower(p.username) = lower(t.name)`,
  )
}

export async function idsOfQos(tx: Tx, names: readonly string[]): Promise<Map<string, number>> {
  await sql`
    insert into hpc_qos (name) select name from unnest(${names}::text[]) with ordinality as t (name, nr) order by nr
    on conflict do nothing`.execute(tx)
  return idsByName(tx, sql`select name, id from hpc_qos`)
}

const idsByName = async (tx: Tx, query: RawBuilder<{ name: string; id: number }>): Promise<Map<string, number>> =>
  new Map((await all(tx, query)).map((row) => [row.name, row.id]))

export interface PersonName {
  username: string
  first_name: string | null
  last_name: string
  organization: string | null
}

/** A name given again replaces the earlier one; a person first met here gets an id now. */
export async function upsertNames(tx: Tx, names: readonly PersonName[]): Promise<void> {
  await sql`
    insert into hpc_people (username, first_name, last_name, organization)
    select distinct on (lower(username)) username, first_name, last_name, organization
    from rows from (jsonb_to_recordset(${JSON.stringify(names)}::jsonb)
        as (username text, first_name text, last_name text, organization text))
      with ordinality as t (username, first_name, last_name, organization, nr)
    order by lower(username), nr desc
    on conflict (lower(username)) do update set first_name = excluded.first_name, last_name = excluded.last_name,
      organization = excluded.organization`.execute(tx)
}

export interface HierarchyItem {
  abbreviation: string
  description: string
  parent: string | null
}

export const hierarchy = (db: Reader) =>
  all(db, sql<HierarchyItem>`select abbreviation, description, parent from hpc_hierarchy order by id`)

export async function upsertHierarchy(tx: Tx, items: readonly HierarchyItem[]): Promise<void> {
  await sql`
    insert into hpc_hierarchy (abbreviation, description, parent)
    select abbreviation, description, parent
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as t (abbreviation text, description text, parent text)
    on conflict (abbreviation) do update set description = excluded.description, parent = excluded.parent`.execute(tx)
}

export async function upsertGroups(
  tx: Tx,
  groups: readonly { group_name: string; abbreviation: string }[],
): Promise<void> {
  await sql`
    insert into hpc_group_hierarchy (group_name, abbreviation)
    select group_name, abbreviation
    from jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) as t (group_name text, abbreviation text)
    on conflict (group_name) do update set abbreviation = excluded.abbreviation`.execute(tx)
}

// ── batches ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every batch's file, relative to the imports directory, in the order of job numbers. */
export const batchFiles = async (db: Reader): Promise<string[]> =>
  (await all(db, sql<{ file: string }>`select file from import_batches order by first_number`)).map((row) => row.file)

/** Files of a resource's batches holding jobs that ended within the given seconds. */
export const batchFilesBetween = async (db: Reader, resourceId: number, from: number, to: number): Promise<string[]> =>
  (
    await all(
      db,
      sql<{ file: string }>`
        select file from import_batches
        where resource_id = ${resourceId} and latest_end >= ${from} and earliest_end <= ${to} order by first_number`,
    )
  ).map((row) => row.file)

export async function nextJobNumber(tx: Tx): Promise<number> {
  const [row] = await all(
    tx,
    sql<{ next: string }>`select coalesce(max(first_number + jobs), 1) as next from import_batches`,
  )
  return Number(row?.next ?? 1)
}

export async function insertBatch(tx: Tx, batch: Batch): Promise<void> {
  await sql`
    insert into import_batches (id, resource_id, file, jobs, first_number, earliest_end, latest_end, sources)
    values (${batch.id}, ${batch.resourceId}, ${batch.file}, ${batch.jobs}, ${batch.firstNumber},
      ${batch.earliestEnd}, ${batch.latestEnd}, ${batch.sources}::text[])`.execute(tx)
}

export async function listBatches(db: Reader): Promise<ListedBatch[]> {
  const rows = await all(
    db,
    sql<Omit<ListedBatch, 'jobs' | 'earliestEnd' | 'latestEnd'> & Record<'jobs' | 'earliestEnd' | 'latestEnd', string>>`
      select b.id, r.code as resource, b.jobs, b.earliest_end as "earliestEnd", b.latest_end as "latestEnd", b.sources,
        b.imported_at as "importedAt"
      from import_batches b join hpc_resources r on r.id = b.resource_id order by b.first_number`,
  )
  return rows.map((row) => ({
    ...row,
    jobs: Number(row.jobs),
    earliestEnd: Number(row.earliestEnd),
    latestEnd: Number(row.latestEnd),
  }))
}

// ── as models read them ──────────────────────────────────────────────────────────────────────────────────────────

/** An item with less than two levels above it stands for the missing ones: its parent is the top, itself the middle. */
export const peopleAsSource = (tx: Tx) =>
  all(
    tx,
    sql<object>`
      select p.id as person_id, p.username,
        case when p.last_name is null then p.username
          when coalesce(p.first_name, '') = '' then p.last_name
          else p.last_name || ', ' || p.first_name end as name,
        coalesce(o.id, -1) as organization_id,
        coalesce(b.id, -1) as bottom_id, coalesce(b.description, 'Unknown') as bottom,
        coalesce(case when t.id is null then b.id else m.id end, -1) as middle_id,
        coalesce(case when t.id is null then b.description else m.description end, 'Unknown') as middle,
        coalesce(t.id, m.id, b.id, -1) as top_id,
        coalesce(t.description, m.description, b.description, 'Unknown') as top
      from hpc_people p
      left join hpc_organizations o on lower(o.abbreviation) = lower(p.organization)
      left join hpc_group_hierarchy g on g.group_name = lower(p.username)
      left join hpc_hierarchy b on b.abbreviation = g.abbreviation
      left join hpc_hierarchy m on m.abbreviation = b.parent
      left join hpc_hierarchy t on t.abbreviation = m.parent
      union all select -1, 'Unknown', 'Unknown', -1, -1, 'Unknown', -1, 'Unknown', -1, 'Unknown'
      order by 1`,
  )

export const organizationsAsSource = (tx: Tx) =>
  all(
    tx,
    sql<object>`
      select -1 as organization_id, 'Unknown' as abbreviation, 'Unknown' as name
      union all select id, abbreviation, name from hpc_organizations order by 1`,
  )

export const resourcesAsSource = (tx: Tx) =>
  all(
    tx,
    sql<object>`
      select r.id as resource_id, r.code, r.name, r.type_id, t.description as type, r.organization_id, r.time_zone
      from hpc_resources r join hpc_resource_types t on t.id = r.type_id order by r.id`,
  )

export const specificationsAsSource = (tx: Tx) =>
  all(
    tx,
    sql<object>`
      select resource_id, to_char(valid_from, 'YYYY-MM-DD') as valid_from, to_char(valid_to, 'YYYY-MM-DD') as valid_to,
        nodes, cores, gpus, share_percent
      from hpc_resource_specifications order by resource_id, valid_from`,
  )

export const qosAsSource = (tx: Tx) =>
  all(tx, sql<object>`select -1 as qos_id, 'Unknown' as name union all select id, name from hpc_qos order by 1`)
