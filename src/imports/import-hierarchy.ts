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

/** On which level an item lies, the top being 1, as far as parents are defined; infinite where they run in a circle. */
function levelOf(parents: ReadonlyMap<string, string | null>, abbreviation: string): number {
  let level = 1
  for (let parent = parents.get(abbreviation); parent != null && parents.has(parent); parent = parents.get(parent)) {
    level++
    if (level > parents.size) return Number.POSITIVE_INFINITY
  }
  return level
}

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
    const level = levelOf(parents, abbreviation)
    if (level === Number.POSITIVE_INFINITY) {
      throw unreadableImport({
        detail: `${file}: "${abbreviation}" is its own ancestor.`,
        hint: 'Correct the parents; nothing of this file was taken.',
      })
    }
    if (parent !== null && !parents.has(parent)) {
      warn(`${file}: "${abbreviation}" has the parent "${parent}", which is not defined yet`)
    } else if (level > 3)
      warn(`${file}: "${abbreviation}" lies on level ${level}; only three are shown, from itself up`)
  }
  noteReference(change, 'hierarchy', file, items.length)
  return { taken: read.length, skipped: lines.length - read.length }
}
