import { sql } from 'kysely'
import { Grants } from '#src/access/grants.ts'
import { roles } from '#src/access/permissions.ts'
import type { Tx } from '#src/database/change.ts'
import type { RepositoryPermission } from '../words.ts'
import { fromRequests, stateNow } from './access-store.ts'

export interface Asked {
  readonly asker: { readonly userName: string; readonly displayName: string; readonly email: string | null }
  /** Whether a published version has the file; then name and title are those of the newest such version. */
  readonly released: boolean
  readonly name: string
  readonly dataset: { readonly id: number; readonly pid: string; readonly title: string }
}

/** Who asks for what. `email` is null of those who are not to be written to. */
export async function findAsked(tx: Tx, fileId: number, accountId: string): Promise<Asked> {
  const { rows } = await sql<Asked>`
    select json_build_object('userName', a.user_name, 'displayName', a.display_name,
        'email', case when a.state = 'active' then a.email end) as asker,
      coalesce(v.state = 'released', false) as released,
      coalesce(v.label, f.original_name) as name,
      json_build_object('id', d.id, 'pid', d.pid, 'title', coalesce(v.title, '')) as dataset
    from dataset_files f join datasets d on d.id = f.dataset_id join accounts a on a.id = ${accountId}
    left join lateral (select v.state, v.title, l.label
      from version_files l join dataset_versions v on v.id = l.version_id where l.file_id = f.id
      order by v.state = 'released' desc, v.major desc nulls first, v.minor desc limit 1) v on true
    where f.id = ${fileId}`.execute(tx)
  return rows[0]!
}

interface Decider {
  readonly email: string
  /** They have been told already that the same person waits for a file of the dataset. */
  readonly told: boolean
  /** They decide about some files of the dataset only. */
  readonly ofFiles: boolean
}

/** What a role must hold for its bearer to open a file to others: nobody gives more than they have, nor unseen. */
const deciding = (released: boolean): RepositoryPermission[] => [
  'ManageFilePermissions',
  'DownloadFile',
  ...(released ? [] : (['ViewUnpublishedDataset'] as const)),
]
/** The first lock is theirs to open too. */
const ableRoles = roles.filter((role) => Grants.ofRole(role).allows('datasets:write'))

/** The other files of the dataset that the person asks for and still waits for. */
const otherFiles = (fileId: number, accountId: string, today: string) => sql`
  select f.id from ${fromRequests}
  where q.account_id = ${accountId} and f.id <> ${fileId} and q.state = 'open' and ${stateNow(today)} = 'open'
    and f.dataset_id = (select dataset_id from dataset_files where id = ${fileId})`

interface DecidersAsked {
  readonly fileId: number
  /** Who asks. */
  readonly accountId: string
  readonly released: boolean
  readonly today: string
}

/** Those with an address who were given by name a role that decides about the file; nearest first, twenty at most. */
export async function findDeciders(
  tx: Tx,
  { fileId, accountId, released, today }: DecidersAsked,
): Promise<readonly Decider[]> {
  const right = sql`${deciding(released)}::text[]`
  const { rows } = await sql<Decider>`
    with others as materialized (${otherFiles(fileId, accountId, today)})
    select p.email,
      (bool_or(g.file_id is null) and exists (select from others))
        or exists (select from role_assignments o join repository_roles s on s.id = o.role_id and s.permissions @> ${right}
          where o.file_id in (select id from others) and o.account_id = any(array_agg(p.id))) as told,
      bool_and(g.file_id is not null) as "ofFiles"
    from dataset_files f
    join datasets d on d.id = f.dataset_id
    join collections c on c.id = d.collection_id
    join role_assignments g on g.file_id = f.id or g.dataset_id = d.id or g.collection_id = any(c.path)
    join repository_roles r on r.id = g.role_id and r.permissions @> ${right}
    join accounts p on p.id = g.account_id and p.state = 'active' and p.email is not null
      and p.role = any(${ableRoles}::text[]) and p.id <> ${accountId}
    where f.id = ${fileId}
    group by p.email
    order by min(case when g.file_id is not null then 0 when g.dataset_id is not null then 1 else 2 end), p.email
    limit 20`.execute(tx)
  return rows
}

/** Administrators, who may decide about everything; twenty at most. `told` as of deciders: of files that nobody else decides about. */
export async function findAdministrators(
  tx: Tx,
  { fileId, accountId, released, today }: DecidersAsked,
): Promise<readonly Decider[]> {
  const { rows } = await sql<Decider>`
    select email, exists (select from (${otherFiles(fileId, accountId, today)}) o where not exists (
      select from role_assignments g join repository_roles r on r.id = g.role_id
      where g.file_id = o.id and r.permissions @> ${deciding(released)}::text[])) as told, false as "ofFiles"
    from accounts where role = 'admin' and state = 'active' and email is not null order by email limit 20`.execute(tx)
  return rows
}

/** In how many datasets somebody has asked for files since. */
export async function countAskedDatasets(tx: Tx, accountId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct f.dataset_id)::int as count from file_access_requests q join dataset_files f on f.id = q.file_id
    where q.account_id = ${accountId} and q.created_at >= ${since}`.execute(tx)
  return rows[0]!.count
}
