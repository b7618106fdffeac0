import { sql } from 'kysely'
import type { Database, Tx } from '#src/database/change.ts'

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
}

/** All files of a version, in the order of their paths. An embargo ends on its day, in `today`'s calendar. */
export async function listDescribedFiles(
  db: Database | Tx,
  versionId: number,
  today: string,
): Promise<DescribedFileRow[]> {
  const { rows } = await sql<DescribedFileRow>`
    select f.id, v.label as name, v.directory, v.description, f.media_type, f.bytes, f.md5, f.sha256, v.categories,
      v.restricted or coalesce(v.embargo_until > ${today}::date, false) as closed
    from version_files v join dataset_files f on f.id = v.file_id
    where v.version_id = ${versionId}
    order by v.directory, v.label`.execute(db)
  return rows
}
