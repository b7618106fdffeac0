import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { Catalogue } from '#src/warehouse/catalogue.ts'
import type { DayRange } from '#src/warehouse/period.ts'

export interface SourceFacts {
  readonly name: string
  readonly rows: number
  readonly columns: Readonly<Record<string, string>>
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly modified_at: string }[]
}

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
  readonly startedAt: Date
  readonly finishedAt: Date
}

const columns = sql`s.model, s.version, s.file, s.run_id, s.catalogue, s.definition, s.rows::float8 as rows,
  s.facts::float8 as facts, s.bytes::float8 as bytes, s.first_day::text as first_day, s.last_day::text as last_day,
  s.sources, s.started_at, s.finished_at`

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
  const { model, days } = snapshot
  // Two refreshes of one model that end together follow each other here.
  await sql`select pg_advisory_xact_lock(hashtextextended('model ' || ${model}, 0))`.execute(tx)
  const { rows } = await sql<{ version: number }>`
    insert into model_snapshots (model, version, file, run_id, catalogue, definition, rows, facts, bytes, first_day,
      last_day, sources, started_at, finished_at)
    select ${model}, coalesce(max(version), 0) + 1, ${snapshot.file}, ${snapshot.runId}, ${JSON.stringify(snapshot.catalogue)}::jsonb,
      ${snapshot.definition}, ${snapshot.rows}, ${snapshot.facts}, ${snapshot.bytes}, ${days?.start ?? null}::date,
      ${days?.end ?? null}::date, ${JSON.stringify(snapshot.sources)}::jsonb, ${snapshot.startedAt}, ${snapshot.finishedAt}
    from model_snapshots where model = ${model}
    returning version`.execute(tx)
  const version = rows[0]!.version
  await sql`
    insert into models (name, version) values (${model}, ${version})
    on conflict (name) do update set version = excluded.version, changed_at = now()`.execute(tx)
  return version
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
  const { rows } = await sql<{ file: string }>`
    delete from model_snapshots s using models m
    where m.name = s.model and s.version <> m.version
      and exists (
        select from model_snapshots successor where successor.model = s.model and successor.version > s.version
          and successor.finished_at <= now() - make_interval(secs => ${graceSeconds}))
      and s.version <= (select max(version) from model_snapshots n where n.model = s.model) - ${keep}
    returning s.file`.execute(db)
  const listed = await db.selectFrom('model_snapshots').select('file').execute()
  return { forgotten: rows.map((row) => row.file), counting: new Set(listed.map((row) => row.file)) }
}
