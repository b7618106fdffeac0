import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'
import type { DescribedColumn } from './described.ts'

export interface DescribedFileRow {
  readonly id: number
  readonly name: string
  readonly directory: string
  readonly description: string
  readonly media_type: string
  readonly bytes: number
  readonly md5: string
  readonly sha256: string
  readonly categories: readonly string[]
  readonly closed: boolean
  readonly columns: readonly DescribedColumn[] | null
}

/** Of all tables of a version together. */
const mostColumns = 20_000

/**
 * Files of a version, in the order of their paths, with the columns of those that were read as tables. An embargo ends on its
 * day, in `today`'s calendar. With a limit so many, and none of their columns. The columns of what not everybody may have are
 * part of what they may not have; the newest released version says so, too.
 */
export async function listDescribedFiles(
  db: Database | Tx,
  versionId: number,
  { today, limit }: { today: string; limit: number | null },
): Promise<DescribedFileRow[]> {
  const closed = (file: 'v' | 'n') =>
    sql`(${sql.ref(`${file}.restricted`)} or coalesce(${sql.ref(`${file}.embargo_until`)} > ${today}::date, false))`
  // Few of very many columns are looked at: all are in memory at once, and anybody may ask.
  const columns = sql`
    case when sum(t.count) over (order by v.directory, v.label, f.id) <= ${mostColumns} then
      (select jsonb_agg(jsonb_build_object('name', c -> 'name', 'label', c -> 'label', 'type', c -> 'type'))
        from content_tables ct, jsonb_array_elements(ct.columns) c where ct.sha256 = f.sha256 and ct.format = t.format) end`
  const tables = sql`
    left join lateral (
      select format, jsonb_array_length(columns) as count from content_tables
      where sha256 = f.sha256 and state = 'read' and not ${closed('v')}
        and not coalesce((select ${closed('n')} from version_files n join dataset_versions r on r.id = n.version_id
          where n.file_id = f.id and r.state = 'released' order by r.major desc, r.minor desc limit 1), false)
      order by format limit 1) t on true`
  const { rows } = await sql<DescribedFileRow>`
    select f.id, v.label as name, v.directory, v.description, f.media_type, f.bytes, f.md5, f.sha256, v.categories,
      ${closed('v')} as closed, ${limit === null ? columns : sql`null::jsonb`} as columns
    from version_files v join dataset_files f on f.id = v.file_id ${limit === null ? tables : sql``}
    where v.version_id = ${versionId}
    order by v.directory, v.label limit ${limit}`.execute(db)
  return rows
}
