import type { FileNeeds } from '../files/needs.ts'
import { type OpenedFile, openFile } from '../files/open-file.ts'
import type { Visitor } from '../visitor.ts'
import { contentOf } from './notice-tables.ts'
import { noTable, tableNotReady } from './problems.ts'
import { type ContentTable, findTable, insertContents } from './store.ts'

export interface ShownTable {
  readonly opened: OpenedFile
  readonly table: ContentTable
}

/** What is known of the table in a file, for who may download the file: columns and first rows are part of it. */
export async function showTable(needs: FileNeeds, who: Visitor, id: string): Promise<ShownTable> {
  const opened = await openFile(needs, who, id)
  const { name, bytes, etag: sha256 } = opened
  const [content] = contentOf({ label: name, sha256, bytes })
  if (!content)
    throw noTable({ detail: `${name} is no CSV, TSV, Parquet, JSON or XLSX file, is empty or is too large.` })
  // What came before tables were looked for, or was called otherwise then, is read now.
  const table = (await findTable(needs.db, content)) ?? (await noticed(needs, content))
  return { opened, table }
}

async function noticed({ db }: FileNeeds, content: Parameters<typeof findTable>[1]): Promise<ContentTable> {
  await insertContents(db, [content])
  return (await findTable(db, content))!
}

/** The same, once it has been read; else 409 or 404. */
export async function readyTable(needs: FileNeeds, who: Visitor, id: string): Promise<ShownTable> {
  const shown = await showTable(needs, who, id)
  const { table, opened } = shown
  if (table.state === 'failed') throw noTable({ detail: `${opened.name}: ${table.trouble}` })
  if (table.state !== 'read')
    throw tableNotReady({ detail: `${opened.name} waits to be read.`, headers: { 'retry-after': '2' } })
  return shown
}
