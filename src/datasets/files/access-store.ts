import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

export type AccessRequestState = 'open' | 'granted' | 'rejected'

export interface AccessRequestRow {
  readonly fileId: number
  readonly path: string
  readonly accountId: string
  readonly userName: string
  readonly displayName: string
  readonly email: string | null
  readonly state: AccessRequestState
  readonly createdAt: Date
  readonly decidedAt: Date | null
}

export async function takesRequests(db: Database | Tx, datasetId: number): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select access_requests as taken from datasets where id = ${datasetId}`.execute(db)
  return rows[0]?.taken ?? false
}

export async function findAccessRequest(
  db: Database | Tx,
  fileId: number,
  accountId: string,
): Promise<AccessRequestState | null> {
  const { rows } = await sql<{ state: AccessRequestState }>`
    select state from file_access_requests where file_id = ${fileId} and account_id = ${accountId}`.execute(db)
  return rows[0]?.state ?? null
}

/** Oldest first. */
export async function findAccessRequests(
  db: Database | Tx,
  { fileId, datasetId, state }: { fileId?: number; datasetId?: number; state?: AccessRequestState | undefined },
): Promise<AccessRequestRow[]> {
  const { rows } = await sql<AccessRequestRow>`
    select f.id as "fileId", a.id as "accountId", a.user_name as "userName",
      a.display_name as "displayName", a.email, q.state, q.created_at as "createdAt",
      q.decided_at as "decidedAt",
      coalesce((select case when vf.directory = '' then vf.label else vf.directory || '/' || vf.label end
        from version_files vf where vf.file_id = f.id order by vf.id desc limit 1), f.original_name) as path
    from file_access_requests q join dataset_files f on f.id = q.file_id join accounts a on a.id = q.account_id
    where ${fileId === undefined ? sql`f.dataset_id = ${datasetId}` : sql`f.id = ${fileId}`}
      ${state === undefined ? sql`` : sql`and q.state = ${state}`}
    order by q.created_at, f.id, a.user_name limit 10000`.execute(db)
  return rows
}

export async function askForAccess(
  tx: Tx,
  { fileId, accountId, now }: { fileId: number; accountId: string; now: Date },
): Promise<void> {
  await sql`insert into file_access_requests (file_id, account_id, created_at) values (${fileId}, ${accountId}, ${now})
    on conflict (file_id, account_id) do update
      set state = 'open', created_at = ${now}, decided_at = null, decided_by = null`.execute(tx)
}

/** Whether they wait for any file of the dataset that this file is of. */
export async function hasOpenRequest(tx: Tx, fileId: number, accountId: string): Promise<boolean> {
  const { rows } = await sql`select from file_access_requests q join dataset_files f on f.id = q.file_id
    where q.account_id = ${accountId} and q.state = 'open'
      and f.dataset_id = (select dataset_id from dataset_files where id = ${fileId}) limit 1`.execute(tx)
  return rows.length > 0
}

export interface AccessPeople {
  readonly asker: { readonly userName: string; readonly displayName: string; readonly email: string | null }
  readonly file: { readonly name: string }
  readonly dataset: { readonly id: number; readonly title: string }
  /** Those with an address who were given, by name, the right to let people have the file; nearest first, twenty at most. */
  readonly deciders: readonly { readonly email: string }[]
}

/** Addresses of administrators, who may decide about everything; twenty at most. */
export async function findAdministrators(tx: Tx): Promise<{ readonly email: string }[]> {
  const { rows } = await sql<{ email: string }>`select email from accounts
    where role = 'admin' and state = 'active' and email is not null order by email limit 20`.execute(tx)
  return rows
}

/** Who asks for what, and whom it concerns. */
export async function findAccessPeople(tx: Tx, fileId: number, accountId: string): Promise<AccessPeople> {
  const { rows } = await sql<AccessPeople>`
    select
      json_build_object('userName', a.user_name, 'displayName', a.display_name,
        'email', case when a.state = 'active' then a.email end) as asker,
      json_build_object('name', coalesce(l.label, f.original_name)) as file,
      json_build_object('id', d.id, 'title', v.title) as dataset,
      (select coalesce(json_agg(json_build_object('email', email)), '[]') from (
        select p.email, min(case when g.file_id is not null then 0 when g.dataset_id is not null then 1 else 2 end) as far
        from role_assignments g
        join repository_roles r on r.id = g.role_id and r.permissions @> array['ManageFilePermissions']
        join accounts p on p.id = g.account_id and p.state = 'active' and p.email is not null and p.id <> a.id
        where g.file_id = f.id or g.dataset_id = d.id or g.collection_id = any(c.path)
        group by p.email order by far, p.email limit 20) m) as deciders
    from dataset_files f
    join datasets d on d.id = f.dataset_id
    join collections c on c.id = d.collection_id
    join accounts a on a.id = ${accountId}
    cross join lateral (select title from dataset_versions where dataset_id = d.id
      order by state = 'released' desc, major desc nulls first, minor desc limit 1) v
    left join lateral (select l.label from version_files l join dataset_versions w on w.id = l.version_id
      where l.file_id = f.id order by w.state = 'released' desc, w.id desc limit 1) l on true
    where f.id = ${fileId}`.execute(tx)
  return rows[0]!
}

interface Decision {
  readonly fileId: number
  readonly accountId: string
  readonly by: string | null
  readonly now: Date
}

/** Whether there was a request that had not been decided so. */
export async function decideRequest(
  tx: Tx,
  { fileId, accountId, by, now, state }: Decision & { state: 'granted' | 'rejected' },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update file_access_requests set state = ${state}, decided_at = ${now}, decided_by = ${by}
    where file_id = ${fileId} and account_id = ${accountId} and state <> ${state}`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}

/** Whether they hadn't been given it before; null: there is no such account. */
export async function giveFile(tx: Tx, { fileId, accountId, by, now }: Decision): Promise<boolean | null> {
  const { rows: accounts } = await sql`select from accounts where id = ${accountId}`.execute(tx)
  if (accounts.length === 0) return null
  const { numAffectedRows } = await sql`
    insert into role_assignments (role_id, account_id, file_id, created_by, created_at)
    select id, ${accountId}, ${fileId}::bigint, ${by}::uuid, ${now}::timestamptz from repository_roles where alias = 'fileDownloader'
    on conflict do nothing`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}

/** Whether they had been given it. */
export async function takeFileBack(tx: Tx, { fileId, accountId }: Decision): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from role_assignments where file_id = ${fileId} and account_id = ${accountId}
      and role_id = (select id from repository_roles where alias = 'fileDownloader')`.execute(tx)
  return Number(numAffectedRows ?? 0) > 0
}
