import { type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import { roles } from '#src/access/permissions.ts'
import type { Database, Tx } from '#src/database/change.ts'
import type { sharedWith } from './contract.ts'
import type { Definition } from './definition.ts'
import type { RowKey } from './row-key.ts'

export interface ReportRow {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly owner_id: string | null
  readonly owner_name: string | null
  /** False: its owner's account is disabled. Null: it has none. */
  readonly owner_active: boolean | null
  readonly shared_with: (typeof sharedWith)[number]
  readonly definition: Definition
  readonly version: number
  readonly input_version: number
  readonly inputs_changed_at: Date | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly updated_by_name: string | null
}

const selectReports = sql`
  select r.id, r.title, r.description, r.owner_id, o.user_name as owner_name, o.state = 'active' as owner_active,
    r.shared_with, r.definition, r.version, r.input_version, r.inputs_changed_at, r.created_at, r.updated_at,
    u.user_name as updated_by_name
  from reports r left join accounts o on o.id = r.owner_id left join accounts u on u.id = r.updated_by`

export async function findReport(db: Database | Tx, id: string): Promise<ReportRow | null> {
  const { rows } = await sql<ReportRow>`${selectReports} where r.id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** The same, held against other changes until the transaction ends. */
export async function lockReport(tx: Tx, id: string): Promise<ReportRow | null> {
  await sql`select from reports where id = ${id} for update`.execute(tx)
  return findReport(tx, id)
}

/** Says in SQL what `sees` in `may-see-report.ts` says of one. */
function visibleTo({ via, accountId, role }: Caller) {
  if (via === 'system' || via === 'command') return sql<SqlBool>`true`
  const reached = roles.slice(0, role === null ? 0 : roles.indexOf(role) + 1)
  const abandoned = role === 'admin' ? sql`or (r.shared_with = 'owner' and o.state is distinct from 'active')` : sql``
  return sql<SqlBool>`(r.owner_id = ${accountId} or r.shared_with = any(${[...reached]}::text[]) ${abandoned})`
}

export interface ReportFilter {
  readonly search?: string | undefined
  readonly ownerId?: string | undefined
  /** Null: whatever its id. */
  readonly ids: readonly string[] | null
}

function whereOf(caller: Caller, { search, ownerId, ids }: ReportFilter) {
  const part = search === undefined ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return sql<SqlBool>`${visibleTo(caller)}
    ${ids === null ? sql`` : sql`and r.id = any(${ids}::text[])`}
    ${ownerId === undefined ? sql`` : sql`and r.owner_id = ${ownerId}`}
    ${part === null ? sql`` : sql`and (r.title ilike ${part} or r.description ilike ${part} or r.id ilike ${part})`}`
}

/** Reports that the caller sees, by title, beyond `after`. */
export async function findReports(
  db: Database,
  caller: Caller,
  filter: ReportFilter,
  page: { readonly after: readonly [title: string, id: string] | null; readonly limit: number },
): Promise<ReportRow[]> {
  const beyond = page.after ? sql`(lower(r.title), r.id) > (lower(${page.after[0]}), ${page.after[1]})` : sql`true`
  const { rows } = await sql<ReportRow>`
    ${selectReports} where ${whereOf(caller, filter)} and ${beyond}
    order by lower(r.title), r.id limit ${page.limit}`.execute(db)
  return rows
}

export async function countReports(db: Database, caller: Caller, filter: ReportFilter): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select count(*) as total from reports r left join accounts o on o.id = r.owner_id
    where ${whereOf(caller, filter)}`.execute(db)
  return rows[0]?.total ?? 0
}

export interface WrittenReport {
  readonly title: string
  readonly description: string
  readonly definition: Definition
}

/** Ids that begin so and are taken. */
export async function findTakenIds(tx: Tx, beginning: string): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from reports where starts_with(id, ${beginning})`.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** False when the id is taken. */
export async function insertReport(
  tx: Tx,
  report: WrittenReport & {
    readonly id: string
    readonly ownerId: string | null
    readonly sharedWith: ReportRow['shared_with']
    readonly note: string | null
    readonly now: Date
  },
): Promise<boolean> {
  const { id, ownerId, now } = report
  const row = await tx
    .insertInto('reports')
    .values({
      id,
      title: report.title,
      description: report.description,
      owner_id: ownerId,
      shared_with: report.sharedWith,
      definition: JSON.stringify(report.definition),
      created_at: now,
      updated_at: now,
      updated_by: ownerId,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!row) return false
  await insertVersion(tx, { ...report, version: 1, by: ownerId })
  return true
}

/** Makes the next version of a report that is locked. */
export async function updateReport(
  tx: Tx,
  report: WrittenReport & {
    readonly id: string
    readonly sharedWith: ReportRow['shared_with']
    readonly version: number
    readonly by: string | null
    readonly note: string | null
    readonly now: Date
  },
): Promise<void> {
  await tx
    .updateTable('reports')
    .set({
      title: report.title,
      description: report.description,
      shared_with: report.sharedWith,
      definition: JSON.stringify(report.definition),
      version: report.version,
      updated_at: report.now,
      updated_by: report.by,
    })
    .where('id', '=', report.id)
    .execute()
  await insertVersion(tx, report)
}

async function insertVersion(
  tx: Tx,
  version: WrittenReport & {
    readonly id: string
    readonly version: number
    readonly by: string | null
    readonly note: string | null
    readonly now: Date
  },
): Promise<void> {
  await tx
    .insertInto('report_versions')
    .values({
      report_id: version.id,
      version: version.version,
      title: version.title,
      description: version.description,
      definition: JSON.stringify(version.definition),
      changed_at: version.now,
      changed_by: version.by,
      note: version.note,
    })
    .execute()
}

export async function deleteReport(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('reports').where('id', '=', id).execute()
}

// — Versions

export interface VersionRow extends WrittenReport {
  readonly version: number
  readonly changed_at: Date
  readonly changed_by_name: string | null
  readonly note: string | null
}

const selectVersions = sql`
  select v.version, v.title, v.description, v.definition, v.changed_at, a.user_name as changed_by_name, v.note
  from report_versions v left join accounts a on a.id = v.changed_by`

export async function findVersion(db: Database | Tx, id: string, version: number): Promise<VersionRow | null> {
  const { rows } = await sql<VersionRow>`
    ${selectVersions} where v.report_id = ${id} and v.version = ${version}`.execute(db)
  return rows[0] ?? null
}

/** Newest first, below `before`. */
export async function findVersions(
  db: Database,
  id: string,
  page: { readonly before: number | null; readonly limit: number },
): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    ${selectVersions} where v.report_id = ${id} ${page.before === null ? sql`` : sql`and v.version < ${page.before}`}
    order by v.version desc limit ${page.limit}`.execute(db)
  return rows
}

/** How many cells of each column hold something, by the type that it had. */
export async function countInputs(
  db: Database | Tx,
  id: string,
): Promise<{ column_id: string; column_type: string; cells: number }[]> {
  const { rows } = await sql<{ column_id: string; column_type: string; cells: number }>`
    select column_id, column_type, count(*) as cells from report_inputs
    where report_id = ${id} and value is not null group by column_id, column_type`.execute(db)
  return rows
}

// — What is filled in

export type StoredValue = string | number | boolean | readonly string[] | null
export interface StoredChoice {
  readonly id: string
  readonly label: string
}

export interface CellRow {
  readonly column_id: string
  readonly column_type: string
  readonly row_id: string
  readonly row_key: RowKey
  readonly row_labels: RowKey
  readonly value: StoredValue
  readonly choices: readonly StoredChoice[] | null
  readonly version: number
  readonly changed_at: Date
  readonly changed_by_name: string | null
}

/** Cells of these columns, in these rows where they are named. */
export async function findCells(
  db: Database | Tx,
  reportId: string,
  columnIds: readonly string[],
  rowIds: readonly string[] | null,
): Promise<CellRow[]> {
  if (columnIds.length === 0 || rowIds?.length === 0) return []
  const { rows } = await sql<CellRow>`
    select i.column_id, i.column_type, i.row_id, i.row_key, i.row_labels, i.value, i.choices, i.version, i.changed_at,
      a.user_name as changed_by_name
    from report_inputs i left join accounts a on a.id = i.changed_by
    where i.report_id = ${reportId} and i.column_id = any(${columnIds}::text[])
      ${rowIds === null ? sql`` : sql`and i.row_id = any(${rowIds}::text[])`}
    order by i.row_id, i.column_id`.execute(db)
  return rows
}

export interface NewCell {
  readonly column_id: string
  readonly column_type: string
  readonly row_id: string
  readonly row_key: RowKey
  readonly row_labels: RowKey
  readonly value: StoredValue
  readonly before: StoredValue
  readonly choices: readonly StoredChoice[] | null
  readonly version: number
}

/** Fills in cells of a report that is locked, with their history, in one statement however many they are. */
export async function writeCells(
  tx: Tx,
  reportId: string,
  {
    cells,
    now,
    by,
    tokenId,
    note,
  }: { cells: readonly NewCell[]; now: Date; by: string | null; tokenId: string | null; note: string | null },
): Promise<void> {
  // An empty value is SQL's null, not JSON's.
  await sql`
    with cells as (
      select column_id, column_type, row_id, row_key, row_labels, nullif(value, 'null') as value,
        nullif(before, 'null') as before, nullif(choices, 'null') as choices, version
      from jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) as cell (column_id text, column_type text, row_id text,
        row_key jsonb, row_labels jsonb, value jsonb, before jsonb, choices jsonb, version integer)
    ), told as (
      insert into report_input_events (report_id, column_id, row_id, row_key, value, before, choices, version, changed_at,
        changed_by, token_id, note)
      select ${reportId}, column_id, row_id, row_key, value, before, choices, version, ${now}, ${by}, ${tokenId}, ${note}
      from cells
    ), counted as (
      update reports set input_version = input_version + 1, inputs_changed_at = ${now} where id = ${reportId}
    )
    insert into report_inputs (report_id, column_id, row_id, row_key, row_labels, column_type, value, choices, version,
      changed_at, changed_by)
    select ${reportId}, column_id, row_id, row_key, row_labels, column_type, value, choices, version, ${now}, ${by} from cells
    on conflict (report_id, column_id, row_id) do update set row_labels = excluded.row_labels,
      column_type = excluded.column_type, value = excluded.value, choices = excluded.choices, version = excluded.version,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(tx)
}

// — History

export interface InputEvent {
  readonly id: number
  readonly column_id: string
  readonly row_key: RowKey
  readonly value: StoredValue
  readonly before: StoredValue
  readonly choices: readonly StoredChoice[] | null
  readonly version: number
  readonly changed_at: Date
  readonly changed_by_name: string | null
  readonly token_id: string | null
  readonly note: string | null
}

/** Newest first, below `before`. */
export async function findInputEvents(
  db: Database,
  reportId: string,
  filter: { readonly columnId?: string | undefined; readonly rowId?: string | undefined },
  page: { readonly before: number | null; readonly limit: number },
): Promise<InputEvent[]> {
  const { columnId, rowId } = filter
  const { rows } = await sql<InputEvent>`
    select e.id, e.column_id, e.row_key, e.value, e.before, e.choices, e.version, e.changed_at,
      a.user_name as changed_by_name, e.token_id, e.note
    from report_input_events e left join accounts a on a.id = e.changed_by
    where e.report_id = ${reportId}
      ${columnId === undefined ? sql`` : sql`and e.column_id = ${columnId}`}
      ${rowId === undefined ? sql`` : sql`and e.row_id = ${rowId}`}
      ${page.before === null ? sql`` : sql`and e.id < ${page.before}`}
    order by e.id desc limit ${page.limit}`.execute(db)
  return rows
}
