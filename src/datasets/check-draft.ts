import type { Tx } from '#src/database/change.ts'
import type { Metadata } from './blocks/block.ts'
import { blocks, fieldNamed } from './blocks/blocks.ts'
import { checkMetadata, normalizeMetadata } from './blocks/check-metadata.ts'
import { findInputLevels } from './collections/store.ts'
import type { License } from './dataset-view.ts'
import { findLicense, findUsualLicense } from './licenses/store.ts'
import { licenseUnknown, metadataInvalid, termsInvalid } from './problems.ts'
import { normalizeTerms, type TermName, type Terms, termsOfUse } from './terms.ts'

/** What a depositor writes. */
export interface Written {
  readonly metadata: unknown
  /** A name or an address of a license; null: none. Missing: as it is, and at first the usual one unless there are terms of use. */
  readonly license?: string | null | undefined
  /** Missing: as they are. */
  readonly terms?: Readonly<Partial<Record<TermName, string | null | undefined>>> | undefined
  /** What has changed, for readers of the next version. Missing: as it is. */
  readonly note?: string | null | undefined
  readonly access_requests?: boolean | undefined
}

export interface Checked {
  readonly title: string
  readonly metadata: Metadata
  readonly licenseId: number | null
  readonly terms: Terms
}

/** What was written, checked against blocks, the collection's own wishes and the licenses there are. */
export async function checkDraft(
  tx: Tx,
  written: Written,
  { path, before }: { path: readonly { id: number }[]; before: { license: License | null; terms: Terms } | null },
): Promise<Checked> {
  const metadata = await checkedMetadata(tx, written.metadata, path)
  const terms = written.terms === undefined ? (before?.terms ?? {}) : normalizeTerms(written.terms)
  const license = await licenseOf(tx, written.license, terms, before)
  const both = termsOfUse.find((name) => terms[name] !== undefined)
  if (license && both)
    throw termsInvalid({
      detail: `The dataset cannot be under ${license.name} and have ${both} of its own.`,
      errors: [{ pointer: `#/terms/${both}`, detail: 'is for datasets without a license' }],
    })
  return { title: String(metadata.citation?.title ?? ''), metadata, licenseId: license?.id ?? null, terms }
}

/** Metadata that can be kept in a collection, or all that is wrong with them. */
export async function checkedMetadata(tx: Tx, given: unknown, path: readonly { id: number }[]): Promise<Metadata> {
  const levels = await findInputLevels(
    tx,
    path.map(({ id }) => id),
  )
  const required = new Set(
    levels.filter((level) => level.required && fieldNamed(level.field)).map((level) => level.field),
  )
  const issues = checkMetadata(blocks, given, { required })
  if (issues.length === 0) return normalizeMetadata(blocks, given)
  throw metadataInvalid({
    detail: issues.map(({ detail }) => detail).join(' '),
    errors: issues.map(({ pointer, detail }) => ({ pointer: `#/metadata${pointer}`, detail })),
    extensions: {
      fields: issues.map(({ field, displayName, rule, value }) => ({
        field,
        display_name: displayName,
        rule,
        ...(value !== undefined && { value }),
      })),
    },
  })
}

async function licenseOf(
  tx: Tx,
  asked: string | null | undefined,
  terms: Terms,
  before: { license: License | null } | null,
): Promise<License | null> {
  if (asked === null) return null
  if (asked === undefined) {
    const ownTerms = termsOfUse.some((name) => terms[name] !== undefined)
    if (ownTerms) return null
    return before === null ? findUsualLicense(tx) : before.license
  }
  const found = await findLicense(tx, asked)
  // What a dataset is under it stays under, also when no others may any more.
  if (!found || (!found.active && found.id !== before?.license?.id))
    throw licenseUnknown({
      detail: `There is no license ${JSON.stringify(asked.slice(0, 200))}.`,
      errors: [{ pointer: '#/license', detail: 'names no license that can be chosen' }],
      extensions: { license: asked.slice(0, 200) },
    })
  return found
}
