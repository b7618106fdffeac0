import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '#src/database/change.ts'

/** When something was published: `from` is in it, `before` is not. */
export interface Span {
  readonly from?: Date | undefined
  readonly before?: Date | undefined
}

const within = (column: RawBuilder<unknown>, { from, before }: Span) => sql<SqlBool>`
  ${column} is not null ${from ? sql`and ${column} >= ${from}` : sql``} ${before ? sql`and ${column} < ${before}` : sql``}`

/** The root holds everything and is counted with nothing. */
export async function countCollections(db: Database, span: Span): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from collections c where c.id <> 1 and ${within(sql`c.published_at`, span)}`.execute(
    db,
  )
  return rows[0]!.count
}

export async function countDatasets(db: Database, span: Span): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from datasets d where ${within(sql`d.published_at`, span)}`.execute(db)
  return rows[0]!.count
}

export async function countFiles(db: Database, span: Span): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from dataset_files f where ${within(sql`f.published_at`, span)}`.execute(db)
  return rows[0]!.count
}

/** Of all datasets, or of one. */
export async function sumDownloads(db: Database, datasetId: number | null): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(f.downloads), 0)::float8 as count from dataset_files f
    where f.downloads > 0 ${datasetId === null ? sql`` : sql`and f.dataset_id = ${datasetId}`}`.execute(db)
  return rows[0]!.count
}

export interface ValueCount {
  readonly value: string
  readonly count: number
}

/** Published datasets by the subjects of their latest published version; one of several subjects counts for each. */
export async function countBySubject(db: Database, span: Span): Promise<ValueCount[]> {
  const { rows } = await sql<ValueCount>`
    select s.value, count(*)::int as count from datasets d
    cross join lateral (select v.metadata from dataset_versions v where v.dataset_id = d.id and v.state = 'released'
      order by v.major desc, v.minor desc limit 1) v
    cross join lateral jsonb_array_elements_text(
      case jsonb_typeof(v.metadata #> '{citation,subject}') when 'array' then v.metadata #> '{citation,subject}' else '[]' end) s
    where ${within(sql`d.published_at`, span)} group by s.value order by count desc, s.value`.execute(db)
  return rows
}

export async function countByType(db: Database): Promise<ValueCount[]> {
  const { rows } = await sql<ValueCount>`
    select c.type as value, count(*)::int as count from collections c where c.id <> 1 and c.published_at is not null
    group by c.type order by count desc, c.type`.execute(db)
  return rows
}
