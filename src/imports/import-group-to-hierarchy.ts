import type { Change } from '#src/database/change.ts'
import {
  lastOfEach,
  noteReference,
  type ReferenceSummary,
  readReferenceFile,
  rowsOf,
  type Warn,
} from './read-reference-file.ts'
import * as store from './store.ts'

/** Says where groups (PIs) belong: lines of group and the abbreviation of a bottom item of the hierarchy. */
export async function importGroupToHierarchy(change: Change, file: string, warn: Warn): Promise<ReferenceSummary> {
  const items = new Set((await store.hierarchy(change.tx)).map((item) => item.abbreviation))
  const lines = await readReferenceFile(file)
  const read = rowsOf(file, lines, warn, (fields) => {
    const [group, abbreviation] = fields
    if (fields.length !== 2) return `has ${fields.length} fields instead of 2`
    if (!group || !abbreviation) return 'has no group or no abbreviation'
    if (!items.has(abbreviation)) return `"${abbreviation}" is not an item of the hierarchy`
    return { group_name: group.toLowerCase(), abbreviation }
  })
  await store.upsertGroups(
    change.tx,
    lastOfEach(read, (row) => row.group_name),
  )
  noteReference(change, 'group-to-hierarchy', file, read.length)
  return { taken: read.length, skipped: lines.length - read.length }
}
