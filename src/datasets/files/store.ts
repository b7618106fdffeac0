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
  /** Under embargo or not. */
  readonly restricted?: boolean | undefined
  readonly category?: string | undefined
  readonly tag?: string | undefined
  readonly directory?: string | undefined
  /** Only what is in the directory itself. */
  readonly flat?: boolean | undefined
  readonly ids?: readonly number[] | undefined
}

const part = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function whereOf(versionId: number, filter: FileFilter, today: string): RawBuilder<SqlBool> {
  const { search, type, access, restricted, category, tag, directory, flat, ids } = filter
  const all: RawBuilder<SqlBool>[] = [sql<SqlBool>`vf.version_id = ${versionId}`]
  if (search)
    all.push(
      sql`(vf.label ilike ${part(search)} or vf.directory ilike ${part(search)} or vf.description ilike ${part(search)})`,
    )
  if (type !== undefined)
    all.push(type.includes('/') ? sql`f.media_type = ${type}` : sql`f.media_type ^@ ${`${type}/`}`)
  if (access !== undefined) all.push(sql`${accessWord(today)} = ${access}`)
  if (restricted !== undefined) all.push(sql`vf.restricted = ${restricted}`)
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
