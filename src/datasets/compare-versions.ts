import type { Database, Tx } from '#src/database/change.ts'
import type { FieldValue, Metadata } from './blocks/block.ts'
import { blocks } from './blocks/blocks.ts'
import { numberOf } from './dataset-view.ts'
import { versionNotFound } from './problems.ts'
import { type DatasetRef, wantedOf } from './read-dataset.ts'
import { demandVisible, rightsOn } from './rights.ts'
import { type ComparedFile, findFileChanges, findVersion, findVersionBefore, type VersionRow } from './store.ts'
import { type Terms, termNames } from './terms.ts'
import type { Visitor } from './visitor.ts'

export interface MetadataChange {
  readonly block: string
  readonly field: string
  readonly displayName: string
  /** Null: there was, or is, none. */
  readonly before: FieldValue | null
  readonly after: FieldValue | null
}

export interface FileChange {
  readonly before: ComparedFile
  readonly after: ComparedFile
  /** What is told of it otherwise: label, directory, description, categories, tags, restricted, embargo_until. */
  readonly members: readonly string[]
}

export interface Differences {
  /** Null: there is nothing before it. */
  readonly before: VersionRow | null
  readonly after: VersionRow
  readonly metadata: readonly MetadataChange[]
  readonly terms: readonly { readonly name: string; readonly before: string | null; readonly after: string | null }[]
  readonly files: {
    readonly added: readonly ComparedFile[]
    readonly removed: readonly ComparedFile[]
    readonly replaced: readonly FileChange[]
    readonly changed: readonly FileChange[]
  }
}

/** What a version has changed against another that the visitor sees as well; missing: against the one before it. */
export async function compareVersions(
  db: Database | Tx,
  visitor: Visitor,
  ref: DatasetRef,
  version: string,
  other?: string,
): Promise<Differences> {
  const rights = await rightsOn(db, visitor, { dataset: ref })
  demandVisible(rights)
  const id = rights.datasetId!
  const find = async (name: string): Promise<VersionRow> => {
    const found = await findVersion(db, id, wantedOf(name, rights, true))
    if (!found) throw versionNotFound({ detail: `Dataset ${id} has no version ${name} that you may see.` })
    return found
  }
  const after = await find(version)
  const before = other === undefined ? await findVersionBefore(db, id, after) : await find(other)
  const hidesFiles = (one: VersionRow | null) => one?.state === 'deaccessioned' && !rights.may('EditDataset')
  const none = { added: [], removed: [], replaced: [], changed: [] }
  return {
    before,
    after,
    metadata: compareMetadata(before?.metadata ?? {}, after.metadata),
    terms: compareTerms(before, after),
    files:
      hidesFiles(before) || hidesFiles(after) ? none : sortOut(await findFileChanges(db, before?.id ?? 0, after.id)),
  }
}

export function compareMetadata(before: Metadata, after: Metadata): MetadataChange[] {
  return blocks.flatMap((block) =>
    block.fields.flatMap((field): MetadataChange[] => {
      const [old, now] = [before[block.name]?.[field.name] ?? null, after[block.name]?.[field.name] ?? null]
      if (textOf(old) === textOf(now)) return []
      return [{ block: block.name, field: field.name, displayName: field.displayName, before: old, after: now }]
    }),
  )
}

/** Members of objects in one order, as PostgreSQL has an order of its own. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

function compareTerms(before: VersionRow | null, after: VersionRow): Differences['terms'] {
  const told = (version: VersionRow | null): Readonly<Record<string, string | null>> => ({
    license: version?.license?.name ?? null,
    ...(version?.terms satisfies Terms | undefined),
  })
  const [old, now] = [told(before), told(after)]
  return ['license', ...termNames].flatMap((name) => {
    const pair = { name, before: old[name] ?? null, after: now[name] ?? null }
    return pair.before === pair.after ? [] : [pair]
  })
}

const told = ['label', 'directory', 'description', 'categories', 'tags', 'restricted', 'embargo_until'] as const

function sortOut(
  changes: readonly { before: ComparedFile | null; after: ComparedFile | null }[],
): Differences['files'] {
  const added: ComparedFile[] = []
  const removed: ComparedFile[] = []
  const replaced: FileChange[] = []
  const changed: FileChange[] = []
  for (const { before, after } of changes) {
    if (before && after) {
      const members = told.filter((name) => textOf(before[name]) !== textOf(after[name]))
      ;(before.file_id === after.file_id ? changed : replaced).push({ before, after, members })
    } else if (after) added.push(after)
    else if (before) removed.push(before)
  }
  return { added, removed, replaced, changed: changed.filter(({ members }) => members.length > 0) }
}

export const differenceNumbers = ({ before, after }: Differences) => ({
  before: before && numberOf(before),
  after: numberOf(after),
})
