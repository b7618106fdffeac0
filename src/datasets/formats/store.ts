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
  const columns = sql`
    (select (select jsonb_agg(jsonb_build_object('name', c -> 'name', 'label', c -> 'label', 'type', c -> 'type'))
       from jsonb_array_elements(t.columns) c)
     from content_tables t where t.sha256 = f.sha256 and t.state = 'read' and not ${closed('v')}
       and not coalesce((select ${closed('n')} from version_files n join dataset_versions r on r.id = n.version_id
         where n.file_id = f.id and r.state = 'released' order by r.major desc, r.minor desc limit 1), false)
     order by t.format limit 1)`
  const { rows } = await sql<DescribedFileRow>`
    select f.id, v.label as name, v.directory, v.description, f.media_type, f.bytes, f.md5, f.sha256, v.categories,
      ${closed('v')} as closed, ${limit === null ? columns : sql`null::jsonb`} as columns
    from version_files v join dataset_files f on f.id = v.file_id
    where v.version_id = ${versionId}
    order by v.directory, v.label limit ${limit}`.execute(db)
  return rows
}
