import type { Metadata } from '../blocks/block.ts'

/** One text of a version's metadata. */
export interface MetadataText {
  readonly field: string
  /** The compound that it is part of. */
  readonly parent: string | null
  readonly text: string
}

/** Every text in the metadata of a version, in the order in which they stand. */
export function readMetadata(metadata: Metadata): MetadataText[] {
  const texts: MetadataText[] = []
  const walk = (field: string, parent: string | null, value: unknown): void => {
    if (typeof value === 'string') texts.push({ field, parent, text: value })
    else if (Array.isArray(value)) for (const one of value) walk(field, parent, one)
    else if (typeof value === 'object' && value !== null)
      for (const [child, inner] of Object.entries(value)) walk(child, field, inner)
  }
  for (const block of Object.values(metadata))
    for (const [field, value] of Object.entries(block)) walk(field, null, value)
  return texts
}

/** The texts of one field, wherever it stands. */
export const textsOf = (texts: readonly MetadataText[], field: string): string[] =>
  texts.filter((one) => one.field === field).map(({ text }) => text)
