import { astrophysics } from './astrophysics.ts'
import type { Block, Field } from './block.ts'
import { citation } from './citation.ts'
import { geospatial } from './geospatial.ts'
import { journal } from './journal.ts'
import { socialScience } from './social-science.ts'

/** Every block that there is, in the order of forms; the first is every dataset's. */
export const blocks: readonly Block[] = [citation, geospatial, socialScience, astrophysics, journal]

/** Those on forms of collections that don't say otherwise. */
export const usualBlocks: readonly string[] = [citation, geospatial, socialScience].map(({ name }) => name)

const byName = new Map(blocks.map((block) => [block.name, block]))

export const blockNamed = (name: string): Block | undefined => byName.get(name)

/** A field and where it stands; `parent` is its compound. */
export interface PlacedField {
  readonly block: Block
  readonly field: Field
  readonly parent: Field | null
}

const placed = new Map<string, PlacedField>(
  blocks.flatMap((block) =>
    block.fields.flatMap((field): [string, PlacedField][] => [
      [field.name, { block, field, parent: null }],
      ...(field.children ?? []).map((child): [string, PlacedField] => [
        child.name,
        { block, field: child, parent: field },
      ]),
    ]),
  ),
)

/** Names of fields are unique over all blocks. */
export const fieldNamed = (name: string): PlacedField | undefined => placed.get(name)

/** What collections show facets of unless they say otherwise. */
export const usualFacets: readonly string[] = ['authorName', 'subject', 'keywordValue', 'dateOfDeposit']
