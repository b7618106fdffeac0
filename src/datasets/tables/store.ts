import { type RawBuilder, sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import { readPid } from '../pid.ts'
import type { TableFormat } from './formats.ts'
import type { TableColumn, TableFacts } from './table-facts.ts'

type Reader = Database | Tx

export interface Content {
  readonly sha256: string
  readonly format: TableFormat
}

export interface ContentTable extends Content {
  state: 'waiting' | 'reading' | 'read' | 'failed'
  attempts: number
  /** Whose turn it takes to read it: an account, or a dataset where none put it there. */
  depositor: string
  table_sha256: string | null
  table_bytes: number | null
  rows: number | null
  columns: TableColumn[] | null
  preview: (string | null)[][] | null
  trouble: string | null
}

const columns = sql`sha256, format, state, attempts, depositor, table_sha256, table_bytes, rows, columns, preview, trouble`

export async function insertContents(db: Reader, contents: readonly Content[]): Promise<void> {
  if (contents.length === 0) return
  await sql`
    insert into content_tables (sha256, format, depositor)
    select distinct sha256, format, coalesce(
      (select coalesce(f.created_by::text, 'dataset ' || f.dataset_id)
        from dataset_files f where f.sha256 = t.sha256 order by f.id desc limit 1), '')
    from jsonb_to_recordset(${JSON.stringify(contents)}::jsonb) as t (sha256 text, format text)
    order by sha256, format on conflict do nothing`.execute(db)
}

export async function findTable(db: Reader, { sha256, format }: Content): Promise<ContentTable | null> {
  const { rows } = await sql<ContentTable>`
    select ${columns} from content_tables where sha256 = ${sha256} and format = ${format}`.execute(db)
  return rows[0] ?? null
}

interface Taking {
  /** A reader who has been silent for so long is gone. */
  readonly staleSeconds: number
  /** Whose files are left for now. */
  readonly notOf?: readonly string[]
}

/**
 * Takes the next one to read: of whoever's files took the least time within the last hour, and of these the oldest. Each counts
 * for a second at least, so that those with small files take turns. What was given back for a while is left until then.
 */
export async function takeTable(db: Reader, { staleSeconds, notOf = [] }: Taking): Promise<ContentTable | null> {
  const waits = sql`${waiting(staleSeconds)} and noticed_at <= now()`
  const { rows } = await sql<ContentTable>`
    with lately as (
      select depositor, sum(greatest(coalesce(read_at, now()) - taken_at, interval '1 second')) as spent
      from content_tables where taken_at > now() - interval '1 hour' group by depositor),
    turn as (
      select depositor from content_tables left join lately using (depositor)
      where ${waits} and depositor <> all(${notOf}::text[])
      group by depositor, spent order by coalesce(spent, interval '0'), min(noticed_at) limit 1)
    ${take(sql`${waits} and depositor = (select depositor from turn) order by noticed_at`)}`.execute(db)
  return rows[0] ?? null
}

/** Takes this one, if it waits. */
export async function takeThisTable(
  db: Reader,
  { sha256, format }: Content,
  { staleSeconds }: Taking,
): Promise<ContentTable | null> {
  const { rows } = await sql<ContentTable>`${take(
    sql`${waiting(staleSeconds)} and sha256 = ${sha256} and format = ${format}`,
  )}`.execute(db)
  return rows[0] ?? null
}

const waiting = (staleSeconds: number) => sql`
  state in ('waiting', 'reading') and (state = 'waiting' or taken_at < now() - make_interval(secs => ${staleSeconds}))`

const take = (which: RawBuilder<unknown>) => sql`
  update content_tables set state = 'reading', attempts = attempts + 1, taken_at = now(), read_at = null
  where (sha256, format) = (
    select sha256, format from content_tables where ${which} limit 1 for update skip locked)
  returning ${columns}`

export async function putTable(
  tx: Tx,
  { sha256, format }: Content,
  facts: TableFacts,
  table: { sha256: string; bytes: number },
): Promise<void> {
  await sql`
    update content_tables set state = 'read', read_at = now(), trouble = null, table_sha256 = ${table.sha256},
      table_bytes = ${table.bytes}, rows = ${facts.rows}, columns = ${JSON.stringify(facts.columns)}::jsonb,
      preview = ${JSON.stringify(facts.preview)}::jsonb
    where sha256 = ${sha256} and format = ${format}`.execute(tx)
}

export async function putTrouble(db: Reader, { sha256, format }: Content, trouble: string | null): Promise<void> {
  await sql`
    update content_tables set state = ${trouble === null ? 'waiting' : 'failed'}, read_at = now(), trouble = ${trouble}
    where sha256 = ${sha256} and format = ${format}`.execute(db)
}

/** Gives one back that nobody could read just now: it was no attempt. It is taken no sooner than said; null: at once. */
export async function putBack(db: Reader, { sha256, format }: Content, delaySeconds: number | null): Promise<void> {
  await sql`
    update content_tables set state = 'waiting', read_at = now(), attempts = attempts - 1,
      noticed_at = coalesce(now() + make_interval(secs => ${delaySeconds}), noticed_at)
    where sha256 = ${sha256} and format = ${format} and state = 'reading'`.execute(db)
}

/** Forgets tables of contents that no file has any more. */
export async function dropLooseTables(db: Reader): Promise<void> {
  await sql`
    delete from content_tables t where not exists (select 1 from dataset_files f where f.sha256 = t.sha256)
      and t.state <> 'reading'`.execute(db)
}

/** The Parquet files that rows name; `among` null: all. */
export async function namedTables(tx: Tx, among: readonly string[] | null): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`
    select distinct table_sha256 as sha256 from content_tables
    where table_sha256 is not null ${among === null ? sql`` : sql`and table_sha256 = any(${among}::text[])`}`.execute(
    tx,
  )
  return rows.map(({ sha256 }) => sha256)
}

export interface PublishedFile {
  pid: string
  name: string
  sha256: string
  bytes: number
  major: number
  minor: number
  releasedAt: Date
  restricted: boolean
  embargoed: boolean
}

/** A file of the latest published version of a dataset, by its path; null: no such dataset is published, or it has no such file. */
export async function findPublishedFile(db: Reader, dataset: string, path: string): Promise<PublishedFile | null> {
  const pid = readPid(dataset)
  if (pid === null) return null
  const { rows } = await sql<PublishedFile>`
    select d.pid, vf.label as name, f.sha256, f.bytes, v.major, v.minor, v.released_at as "releasedAt", vf.restricted,
      coalesce(vf.embargo_until > current_date, false) as embargoed
    from datasets d
    join lateral (
      select * from dataset_versions v where v.dataset_id = d.id and v.state = 'released'
      order by v.major desc, v.minor desc limit 1) v on true
    join version_files vf on vf.version_id = v.id
    join dataset_files f on f.id = vf.file_id
    where lower(d.pid) = lower(${pid})
      and case when vf.directory = '' then vf.label else vf.directory || '/' || vf.label end = ${path}`.execute(db)
  return rows[0] ?? null
}
