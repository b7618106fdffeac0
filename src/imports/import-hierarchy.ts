import type { Change } from '#src/database/change.ts'
import { unreadableImport } from './problems.ts'
import {
  lastOfEach,
  noteReference,
  type ReferenceSummary,
  readReferenceFile,
  rowsOf,
  type Warn,
} from './read-reference-file.ts'
import * as store from './store.ts'

/** On which level an item lies, the top being 1; null where a parent is not defined, infinite where parents run in a circle. */
export function depthOf(items: ReadonlyMap<string, string | null>, abbreviation: string): number | null {
  let depth = 1
  for (let parent = items.get(abbreviation); parent != null; parent = items.get(parent)) {
    if (!items.has(parent)) return null
    depth++
    if (depth > items.size) return Number.POSITIVE_INFINITY
  }
  return depth
}

export const hierarchyLevels = 3

/**
 * Brings in the tree that groups belong to: lines of abbreviation, description and the parent's abbreviation (empty
 * for the top), three levels, in any order. An item named again gets its new description and parent.
 */
export async function importHierarchy(change: Change, file: string, warn: Warn): Promise<ReferenceSummary> {
  const lines = await readReferenceFile(file)
  const read = rowsOf<store.HierarchyItem>(file, lines, warn, (fields) => {
    const [abbreviation, description, parent] = fields
    if (fields.length !== 3) return `has ${fields.length} fields instead of 3`
    if (!abbreviation || !description) return 'has no abbreviation or no description'
    return { abbreviation, description, parent: parent || null }
  })
  const items = lastOfEach(read, (item) => item.abbreviation)
  await store.upsertHierarchy(change.tx, items)

  const parents = new Map((await store.hierarchy(change.tx)).map((item) => [item.abbreviation, item.parent]))
  for (const { abbreviation, parent } of items) {
    if (parent !== null && !parents.has(parent))
      warn(`${file}: "${abbreviation}" has the parent "${parent}", which is not defined yet`)
    if ((depthOf(parents, abbreviation) ?? 0) > hierarchyLevels) {
      throw unreadableImport({
        detail: `${file}: "${abbreviation}" lies deeper than ${hierarchyLevels} levels, or is its own ancestor.`,
        hint: 'Correct the parents; nothing of this file was taken.',
      })
    }
  }
  noteReference(change, 'hierarchy', file, items.length)
  return { taken: read.length, skipped: lines.length - read.length }
}
