import { type SqlBool, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { VersionState } from '../words.ts'

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

/** Where a request stands in its list, for the page after it. */
export type RequestPlace = readonly [createdAt: string, fileId: number, accountId: string]

export const placeOfRequest = ({ createdAt, fileId, accountId }: AccessRequestRow): RequestPlace => [
  createdAt.toISOString(),
  fileId,
  accountId,
]

/** Whether a role lets the account of the request `q` have its file `f`, in the collection `c`. */
const isHeld = sql<SqlBool>`exists (select from role_assignments a join repository_roles r on r.id = a.role_id
  where (a.account_id = q.account_id or a.audience in ('everybody', 'signed_in'))
    and (a.file_id = f.id or a.dataset_id = f.dataset_id or a.collection_id = any(c.path))
    and 'DownloadFile' = any(r.permissions))`

/** Whether the file `f` is restricted or under embargo: its newest released version says it, else the newest there is. */
const isClosed = (today: string) => sql<SqlBool>`coalesce((
  select vf.restricted or coalesce(vf.embargo_until > ${today}::date, false)
  from version_files vf join dataset_versions v on v.id = vf.version_id where vf.file_id = f.id
  order by v.state = 'released' desc, v.major desc nulls first, v.minor desc limit 1), true)`

/**
 * What has become of the request `q`; null: there is nothing to answer any more. Roles are given and taken elsewhere too,
 * and files open with a version or a day: what was noted is only the last that was decided here.
 */
export const stateNow = (today: string) => sql<AccessRequestState | null>`case
  when q.state = 'granted' and not ${isHeld} then 'rejected'
  when q.state = 'open' and (${isHeld} or not ${isClosed(today)}) then null
  else q.state end`

/** The request `q` with its file `f`, dataset `d` and collection `c`. */
export const fromRequests = sql`file_access_requests q join dataset_files f on f.id = q.file_id
  join datasets d on d.id = f.dataset_id join collections c on c.id = d.collection_id`

export async function takesRequests(db: Database | Tx, datasetId: number): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select access_requests as taken from datasets where id = ${datasetId}`.execute(db)
  return rows[0]?.taken ?? false
}

export async function findAccessRequest(
  db: Database | Tx,
  { fileId, accountId, today }: { fileId: number; accountId: string; today: string },
): Promise<AccessRequestState | null> {
  const { rows } = await sql<{ state: AccessRequestState | null }>`
    select ${stateNow(today)} as state from ${fromRequests}
    where q.file_id = ${fileId} and q.account_id = ${accountId}`.execute(db)
  return rows[0]?.state ?? null
}

export interface RequestsAsked {
  /** Of one dataset, all or these; or of one file. */
  readonly of: { readonly datasetId: number; readonly fileIds: readonly number[] | null } | { readonly fileId: number }
  readonly state?: AccessRequestState | undefined
  readonly today: string
  /** In versions of which states the reader sees files: they are called as there. */
  readonly seen: readonly VersionState[]
  readonly limit: number
  readonly after?: RequestPlace | null | undefined
}

/** Oldest first. */
export async function findAccessRequests(
  db: Database | Tx,
  { of, state, today, seen, limit, after }: RequestsAsked,
): Promise<AccessRequestRow[]> {
  const which =
    'fileId' in of
      ? sql<SqlBool>`f.id = ${of.fileId}`
      : of.fileIds === null
        ? sql<SqlBool>`f.dataset_id = ${of.datasetId}`
        : sql<SqlBool>`f.dataset_id = ${of.datasetId} and f.id = any(${[...of.fileIds]}::bigint[])`
  const { rows } = await sql<AccessRequestRow>`
    select f.id as "fileId", a.id as "accountId", a.user_name as "userName",
      a.display_name as "displayName", a.email, s.state, q.created_at as "createdAt",
      q.decided_at as "decidedAt",
      coalesce((select case when vf.directory = '' then vf.label else vf.directory || '/' || vf.label end
        from version_files vf join dataset_versions v on v.id = vf.version_id
        where vf.file_id = f.id and v.state = any(${[...seen]}::text[])
        order by v.state = 'released' desc, vf.id desc limit 1), 'file ' || f.id) as path
    from ${fromRequests} join accounts a on a.id = q.account_id
    cross join lateral (select ${stateNow(today)} as state) s
    where ${which} and ${state === undefined ? sql`s.state is not null` : sql`s.state = ${state}`}
      ${after ? sql`and (q.created_at, f.id, a.id) > (${after[0]}::timestamptz, ${after[1]}::bigint, ${after[2]}::uuid)` : sql``}
    order by q.created_at, f.id, a.id limit ${limit}`.execute(db)
  return rows
}

/** The files of a dataset that the account was given by name the right to let people have. */
export async function findManagedFiles(db: Database | Tx, datasetId: number, accountId: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select distinct f.id from role_assignments a join repository_roles r on r.id = a.role_id
    join dataset_files f on f.id = a.file_id
    where f.dataset_id = ${datasetId} and a.account_id = ${accountId} and 'ManageFilePermissions' = any(r.permissions)`.execute(
    db,
  )
  return rows.map(({ id }) => id)
}

/**
 * Until the transaction ends, nobody else asks or decides for this account in this dataset, and the file stays. Whether it
 * is there still.
 */
export async function holdRequests(
  tx: Tx,
  { datasetId, fileId, accountId }: { datasetId: number; fileId: number; accountId: string },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`access of ${accountId} in dataset ${datasetId}`}, 0))`.execute(
    tx,
  )
  const { rows } = await sql`select from dataset_files where id = ${fileId} for key share`.execute(tx)
  return rows.length > 0
}

export async function askForAccess(
  tx: Tx,
  { fileId, accountId, now }: { fileId: number; accountId: string; now: Date },
): Promise<void> {
  await sql`insert into file_access_requests (file_id, account_id, created_at) values (${fileId}, ${accountId}, ${now})
    on conflict (file_id, account_id) do update
      set state = 'open', created_at = ${now}, decided_at = null, decided_by = null`.execute(tx)
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
