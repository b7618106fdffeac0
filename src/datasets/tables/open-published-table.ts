import path from 'node:path'
import { ensureTable, localFile, type TableNeeds } from './find-table.ts'
import { contentOf } from './notice-tables.ts'
import { findPublishedFile } from './store.ts'

export interface PublishedTable {
  /** Parquet. */
  readonly file: string
  /** The persistent id, as it is written. */
  readonly dataset: string
  readonly version: string
  readonly bytes: number
  readonly releasedAt: Date
}

/**
 * The table in a file of the latest published version of a dataset, or why it is not to be had. What is restricted or under
 * embargo is read only where `restricted` says so.
 */
export async function openPublishedTable(
  needs: TableNeeds,
  { dataset, file, restricted }: { readonly dataset: string; readonly file: string; readonly restricted: boolean },
  { scratch, signal }: { readonly scratch: string; readonly signal: AbortSignal },
): Promise<PublishedTable | { readonly refused: string }> {
  const found = await findPublishedFile(needs.db, dataset, file)
  if (!found) return { refused: `no published version of ${dataset} has a file ${file}.` }
  if ((found.restricted || found.embargoed) && !restricted)
    return {
      refused: `${file} of ${dataset} is ${found.restricted ? 'restricted' : 'under embargo'}; whoever may query the model would see it. Write restricted: true beside the file if that is meant.`,
    }
  const [content] = contentOf({ label: found.name, sha256: found.sha256, bytes: found.bytes })
  if (!content) return { refused: `${file} of ${dataset} is no table, or is too large to be one.` }
  const table = await ensureTable(needs, content, signal)
  if (table.table_sha256 === null) return { refused: `${file} of ${dataset}: ${table.trouble ?? 'it has no table.'}` }
  const copy = path.join(scratch, `${table.table_sha256}.parquet`)
  const place = await localFile(needs.contents, table.table_sha256, copy, signal)
  if (place === null) return { refused: `the table of ${file} of ${dataset} is not in the store any more.` }
  return {
    file: place,
    dataset: found.pid,
    version: `${found.major}.${found.minor}`,
    bytes: found.bytes,
    releasedAt: found.releasedAt,
  }
}
