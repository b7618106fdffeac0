import { type Block, changedFields, cleaned, type FieldAt, type Metadata, merge } from './metadata.ts'

/** All that a draft says of a dataset, as its form holds it. */
export interface Written {
  readonly metadata: Metadata
  /** The name of a licence; null: terms of its own. */
  readonly license: string | null
  readonly terms: Readonly<Record<string, string>>
  readonly accessRequests: boolean
  /** What has changed, for readers of the next version. */
  readonly note: string
}

export const useTerms = [
  'terms_of_use',
  'confidentiality_declaration',
  'special_permissions',
  'restrictions',
  'citation_requirements',
  'depositor_requirements',
  'conditions',
  'disclaimer',
] as const

interface Version {
  readonly metadata: unknown
  readonly license: { readonly name: string } | null
  readonly terms: Readonly<Record<string, string | undefined>>
  readonly note: string | null
  readonly state: string
}

/** A version as a form begins with it; a note is of the version it stands in, so that a new draft begins without. */
export const writtenOf = (version: Version, accessRequests: boolean): Written => ({
  metadata: version.metadata as Metadata,
  license: version.license?.name ?? null,
  terms: Object.fromEntries(
    Object.entries(version.terms).filter((term): term is [string, string] => term[1] !== undefined),
  ),
  accessRequests,
  note: version.state === 'draft' ? (version.note ?? '') : '',
})

/** As the server takes it: terms of use stand in the place of a licence, so that with one they are left out. */
export function askOf({ metadata, license, terms, accessRequests, note }: Written) {
  const sent = Object.entries(terms).filter(
    ([name, text]) => text.trim() !== '' && (license === null || !(useTerms as readonly string[]).includes(name)),
  )
  return {
    metadata: cleaned(metadata),
    license,
    terms: Object.fromEntries(sent),
    access_requests: accessRequests,
    note: note.trim() === '' ? null : note.trim(),
  }
}

/** Whether saving one after the other changes nothing. */
export const isSameWritten = (a: Written, b: Written): boolean => told(a) === told(b)

/** PostgreSQL keeps members of an object in an order of its own. */
const told = (written: Written): string =>
  JSON.stringify(askOf(written), (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/** What differs, in words; for the line that tells what is not saved yet. */
export function changesOf(blocks: readonly Block[], a: Written, b: Written, label: (at: FieldAt) => string): string[] {
  const [from, to] = [askOf(a), askOf(b)]
  return [
    ...changedFields(blocks, from.metadata, to.metadata).map(label),
    ...(from.license === to.license ? [] : ['Licence']),
    ...(JSON.stringify(from.terms) === JSON.stringify(to.terms) ? [] : ['Terms']),
    ...(from.access_requests === to.access_requests ? [] : ['Requests for access']),
    ...(from.note === to.note ? [] : ['Note on this version']),
  ]
}

export interface WrittenMerge {
  readonly merged: Written
  readonly conflicts: readonly FieldAt[]
  /** What only they changed, and is now in the form. */
  readonly taken: readonly FieldAt[]
}

/** Two edits of one beginning, brought together; what both changed stays mine until its person has chosen. */
export function mergeWritten(
  blocks: readonly Block[],
  { base, mine, theirs }: { base: Written; mine: Written; theirs: Written },
): WrittenMerge {
  const { merged, conflicts, taken } = merge(blocks, {
    base: base.metadata,
    mine: mine.metadata,
    theirs: theirs.metadata,
  })
  const pick = <K extends 'license' | 'accessRequests' | 'note'>(key: K): Written[K] =>
    mine[key] === base[key] ? theirs[key] : mine[key]
  const terms = { ...theirs.terms }
  for (const name of new Set([...Object.keys(mine.terms), ...Object.keys(base.terms)]))
    if ((mine.terms[name] ?? '') !== (base.terms[name] ?? '')) terms[name] = mine.terms[name] ?? ''
  return {
    merged: {
      metadata: merged,
      license: pick('license'),
      accessRequests: pick('accessRequests'),
      note: pick('note'),
      terms,
    },
    conflicts,
    taken,
  }
}
