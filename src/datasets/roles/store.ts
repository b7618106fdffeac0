import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { RepositoryPermission } from '../words.ts'

export interface RoleRow {
  readonly id: number
  readonly alias: string
  readonly name: string
  readonly description: string
  readonly permissions: readonly RepositoryPermission[]
  /** Whose own it is; null: it comes with the product. */
  readonly collection_id: number | null
}

const columns = sql`r.id, r.alias, r.name, r.description, r.permissions, r.collection_id`
const within = (path: readonly number[]) => sql`(r.collection_id is null or r.collection_id in (${sql.join(path)}))`

/** Roles that can be given in the last of these collections, of which each lies in the one before. */
export async function findRoles(db: Database | Tx, path: readonly number[]): Promise<RoleRow[]> {
  const { rows } = await sql<RoleRow>`select ${columns} from repository_roles r where ${within(path)}
    order by r.collection_id nulls first, r.id`.execute(db)
  return rows
}

/** By alias; `editor` is what the contributor was called once. */
export async function findRoleNamed(
  db: Database | Tx,
  alias: string,
  path: readonly number[],
): Promise<RoleRow | null> {
  const { rows } = await sql<RoleRow>`select ${columns} from repository_roles r where ${within(path)}
    and lower(r.alias) = lower(${alias === 'editor' ? 'contributor' : alias}) order by r.alias = ${alias} desc limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function findRole(db: Database | Tx, id: number): Promise<RoleRow | null> {
  const { rows } = await sql<RoleRow>`select ${columns} from repository_roles r where r.id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** Null when the alias is taken. */
export async function insertRole(tx: Tx, role: Omit<RoleRow, 'id'>): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    insert into repository_roles (alias, name, description, permissions, collection_id)
    values (${role.alias}, ${role.name}, ${role.description}, ${[...role.permissions]}::text[], ${role.collection_id})
    on conflict do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}

/** With all that was given by it. */
export async function deleteRoleRow(tx: Tx, id: number): Promise<void> {
  await sql`delete from repository_roles where id = ${id}`.execute(tx)
}

/** How many collections give it to their depositors. */
export async function countContributorUses(tx: Tx, alias: string): Promise<number> {
  const { rows } = await sql<{
    count: number
  }>`select count(*) as count from collections where contributor_role = ${alias}`.execute(tx)
  return rows[0]?.count ?? 0
}

export type On = { readonly collectionId: number } | { readonly datasetId: number } | { readonly fileId: number }
export type Audience = 'signed_in' | 'everybody'
export type Assignee = { readonly accountId: string } | { readonly audience: Audience }

export interface AssignmentRow {
  readonly id: number
  readonly role_id: number
  readonly role_alias: string
  readonly role_name: string
  readonly role_description: string
  readonly account_id: string | null
  readonly user_name: string | null
  readonly display_name: string | null
  readonly audience: Audience | null
  readonly collection_id: number | null
  readonly dataset_id: number | null
  readonly file_id: number | null
  readonly created_at: Date
}

const assignmentColumns = sql`a.id, a.role_id, r.alias as role_alias, r.name as role_name, r.description as role_description,
  a.account_id, p.user_name, p.display_name, a.audience, a.collection_id, a.dataset_id, a.file_id, a.created_at`
const assignments = sql`role_assignments a join repository_roles r on r.id = a.role_id left join accounts p on p.id = a.account_id`

const onThing = (on: On) => {
  if ('collectionId' in on) return sql`a.collection_id = ${on.collectionId}`
  return 'datasetId' in on ? sql`a.dataset_id = ${on.datasetId}` : sql`a.file_id = ${on.fileId}`
}

/** Those made on these things, one thing after another, oldest first. */
export async function findAssignments(db: Database | Tx, ons: readonly On[]): Promise<AssignmentRow[]> {
  const { rows } = await sql<AssignmentRow>`
    select ${assignmentColumns} from ${assignments} where ${sql.join(ons.map(onThing), sql` or `)}
    order by a.file_id nulls last, a.dataset_id nulls last, a.id`.execute(db)
  return rows
}

export async function findAssignment(db: Database | Tx, id: number): Promise<AssignmentRow | null> {
  const { rows } = await sql<AssignmentRow>`select ${assignmentColumns} from ${assignments} where a.id = ${id}`.execute(
    db,
  )
  return rows[0] ?? null
}

/** Null when they have it there already. */
export async function insertAssignment(
  tx: Tx,
  { roleId, to, on, by, now }: { roleId: number; to: Assignee; on: On; by: string | null; now: Date },
): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    insert into role_assignments (role_id, account_id, audience, collection_id, dataset_id, file_id, created_by, created_at)
    values (${roleId}, ${'accountId' in to ? to.accountId : null}, ${'audience' in to ? to.audience : null},
      ${'collectionId' in on ? on.collectionId : null}, ${'datasetId' in on ? on.datasetId : null},
      ${'fileId' in on ? on.fileId : null}, ${by}, ${now})
    on conflict do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}

export async function deleteAssignment(tx: Tx, id: number): Promise<boolean> {
  const { rows } = await sql`delete from role_assignments where id = ${id} returning id`.execute(tx)
  return rows.length > 0
}
