import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Catalogue } from '#src/warehouse/catalogue.ts'
import type { DayRange } from '#src/warehouse/period.ts'

export interface SourceFacts {
  readonly name: string
  /** Absent in snapshots made before sources of other kinds than files and imports. */
  readonly kind?: SourceKind
  /** When it was last changed, or read where that cannot be known. */
  readonly time?: string | null
  /** Of a table that is refreshed incrementally: the highest watermark read. */
  readonly watermark?: string | null
  /** When all its rows were read last. */
  readonly full_at?: string
  /** Of its definition: what was kept may be built upon only while that stays. */
  readonly digest?: string
  readonly rows: number
  readonly columns: Readonly<Record<string, string>>
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly modified_at: string }[]
}

export type SourceKind = 'files' | 'import' | 'sql' | 'url' | 'query' | 'model' | 'report' | 'dataset'

/** A column of a source that is not as it was at the refresh before. */
export interface SchemaChange {
  readonly table: string
  readonly column: string
  readonly change: 'added' | 'removed' | 'type_changed'
  readonly from: string | null
  readonly to: string | null
}

export type RefreshType = 'full' | 'incremental'

export interface Snapshot {
  readonly model: string
  readonly version: number
  readonly file: string
  readonly runId: string
  readonly catalogue: Catalogue
  readonly definition: string
  readonly rows: number
  readonly facts: number
  readonly bytes: number
  readonly days: DayRange | null
  readonly sources: readonly SourceFacts[]
  readonly refreshType: RefreshType
  /** Of the facts table at the refresh before; null at the first. */
  readonly rowsBefore: number | null
  /** By key, against the snapshot before; null where the model names no key. */
  readonly differences: { readonly added: number; readonly removed: number; readonly changed: number } | null
  readonly schemaChanges: readonly SchemaChange[]
  readonly sourceTime: Date | null
  readonly startedAt: Date
  readonly finishedAt: Date
}

const columns = sql`s.model, s.version, s.file, s.run_id, s.catalogue, s.definition, s.rows::float8 as rows,
  s.facts::float8 as facts, s.bytes::float8 as bytes, s.first_day::text as first_day, s.last_day::text as last_day,
  s.sources, s.refresh_type, s.rows_before::float8 as rows_before, s.added::float8 as added, s.removed::float8 as removed,
  s.changed::float8 as changed, s.schema_changes, s.source_time, s.started_at, s.finished_at`

interface SnapshotRow {
  model: string
  version: number
  file: string
  run_id: string
  catalogue: Catalogue
  definition: string
  rows: number
  facts: number
  bytes: number
  first_day: string | null
  last_day: string | null
  sources: SourceFacts[]
  refresh_type: RefreshType
  rows_before: number | null
  added: number | null
  removed: number | null
  changed: number | null
  schema_changes: SchemaChange[]
  source_time: Date | null
  started_at: Date
  finished_at: Date
}

const read = (row: SnapshotRow): Snapshot => ({
  model: row.model,
  version: row.version,
  file: row.file,
  runId: row.run_id,
  // Snapshots made before there were option sets have none.
  catalogue: { ...row.catalogue, optionSets: row.catalogue.optionSets ?? [] },
  definition: row.definition,
  rows: row.rows,
  facts: row.facts,
  bytes: row.bytes,
  days: row.first_day !== null && row.last_day !== null ? { start: row.first_day, end: row.last_day } : null,
  sources: row.sources,
  refreshType: row.refresh_type,
  rowsBefore: row.rows_before,
  differences: row.added === null ? null : { added: row.added, removed: row.removed ?? 0, changed: row.changed ?? 0 },
  schemaChanges: row.schema_changes,
  sourceTime: row.source_time,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
})

/** Which snapshot of each model is read now. Small and indexed: every process asks once a second. */
export async function findPointers(db: Database): Promise<{ name: string; version: number }[]> {
  return db.selectFrom('models').select(['name', 'version']).execute()
}

export async function findSnapshot(db: Database | Tx, model: string, version: number): Promise<Snapshot | null> {
  const { rows } = await sql<SnapshotRow>`
    select ${columns} from model_snapshots s where s.model = ${model} and s.version = ${version}`.execute(db)
  return rows[0] ? read(rows[0]) : null
}

export async function findCurrent(db: Database | Tx, model: string): Promise<Snapshot | null> {
  const { rows } = await sql<SnapshotRow>`
    select ${columns} from models m join model_snapshots s on s.model = m.name and s.version = m.version
    where m.name = ${model}`.execute(db)
  return rows[0] ? read(rows[0]) : null
}

/** Adds a snapshot and makes it the one that is read. */
export async function insertSnapshot(tx: Tx, snapshot: Omit<Snapshot, 'version'>): Promise<number> {
  const { model, days, differences } = snapshot
  // Two refreshes of one model that end together follow each other here.
  await sql`select pg_advisory_xact_lock(hashtextextended('model ' || ${model}, 0))`.execute(tx)
  const { rows } = await sql<{ version: number }>`
    insert into model_snapshots (model, version, file, run_id, catalogue, definition, rows, facts, bytes, first_day,
      last_day, sources, refresh_type, rows_before, added, removed, changed, schema_changes, source_time, started_at,
      finished_at)
    select ${model}, coalesce(max(version), 0) + 1, ${snapshot.file}, ${snapshot.runId}, ${JSON.stringify(snapshot.catalogue)}::jsonb,
      ${snapshot.definition}, ${snapshot.rows}, ${snapshot.facts}, ${snapshot.bytes}, ${days?.start ?? null}::date,
      ${days?.end ?? null}::date, ${JSON.stringify(snapshot.sources)}::jsonb, ${snapshot.refreshType},
      ${snapshot.rowsBefore}::bigint, ${differences?.added ?? null}::bigint, ${differences?.removed ?? null}::bigint,
      ${differences?.changed ?? null}::bigint, ${JSON.stringify(snapshot.schemaChanges)}::jsonb, ${snapshot.sourceTime}::timestamptz,
      ${snapshot.startedAt}, ${snapshot.finishedAt}
    from model_snapshots where model = ${model}
    returning version`.execute(tx)
  const version = rows[0]!.version
  await sql`
    insert into models (name, version) values (${model}, ${version})
    on conflict (name) do update set version = excluded.version, changed_at = now()`.execute(tx)
  return version
}

/** All that are kept of a model, newest first. */
export async function findSnapshots(db: Database | Tx, model: string): Promise<Snapshot[]> {
  const { rows } = await sql<SnapshotRow>`
    select ${columns} from model_snapshots s where s.model = ${model} order by s.version desc`.execute(db)
  return rows.map(read)
}

/** Makes a snapshot that is kept the one that is read. False when it is not kept any more. */
export async function moveBack(tx: Tx, model: string, version: number): Promise<boolean> {
  const moved = await tx
    .updateTable('models')
    .set({ version, changed_at: sql<Date>`now()` })
    .where('name', '=', model)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('model_snapshots as s')
          .select('s.version')
          .where('s.model', '=', model)
          .where('s.version', '=', version),
      ),
    )
    .executeTakeFirst()
  return moved.numUpdatedRows > 0n
}

/** Keeps snapshots from being forgotten, and pointers from being moved back to them meanwhile, until the transaction ends. */
export async function lockHistory(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('history of snapshots', 0))`.execute(tx)
}

/** Notes that somebody is told that this snapshot has grown too old. False when they were told before. */
export async function noteStale(tx: Tx, model: string, version: number): Promise<boolean> {
  const { rows } = await sql`
    insert into model_notices (model, version) values (${model}, ${version})
    on conflict (model) do update set version = excluded.version, noticed_at = now()
    where model_notices.version <> excluded.version
    returning model`.execute(tx)
  return rows.length > 0
}

/** What is kept of all models together, what is read and what was read before. */
export async function sumSnapshots(db: Database): Promise<{ count: number; bytes: number }> {
  const { rows } = await sql<{ count: number; bytes: number }>`
    select count(*) as count, coalesce(sum(bytes), 0)::float8 as bytes from model_snapshots`.execute(db)
  return rows[0]!
}

/**
 * Forgets all but the newest `keep` snapshots of each model and what is read, once a successor has been there for a
 * while, however often the model is refreshed. Returns the files that count no more, and every one that still does.
 */
export async function forgetOldSnapshots(
  db: Database,
  keep: number,
  graceSeconds: number,
): Promise<{ forgotten: string[]; counting: Set<string> }> {
  return db.transaction().execute(async (tx) => {
    await lockHistory(tx)
    const { rows } = await sql<{ file: string }>`
    delete from model_snapshots s using models m
    where m.name = s.model and s.version <> m.version
      and exists (
        select from model_snapshots successor where successor.model = s.model and successor.version > s.version
          and successor.finished_at <= now() - make_interval(secs => ${graceSeconds}))
      and s.version <= (select max(version) from model_snapshots n where n.model = s.model) - ${keep}
    returning s.file`.execute(tx)
    const listed = await tx.selectFrom('model_snapshots').select('file').execute()
    return { forgotten: rows.map((row) => row.file), counting: new Set(listed.map((row) => row.file)) }
  })
}
