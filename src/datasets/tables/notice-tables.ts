import type { Database, Tx } from '#src/database/change.ts'
import { largestTable, tableFormatOf } from './formats.ts'
import { type Content, insertContents } from './store.ts'

interface Noticed {
  readonly label: string
  readonly sha256: string
  readonly bytes: number
}

/** Has files that may hold tables read, behind whatever brought them; those read before are left alone. */
export async function noticeTables(db: Database | Tx, files: readonly Noticed[]): Promise<void> {
  await insertContents(db, files.flatMap(contentOf))
}

export function contentOf({ label, sha256, bytes }: Noticed): Content[] {
  const format = tableFormatOf(label)
  return format === null || bytes === 0 || bytes > largestTable[format] ? [] : [{ sha256, format }]
}
