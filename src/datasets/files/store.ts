import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Caller } from '#src/access/caller.ts'
import type { Database, Tx } from '#src/database/change.ts'
import { isAssigned } from '../rights-store.ts'
import { type VersionState, versionStates } from '../words.ts'
import type { fileOrders } from './contract.ts'
import type { Access, VersionFile } from './version-file.ts'

interface FileRow extends Omit<VersionFile, 'embargo' | 'checksums'> {
  readonly embargo_until: string | null
  readonly embargo_reason: string | null
  readonly md5: string
  readonly sha256: string
  readonly sha1: string | null
  readonly sha512: string | null
}

const columns = sql`f.id, vf.id as "metadataId", f.dataset_id as "datasetId", vf.version_id as "versionId", vf.label as name,
  vf.directory, vf.description, vf.categories, vf.tags, vf.restricted, vf.embargo_until, vf.embargo_reason,
  f.media_type as "mediaType", f.bytes, f.md5, f.sha256, f.sha1, f.sha512, f.original_name as "originalName",
  f.previous_file_id as "previousId", f.root_file_id as "rootId", f.created_at as "createdAt",
  f.published_at as "publishedAt", f.downloads`

const selectFiles = sql`select ${columns} from version_files vf join dataset_files f on f.id = vf.file_id`

const fileFrom = <More extends object>(row: FileRow & More): VersionFile & More => {
  const { embargo_until: until, embargo_reason: reason, md5, sha256, sha1, sha512, ...facts } = row
  const embargo = until === null ? null : { until, reason }
  return { ...facts, embargo, checksums: { md5, sha256, sha1, sha512 } } as unknown as VersionFile & More
}

// — Lists

export interface FileFilter {
  readonly search?: string | undefined
  readonly type?: string | undefined
  readonly access?: Access | undefined
  readonly category?: string | undefined
  readonly tag?: string | undefined
  readonly directory?: string | undefined
  /** Only what is in the directory itself. */
  readonly flat?: boolean | undefined
  readonly ids?: readonly number[] | undefined
}

const part = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function whereOf(versionId: number, filter: FileFilter, today: string): RawBuilder<SqlBool> {
  const { search, type, access, category, tag, directory, flat, ids } = filter
  const all: RawBuilder<SqlBool>[] = [sql<SqlBool>`vf.version_id = ${versionId}`]
  if (search)
    all.push(
      sql`(vf.label ilike ${part(search)} or vf.directory ilike ${part(search)} or vf.description ilike ${part(search)})`,
    )
  if (type !== undefined)
    all.push(type.includes('/') ? sql`f.media_type = ${type}` : sql`f.media_type ^@ ${`${type}/`}`)
  if (access !== undefined) all.push(sql`${accessWord(today)} = ${access}`)
  if (category !== undefined) all.push(sql`${category} = any(vf.categories)`)
  if (tag !== undefined) all.push(sql`${tag} = any(vf.tags)`)
  if (flat) all.push(sql`vf.directory = ${directory ?? ''}`)
  else if (directory) all.push(sql`(vf.directory = ${directory} or vf.directory ^@ ${`${directory}/`})`)
  if (ids !== undefined) all.push(sql`f.id = any(${[...ids]}::bigint[])`)
  return sql<SqlBool>`${sql.join(all, sql` and `)}`
}

/** `accessOf` in SQL. */
const accessWord = (today: string) => sql<Access>`case
  when vf.embargo_until > ${today}::date then case when vf.restricted then 'embargoed_restricted' else 'embargoed' end
  when vf.restricted then 'restricted' else 'public' end`

export type FileOrder = (typeof fileOrders)[number]

/** A place in the list: what it is ordered by, and the number, which tells equals apart. */
export type PlaceKey = readonly [text: string, second: string, id: number]

interface Ordering {
  /** Two texts, or numbers written so that they order as texts do. */
  readonly by: readonly [RawBuilder<unknown>, RawBuilder<unknown>]
  readonly down?: true
}

const name = sql`lower(vf.label) collate "C"`
const padded = (value: RawBuilder<unknown>) => sql`lpad((${value})::text, 20, '0') collate "C"`
const since = padded(sql`(extract(epoch from f.created_at) * 1000)::bigint`)
const orderings: Readonly<Record<FileOrder, Ordering>> = {
  path: { by: [sql`lower(vf.directory) collate "C"`, name] },
  name: { by: [name, sql`vf.directory collate "C"`] },
  '-name': { by: [name, sql`vf.directory collate "C"`], down: true },
  newest: { by: [since, sql`''::text collate "C"`], down: true },
  oldest: { by: [since, sql`''::text collate "C"`] },
  size: { by: [padded(sql`f.bytes`), sql`''::text collate "C"`], down: true },
  type: { by: [sql`f.media_type collate "C"`, name] },
}

interface PageAsk {
  readonly filter: FileFilter
  readonly order: FileOrder
  readonly today: string
  readonly limit?: number | undefined
  readonly after?: PlaceKey | null | undefined
  /** How many to pass over, for protocols that count pages so. */
  readonly offset?: number | undefined
}

export async function findVersionFiles(
  db: Database | Tx,
  versionId: number,
  { filter, order, today, limit, after, offset }: PageAsk,
): Promise<(VersionFile & { readonly place: PlaceKey })[]> {
  const { by, down } = orderings[order]
  const direction = down ? sql`desc` : sql`asc`
  const beyond = after
    ? sql`and (${by[0]}, ${by[1]}, f.id) ${down ? sql`<` : sql`>`} (${after[0]}, ${after[1]}, ${after[2]})`
    : sql``
  const { rows } = await sql<FileRow & { place_1: string; place_2: string }>`
    select ${columns}, ${by[0]} as place_1, ${by[1]} as place_2
    from version_files vf join dataset_files f on f.id = vf.file_id
    where ${whereOf(versionId, filter, today)} ${beyond}
    order by ${by[0]} ${direction}, ${by[1]} ${direction}, f.id ${direction}
    ${limit === undefined ? sql`` : sql`limit ${limit}`} ${offset ? sql`offset ${offset}` : sql``}`.execute(db)
  return rows.map(({ place_1, place_2, ...row }) => ({ ...fileFrom(row), place: [place_1, place_2, row.id] as const }))
}

export interface FileCounts {
  readonly total: number
  readonly bytes: number
  readonly types: readonly ValueCount[]
  readonly access: readonly ValueCount[]
  readonly categories: readonly ValueCount[]
  readonly tags: readonly ValueCount[]
  readonly directories: readonly { readonly directory: string; readonly count: number; readonly bytes: number }[]
}
interface ValueCount {
  readonly value: string
  readonly count: number
}

const mostDirectories = 10_000

export async function countVersionFiles(
  db: Database | Tx,
  versionId: number,
  filter: FileFilter,
  today: string,
): Promise<FileCounts> {
  const counted = (value: RawBuilder<unknown>, from = sql``) => sql`(
    select coalesce(json_agg(json_build_object('value', value, 'count', count) order by count desc, value), '[]')
    from (select ${value} as value, count(*)::int from found ${from} group by 1) counts)`
  const { rows } = await sql<FileCounts>`
    with found as materialized (
      select f.media_type, f.bytes, vf.directory, vf.categories, vf.tags, ${accessWord(today)} as access
      from version_files vf join dataset_files f on f.id = vf.file_id where ${whereOf(versionId, filter, today)})
    select (select count(*)::int from found) as total, (select coalesce(sum(bytes), 0)::bigint from found) as bytes,
      ${counted(sql`media_type`)} as types, ${counted(sql`access`)} as access,
      ${counted(sql`one`, sql`, unnest(categories) one`)} as categories,
      ${counted(sql`one`, sql`, unnest(tags) one`)} as tags,
      (select coalesce(json_agg(json_build_object('directory', directory, 'count', count, 'bytes', bytes)
          order by directory collate "C"), '[]')
        from (select directory, count(*)::int, sum(bytes)::bigint as bytes from found group by 1
          order by directory collate "C" limit ${mostDirectories}) counts) as directories`.execute(db)
  return rows[0]!
}

export async function sumVersionFiles(
  db: Database | Tx,
  versionId: number,
  filter: FileFilter,
  today: string,
): Promise<{ total: number; bytes: number }> {
  const { rows } = await sql<{ total: number; bytes: number }>`
    select count(*)::int as total, coalesce(sum(f.bytes), 0)::bigint as bytes
    from version_files vf join dataset_files f on f.id = vf.file_id
    where ${whereOf(versionId, filter, today)}`.execute(db)
  return rows[0]!
}

// — One file

/** A file together with a version that has it. */
export interface FileInVersion extends VersionFile {
  readonly state: 'draft' | 'released' | 'deaccessioned'
  readonly major: number | null
  readonly minor: number | null
  readonly releasedAt: Date | null
}

/** A file in every version that has it: the draft, then the newest first. */
export async function findFileVersions(db: Database | Tx, fileId: number): Promise<FileInVersion[]> {
  const { rows } = await sql<FileRow & Pick<FileInVersion, 'state' | 'major' | 'minor' | 'releasedAt'>>`
    select ${columns}, v.state, v.major, v.minor, v.released_at as "releasedAt"
    from version_files vf join dataset_files f on f.id = vf.file_id join dataset_versions v on v.id = vf.version_id
    where f.id = ${fileId} order by v.major desc nulls first, v.minor desc`.execute(db)
  return rows.map(fileFrom)
}

/** Those of these files that a version has, in the order of their numbers. */
export async function findFilesIn(
  db: Database | Tx,
  versionId: number,
  ids: readonly number[],
): Promise<VersionFile[]> {
  const { rows } = await sql<FileRow>`
    ${selectFiles} where vf.version_id = ${versionId} and f.id = any(${[...ids]}::bigint[]) order by f.id`.execute(db)
  return rows.map(fileFrom)
}

export interface DatasetOfFile {
  readonly id: number
  readonly pid: string
  /** In the version in which the file is looked at. */
  readonly title: string
}

export async function findDatasetOfFile(
  db: Database | Tx,
  { versionId }: Pick<VersionFile, 'versionId'>,
): Promise<DatasetOfFile> {
  const { rows } = await sql<DatasetOfFile>`
    select d.id, d.pid, v.title from dataset_versions v join datasets d on d.id = v.dataset_id where v.id = ${versionId}`.execute(
    db,
  )
  return rows[0]!
}

export interface HistoryRow {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly createdAt: Date
  readonly publishedAt: Date | null
}

/**
 * The files that replaced one another, newest first, called as the newest of the versions in these states has them; what is
 * in none of them is told of only to who sees all.
 */
export async function findHistory(
  db: Database | Tx,
  { id, rootId }: Pick<VersionFile, 'id' | 'rootId'>,
  states: readonly VersionState[],
): Promise<HistoryRow[]> {
  const root = rootId ?? id
  const all = states.length === versionStates.length
  const { rows } = await sql<HistoryRow>`
    select f.id, coalesce(shown.label, f.original_name) as name, f.bytes, f.created_at as "createdAt",
      f.published_at as "publishedAt"
    from dataset_files f left join lateral (
      select vf.label from version_files vf join dataset_versions v on v.id = vf.version_id
      where vf.file_id = f.id and v.state = any(${[...states]}::text[]) order by vf.id desc limit 1) shown on true
    where (f.id = ${root} or f.root_file_id = ${root}) ${all ? sql`` : sql`and shown.label is not null`}
    order by f.id desc limit 200`.execute(db)
  return rows
}

// — Changing

export interface WrittenFile {
  readonly name: string
  readonly directory: string
  readonly description: string
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly restricted: boolean
  readonly embargo: VersionFile['embargo']
  readonly mediaType: string
  readonly bytes: number
  readonly checksums: VersionFile['checksums']
  readonly originalName: string
  readonly previousId: number | null
  readonly rootId: number | null
}

/** In the order given. */
export async function insertFiles(
  tx: Tx,
  { datasetId, versionId, by, now }: { datasetId: number; versionId: number; by: string | null; now: Date },
  files: readonly WrittenFile[],
): Promise<number[]> {
  const ids: number[] = []
  // A statement has 65,535 parameters at most.
  for (let at = 0; at < files.length; at += 1000) {
    const batch = files.slice(at, at + 1000)
    const rows = await tx
      .insertInto('dataset_files')
      .values(
        batch.map((file) => ({
          dataset_id: datasetId,
          sha256: file.checksums.sha256,
          md5: file.checksums.md5,
          sha1: file.checksums.sha1,
          sha512: file.checksums.sha512,
          bytes: file.bytes,
          media_type: file.mediaType,
          original_name: file.originalName,
          previous_file_id: file.previousId,
          root_file_id: file.rootId,
          created_by: by,
          created_at: now,
        })),
      )
      .returning('id')
      .execute()
    await tx
      .insertInto('version_files')
      .values(
        batch.map((file, index) => ({
          version_id: versionId,
          file_id: rows[index]!.id,
          label: file.name,
          directory: file.directory,
          description: file.description,
          categories: [...file.categories],
          tags: [...file.tags],
          restricted: file.restricted,
          embargo_until: file.embargo?.until ?? null,
          embargo_reason: file.embargo?.reason ?? null,
        })),
      )
      .execute()
    ids.push(...rows.map(({ id }) => id))
  }
  return ids
}

/** Which of these places are taken in a version. */
export async function findTaken(
  db: Database | Tx,
  versionId: number,
  places: readonly { readonly directory: string; readonly name: string }[],
): Promise<{ id: number; directory: string; name: string }[]> {
  const { rows } = await sql<{ id: number; directory: string; name: string }>`
    select vf.file_id as id, vf.directory, vf.label as name from version_files vf
    where vf.version_id = ${versionId} and (vf.directory, vf.label) in (
      select * from unnest(${places.map(({ directory }) => directory)}::text[], ${places.map(({ name }) => name)}::text[]))`.execute(
    db,
  )
  return rows
}

/** Names in a directory that begin and end like this. */
export async function findNamesLike(
  db: Database | Tx,
  versionId: number,
  { directory, stem, ending }: { directory: string; stem: string; ending: string },
): Promise<string[]> {
  const { rows } = await sql<{ label: string }>`
    select label from version_files where version_id = ${versionId} and directory = ${directory}
      and label ^@ ${stem} and right(label, char_length(${ending}::text)) = ${ending}`.execute(db)
  return rows.map(({ label }) => label)
}

/** The first file of a version that has each of these contents. */
export async function findSameContent(
  db: Database | Tx,
  versionId: number,
  sha256s: readonly string[],
): Promise<Map<string, { id: number; directory: string; name: string }>> {
  const { rows } = await sql<{ sha256: string; id: number; directory: string; name: string }>`
    select distinct on (f.sha256) f.sha256, f.id, vf.directory, vf.label as name
    from version_files vf join dataset_files f on f.id = vf.file_id
    where vf.version_id = ${versionId} and f.sha256 = any(${[...sha256s]}) order by f.sha256, f.id`.execute(db)
  return new Map(rows.map(({ sha256, ...file }) => [sha256, file]))
}

/** The file that stands at a place in the latest version, where it has this very content. */
export async function findSameThere(
  db: Database | Tx,
  datasetId: number,
  { directory, name, sha256 }: { directory: string; name: string; sha256: string },
): Promise<VersionFile | null> {
  const { rows } = await sql<FileRow>`
    ${selectFiles} where vf.version_id = (select v.id from dataset_versions v where v.dataset_id = ${datasetId}
        order by v.state = 'draft' desc, v.state = 'released' desc, v.major desc, v.minor desc limit 1)
      and vf.directory = ${directory} and vf.label = ${name} and f.sha256 = ${sha256}`.execute(db)
  return rows[0] ? fileFrom(rows[0]) : null
}

export interface FileEdit {
  readonly id: number
  readonly name: string
  readonly directory: string
  readonly description: string
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly restricted: boolean
  readonly embargo: VersionFile['embargo']
}

export async function updateVersionFile(tx: Tx, versionId: number, edit: FileEdit): Promise<void> {
  await tx
    .updateTable('version_files')
    .set({
      label: edit.name,
      directory: edit.directory,
      description: edit.description,
      categories: [...edit.categories],
      tags: [...edit.tags],
      restricted: edit.restricted,
      embargo_until: edit.embargo?.until ?? null,
      embargo_reason: edit.embargo?.reason ?? null,
    })
    .where('version_id', '=', versionId)
    .where('file_id', '=', edit.id)
    .execute()
}

export interface ManyEdits {
  readonly directory?: string | undefined
  readonly description?: string | undefined
  readonly categories?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly restricted?: boolean | undefined
  readonly embargo?: VersionFile['embargo'] | undefined
}

export async function updateVersionFiles(
  tx: Tx,
  versionId: number,
  ids: readonly number[],
  { directory, description, categories, tags, restricted, embargo }: ManyEdits,
): Promise<void> {
  await tx
    .updateTable('version_files')
    .set({
      ...(directory !== undefined && { directory }),
      ...(description !== undefined && { description }),
      ...(categories !== undefined && { categories: [...categories] }),
      ...(tags !== undefined && { tags: [...tags] }),
      ...(restricted !== undefined && { restricted }),
      ...(embargo !== undefined && { embargo_until: embargo?.until ?? null, embargo_reason: embargo?.reason ?? null }),
    })
    .where('version_id', '=', versionId)
    .where('file_id', 'in', [...ids])
    .execute()
}

export async function removeFromVersion(tx: Tx, versionId: number, ids: readonly number[]): Promise<void> {
  await sql`delete from version_files where version_id = ${versionId} and file_id = any(${[...ids]}::bigint[])`.execute(
    tx,
  )
}

/** Forgets the files of a dataset that no version has any more. */
export async function deleteLooseFiles(tx: Tx, datasetId: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    delete from dataset_files f where f.dataset_id = ${datasetId}
      and not exists (select from version_files vf where vf.file_id = f.id) returning f.id`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Of the file in all versions that have it. */
export async function setMediaType(tx: Tx, fileId: number, mediaType: string): Promise<void> {
  await tx.updateTable('dataset_files').set({ media_type: mediaType }).where('id', '=', fileId).execute()
}

export async function touchVersion(tx: Tx, versionId: number, by: string | null, now: Date): Promise<void> {
  await sql`with touched as (
      update dataset_versions set updated_at = ${now}, updated_by = ${by} where id = ${versionId} returning dataset_id)
    update datasets set updated_at = ${now} where id = (select dataset_id from touched)`.execute(tx)
}

// — Contents and counts

/** The contents that files name; of the ones asked for, or all. */
export async function findFileContents(tx: Tx, sha256s: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`
    select distinct sha256 from dataset_files ${sha256s === null ? sql`` : sql`where sha256 = any(${[...sha256s]})`}`.execute(
    tx,
  )
  return rows.map(({ sha256 }) => sha256)
}

export async function addDownloads(db: Database, counts: ReadonlyMap<number, number>): Promise<void> {
  // In one order, so that two processes that write at once never wait for each other.
  const ids = [...counts.keys()].sort((a, b) => a - b)
  await sql`update dataset_files f set downloads = downloads + n.count
    from (select id, count from unnest(${ids}::bigint[], ${ids.map((id) => counts.get(id) ?? 0)}::bigint[]) as t (id, count)) n
    where f.id = n.id`.execute(db)
}

// — Who may have what

/** Whether these files are restricted or under embargo as the newest released version says that has them. */
export async function findReleasedAccess(
  db: Database | Tx,
  ids: readonly number[],
): Promise<Map<number, Pick<VersionFile, 'restricted' | 'embargo'>>> {
  const { rows } = await sql<{ id: number; restricted: boolean; until: string | null; reason: string | null }>`
    select distinct on (vf.file_id) vf.file_id as id, vf.restricted, vf.embargo_until as until, vf.embargo_reason as reason
    from version_files vf join dataset_versions v on v.id = vf.version_id
    where vf.file_id = any(${[...ids]}::bigint[]) and v.state = 'released'
    order by vf.file_id, v.major desc, v.minor desc`.execute(db)
  return new Map(
    rows.map(({ id, restricted, until, reason }) => [
      id,
      { restricted, embargo: until === null ? null : { until, reason } },
    ]),
  )
}

/** Those of these files that a draft has. */
export async function findDrafted(db: Database | Tx, ids: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select vf.file_id as id from version_files vf join dataset_versions v on v.id = vf.version_id
    where vf.file_id = any(${[...ids]}::bigint[]) and v.state = 'draft'`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Those of these files on which the caller has a role of their own that lets them have it. */
export async function findGranted(db: Database | Tx, caller: Caller, ids: readonly number[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    select a.file_id as id from role_assignments a join repository_roles r on r.id = a.role_id
    where a.file_id = any(${[...ids]}::bigint[]) and ${isAssigned(caller)} and 'DownloadFile' = any(r.permissions)`.execute(
    db,
  )
  return new Set(rows.map(({ id }) => id))
}

// — Asking for files

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
      coalesce(a.display_name, a.user_name) as "displayName", a.email, q.state, q.created_at as "createdAt",
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
      json_build_object('name', l.label) as file,
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
    cross join lateral (select l.label from version_files l join dataset_versions w on w.id = l.version_id
      where l.file_id = f.id order by w.state = 'released' desc, w.id desc limit 1) l
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
