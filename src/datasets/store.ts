import { type SqlBool, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Metadata } from './blocks/block.ts'
import type { License, Lock, Person } from './dataset-view.ts'
import type { Pid } from './pid.ts'
import type { Terms } from './terms.ts'
import type { LockType, VersionState } from './words.ts'

/** The SQL on datasets, their versions, locks and preview links. */

const personOf = (account: string) =>
  sql.raw(`(select json_build_object('id', a.id, 'user_name', a.user_name, 'display_name', coalesce(a.display_name, a.user_name))
    from accounts a where a.id = ${account})`)

export interface VersionRow {
  readonly id: number
  readonly dataset_id: number
  readonly state: VersionState
  readonly major: number | null
  readonly minor: number | null
  readonly revision: number
  readonly title: string
  readonly metadata: Metadata
  readonly terms: Terms
  readonly note: string | null
  readonly license: License | null
  readonly created_at: Date
  readonly updated_at: Date
  readonly released_at: Date | null
  readonly deaccessioned_at: Date | null
  readonly deaccession_reason: string | null
  readonly deaccession_url: string | null
  readonly created_by: Person | null
  readonly updated_by: Person | null
  readonly released_by: Person | null
  readonly file_count: number
  readonly file_bytes: number
  readonly restricted_count: number
}

export interface DatasetRow extends Pid {
  readonly id: number
  readonly collection_id: number
  readonly pid: string
  readonly access_requests: boolean
  readonly created_by: Person | null
  readonly created_at: Date
  readonly updated_at: Date
  /** When what everybody may know of it last changed. */
  readonly told_at: Date
  readonly published_at: Date | null
  readonly has_draft: boolean
  readonly latest_published: string | null
  readonly locks: readonly (Omit<Lock, 'created_at'> & { readonly created_at: string })[]
}

/** Which of a dataset's versions is meant. */
export type VersionWanted =
  | { readonly kind: 'draft' }
  /** The draft, else what `latest-published` is. */
  | { readonly kind: 'latest' }
  /** The latest that is released; else, where `tombstone`, the latest that was. */
  | { readonly kind: 'latest-published'; readonly tombstone: boolean }
  | { readonly kind: 'number'; readonly major: number; readonly minor: number }

const versionColumns = sql`
  v.id, v.dataset_id, v.state, v.major, v.minor, v.revision, v.title, v.metadata, v.terms, v.note,
  (select to_json(l) from licenses l where l.id = v.license_id) as license,
  v.created_at, v.updated_at, v.released_at, v.deaccessioned_at, v.deaccession_reason, v.deaccession_url,
  ${personOf('v.created_by')} as created_by, ${personOf('v.updated_by')} as updated_by,
  ${personOf('v.released_by')} as released_by, v.file_count, v.file_bytes, v.restricted_count`

/** Drafts come first, then by number; deaccessioned ones after all that are released. */
function wantedVersion(wanted: VersionWanted) {
  if (wanted.kind === 'draft') return sql<SqlBool>`v.state = 'draft'`
  if (wanted.kind === 'number') return sql<SqlBool>`v.major = ${wanted.major} and v.minor = ${wanted.minor}`
  if (wanted.kind === 'latest') return sql<SqlBool>`true`
  return wanted.tombstone ? sql<SqlBool>`v.state <> 'draft'` : sql<SqlBool>`v.state = 'released'`
}

const datasetColumns = sql`
  d.id, d.collection_id, d.protocol, d.authority, d.separator, d.identifier, d.pid, d.access_requests, d.created_at,
  d.updated_at, coalesce(d.told_at, d.published_at, d.updated_at) as told_at, d.published_at, ${personOf('d.created_by')} as created_by,
  exists (select from dataset_versions x where x.dataset_id = d.id and x.state = 'draft') as has_draft,
  (select x.major || '.' || x.minor from dataset_versions x where x.dataset_id = d.id and x.state = 'released'
    order by x.major desc, x.minor desc limit 1) as latest_published,
  (select coalesce(json_agg(json_build_object('type', k.type, 'message', k.message, 'created_at', k.created_at,
      'user_name', (select a.user_name from accounts a where a.id = k.account_id)) order by k.created_at), '[]')
    from dataset_locks k where k.dataset_id = d.id) as locks`

export async function findDataset(db: Database | Tx, id: number): Promise<DatasetRow | null> {
  const { rows } = await sql<DatasetRow>`select ${datasetColumns} from datasets d where d.id = ${id}`.execute(db)
  return rows[0] ?? null
}

export async function findVersion(
  db: Database | Tx,
  datasetId: number,
  wanted: VersionWanted,
): Promise<VersionRow | null> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns}
    from (select * from dataset_versions v where v.dataset_id = ${datasetId} and ${wantedVersion(wanted)}
      order by v.state = 'draft' desc, v.state = 'released' desc, v.major desc, v.minor desc limit 1) v`.execute(db)
  return rows[0] ?? null
}

/** Newest first; `drafts`: with the draft. */
export async function findVersions(
  db: Database | Tx,
  datasetId: number,
  { drafts, limit = 1000, offset = 0 }: { drafts: boolean; limit?: number; offset?: number },
): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns}
    from (select * from dataset_versions v where v.dataset_id = ${datasetId} ${drafts ? sql`` : sql`and v.state <> 'draft'`}
      order by v.state = 'draft' desc, v.major desc, v.minor desc limit ${limit} offset ${offset}) v
    order by v.state = 'draft' desc, v.major desc, v.minor desc`.execute(db)
  return rows
}

/** Holds the dataset against other changes until the transaction ends; false when it is gone. */
export async function lockDataset(tx: Tx, id: number): Promise<boolean> {
  const { rows } = await sql`select from datasets where id = ${id} for update`.execute(tx)
  return rows.length > 0
}

/** False when the persistent id is taken. */
export async function insertDataset(
  tx: Tx,
  { collectionId, pid, by, now }: { collectionId: number; pid: Pid; by: string | null; now: Date },
): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    insert into datasets (collection_id, protocol, authority, separator, identifier, created_by, created_at, updated_at)
    values (${collectionId}, ${pid.protocol}, ${pid.authority}, ${pid.separator}, ${pid.identifier}, ${by}, ${now}, ${now})
    on conflict (lower(pid)) do nothing returning id`.execute(tx)
  return rows[0]?.id ?? null
}

export interface VersionContent {
  readonly title: string
  readonly metadata: Metadata
  readonly licenseId: number | null
  readonly terms: Terms
  readonly note: string | null
}

export async function insertDraft(
  tx: Tx,
  datasetId: number,
  content: VersionContent & { by: string | null; now: Date },
): Promise<number> {
  const { title, metadata, licenseId, terms, note, by, now } = content
  const { rows } = await sql<{ id: number }>`
    insert into dataset_versions (dataset_id, state, title, metadata, license_id, terms, note, created_by, created_at,
      updated_at, updated_by)
    values (${datasetId}, 'draft', ${title}, ${JSON.stringify(metadata)}, ${licenseId}, ${JSON.stringify(terms)}, ${note}, ${by},
      ${now}, ${now}, ${by}) returning id`.execute(tx)
  return rows[0]!.id
}

/** A new draft with all that the version has, its files included. Of a dataset that is held and has none. */
export async function copyToDraft(
  tx: Tx,
  versionId: number,
  { by, now }: { by: string | null; now: Date },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    with draft as (
      insert into dataset_versions (dataset_id, state, title, metadata, license_id, terms, created_by, created_at, updated_at,
        updated_by)
      select dataset_id, 'draft', title, metadata, license_id, terms, ${by}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${by}::uuid
      from dataset_versions where id = ${versionId} returning id
    ), copied as (
      insert into version_files (version_id, file_id, label, directory, description, categories, tags, restricted,
        embargo_until, embargo_reason)
      select draft.id, f.file_id, f.label, f.directory, f.description, f.categories, f.tags, f.restricted, f.embargo_until,
        f.embargo_reason
      from version_files f, draft where f.version_id = ${versionId}
    ) select id from draft`.execute(tx)
  return rows[0]!.id
}

export async function updateDraft(
  tx: Tx,
  versionId: number,
  { title, metadata, licenseId, terms, note, by, now }: VersionContent & { by: string | null; now: Date },
): Promise<void> {
  await sql`
    update dataset_versions set title = ${title}, metadata = ${JSON.stringify(metadata)}, license_id = ${licenseId},
      terms = ${JSON.stringify(terms)}, note = ${note}, revision = revision + 1, updated_at = ${now}, updated_by = ${by}
    where id = ${versionId}`.execute(tx)
}

export async function touchDataset(tx: Tx, id: number, now: Date): Promise<void> {
  await sql`update datasets set updated_at = ${now} where id = ${id}`.execute(tx)
}

export async function setAccessRequests(tx: Tx, id: number, allowed: boolean): Promise<void> {
  await sql`update datasets set access_requests = ${allowed} where id = ${id}`.execute(tx)
}

export async function setCollection(tx: Tx, id: number, collectionId: number): Promise<void> {
  await sql`update datasets set collection_id = ${collectionId} where id = ${id}`.execute(tx)
}

/** Makes the draft a published version, and its files published ones. */
export async function releaseVersion(
  tx: Tx,
  {
    versionId,
    datasetId,
    major,
    minor,
    by,
    now,
  }: { versionId: number; datasetId: number; major: number; minor: number; by: string | null; now: Date },
): Promise<void> {
  await sql`update dataset_versions set state = 'released', major = ${major}, minor = ${minor}, released_at = ${now},
    released_by = ${by}, revision = revision + 1 where id = ${versionId}`.execute(tx)
  await sql`update dataset_files set published_at = ${now} where published_at is null
    and id in (select file_id from version_files where version_id = ${versionId})`.execute(tx)
  await sql`update datasets set published_at = coalesce(published_at, ${now}), updated_at = ${now} where id = ${datasetId}`.execute(
    tx,
  )
}

/** The released version becomes what the draft is, and the draft is no more. */
export async function replaceReleased(
  tx: Tx,
  { draftId, releasedId, by, now }: { draftId: number; releasedId: number; by: string | null; now: Date },
): Promise<void> {
  await sql`update dataset_versions r set title = d.title, metadata = d.metadata, license_id = d.license_id, terms = d.terms,
    note = coalesce(d.note, r.note), revision = r.revision + 1, updated_at = ${now}, updated_by = ${by}
    from dataset_versions d where r.id = ${releasedId} and d.id = ${draftId}`.execute(tx)
  await sql`delete from version_files where version_id = ${releasedId}`.execute(tx)
  await sql`update version_files set version_id = ${releasedId} where version_id = ${draftId}`.execute(tx)
  await sql`delete from dataset_versions where id = ${draftId}`.execute(tx)
}

/** Deletes a draft, and the files that were in no other version. Their contents are collected later. */
export async function deleteDraftRow(
  tx: Tx,
  { draftId, datasetId }: { draftId: number; datasetId: number },
): Promise<void> {
  await sql`delete from dataset_versions where id = ${draftId}`.execute(tx)
  await sql`delete from dataset_files f where f.dataset_id = ${datasetId} and f.published_at is null
    and not exists (select from version_files vf where vf.file_id = f.id)`.execute(tx)
}

export async function deleteDatasetRow(tx: Tx, id: number): Promise<void> {
  // Files are named by versions, which therefore go first.
  await sql`delete from dataset_versions where dataset_id = ${id}`.execute(tx)
  await sql`delete from datasets where id = ${id}`.execute(tx)
}

export async function deaccessionVersions(
  tx: Tx,
  ids: readonly number[],
  { reason, url, now }: { reason: string; url: string | null; now: Date },
): Promise<void> {
  await sql`update dataset_versions set state = 'deaccessioned', deaccessioned_at = ${now}, deaccession_reason = ${reason},
    deaccession_url = ${url}, revision = revision + 1 where id in (${sql.join(ids)})`.execute(tx)
}

/** Whether both versions have the same files, whatever they are called and however they are described. */
export async function haveSameFiles(tx: Tx, a: number, b: number): Promise<boolean> {
  const { rows } = await sql<{ same: boolean }>`
    select not exists (
      (select file_id from version_files where version_id = ${a} except select file_id from version_files where version_id = ${b})
      union all
      (select file_id from version_files where version_id = ${b} except select file_id from version_files where version_id = ${a})
    ) as same`.execute(tx)
  return rows[0]?.same ?? false
}

export interface ComparedFile {
  readonly file_id: number
  readonly root_file_id: number
  readonly label: string
  readonly directory: string
  readonly description: string
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly restricted: boolean
  readonly embargo_until: string | null
  readonly media_type: string
  readonly bytes: number
  readonly md5: string
}

/** Files of either version that are not just the same in both, by place. */
export async function findFileChanges(
  db: Database | Tx,
  before: number,
  after: number,
): Promise<{ before: ComparedFile | null; after: ComparedFile | null }[]> {
  const side = (id: number) => sql`
    select vf.file_id, coalesce(f.root_file_id, f.id) as root_file_id, vf.label, vf.directory, vf.description, vf.categories,
      vf.tags, vf.restricted, vf.embargo_until, f.media_type, f.bytes, f.md5
    from version_files vf join dataset_files f on f.id = vf.file_id where vf.version_id = ${id}`
  const { rows } = await sql<{ before: ComparedFile | null; after: ComparedFile | null }>`
    with b as (${side(before)}), a as (${side(after)})
    select case when b.file_id is null then null else to_json(b) end as before,
      case when a.file_id is null then null else to_json(a) end as after
    from b full join a on a.root_file_id = b.root_file_id
    where a is distinct from b
    order by coalesce(a.directory, b.directory), coalesce(a.label, b.label)`.execute(db)
  return rows
}

export async function countPublishedVersions(tx: Tx, datasetId: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from dataset_versions
    where dataset_id = ${datasetId} and state <> 'draft'`.execute(tx)
  return rows[0]?.count ?? 0
}

// — Locks

export async function findLocks(db: Database | Tx, datasetId: number): Promise<Lock[]> {
  const { rows } = await sql<Lock>`
    select k.type, a.user_name, k.message, k.created_at from dataset_locks k left join accounts a on a.id = k.account_id
    where k.dataset_id = ${datasetId} order by k.created_at, k.type`.execute(db)
  return rows
}

/** False when there is one already. */
export async function insertLock(
  tx: Tx,
  {
    datasetId,
    type,
    by,
    message,
    now,
  }: { datasetId: number; type: LockType; by: string | null; message: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql`insert into dataset_locks (dataset_id, type, account_id, message, created_at)
    values (${datasetId}, ${type}, ${by}, ${message}, ${now}) on conflict do nothing returning type`.execute(tx)
  return rows.length > 0
}

/** How many there were. */
export async function deleteLocks(tx: Tx, datasetId: number, type: LockType | null): Promise<number> {
  const { numAffectedRows } = await sql`delete from dataset_locks where dataset_id = ${datasetId}
    ${type === null ? sql`` : sql`and type = ${type}`}`.execute(tx)
  return Number(numAffectedRows ?? 0)
}

// — Preview links

export async function findPreviewed(db: Database | Tx, hash: Buffer): Promise<number | null> {
  const { rows } = await sql<{ dataset_id: number }>`
    select p.dataset_id from preview_links p where p.secret_hash = ${hash}`.execute(db)
  return rows[0]?.dataset_id ?? null
}

export interface PreviewLinkRow {
  readonly secret_sealed: string
  readonly created_at: Date
}

export async function findPreviewLink(db: Database | Tx, datasetId: number): Promise<PreviewLinkRow | null> {
  const { rows } = await sql<PreviewLinkRow>`
    select secret_sealed, created_at from preview_links where dataset_id = ${datasetId}`.execute(db)
  return rows[0] ?? null
}

export async function insertPreviewLink(
  tx: Tx,
  {
    datasetId,
    hash,
    sealed,
    by,
    now,
  }: { datasetId: number; hash: Buffer; sealed: string; by: string | null; now: Date },
): Promise<void> {
  await sql`insert into preview_links (dataset_id, secret_hash, secret_sealed, created_by, created_at)
    values (${datasetId}, ${hash}, ${sealed}, ${by}, ${now})`.execute(tx)
}

export async function deletePreviewLink(tx: Tx, datasetId: number): Promise<boolean> {
  const { rows } = await sql`delete from preview_links where dataset_id = ${datasetId} returning dataset_id`.execute(tx)
  return rows.length > 0
}

/** The published version before another; of a draft, the latest. */
export async function findVersionBefore(
  db: Database | Tx,
  datasetId: number,
  { major, minor }: Pick<VersionRow, 'major' | 'minor'>,
): Promise<VersionRow | null> {
  const { rows } = await sql<VersionRow>`
    select ${versionColumns}
    from (select * from dataset_versions v where v.dataset_id = ${datasetId} and v.state <> 'draft'
      ${major === null ? sql`` : sql`and (v.major, v.minor) < (${major}, ${minor})`}
      order by v.major desc, v.minor desc limit 1) v`.execute(db)
  return rows[0] ?? null
}
