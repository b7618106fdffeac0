import type { CompoundValue, Metadata } from '../blocks/block.ts'
import type { Cited } from '../citation.ts'
import type { ColumnType } from '../tables/table-facts.ts'
import type { Terms } from '../terms.ts'

/** A version of a dataset with everything that is told of it outside: what every format is written from. */
export interface Described {
  /** `perma:tessera/J8SJZB`, `doi:10.5072/FK2/J8SJZB`. */
  readonly pid: string
  /** Where the id leads: `https://doi.org/…`, or the page itself. */
  readonly pidUrl: string
  /** The dataset's page. */
  readonly landingPage: string
  /** Of the portal, without a slash at the end. */
  readonly siteAddress: string
  /** The repository's name: who publishes. */
  readonly publisher: string
  /** From the root down. */
  readonly collections: readonly { readonly alias: string; readonly name: string }[]
  /** `1.0`; `DRAFT` for what has not been published. */
  readonly version: string
  /** By block and field. */
  readonly metadata: Metadata
  readonly license: { readonly name: string; readonly uri: string; readonly spdxId: string | null } | null
  /** Custom terms by name. */
  readonly terms: Terms
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When the dataset was first published. */
  readonly publishedAt: Date | null
  /** When this version was published. */
  readonly releasedAt: Date | null
  readonly files: readonly DescribedFile[]
  /** One line of text, as people cite it. */
  readonly citation: string
  /** The same in its parts. */
  readonly cited: Cited
}

export interface DescribedFile {
  readonly id: number
  readonly name: string
  /** Without slashes at its ends; empty at the top. */
  readonly directory: string
  readonly description: string
  readonly mediaType: string
  readonly bytes: number
  readonly md5: string
  readonly sha256: string
  readonly categories: readonly string[]
  /** Not for everybody: restricted, or under an embargo today. */
  readonly closed: boolean
  /** Where it is downloaded. */
  readonly address: string
  /** Of a table that has been read; null for all else. */
  readonly columns: readonly DescribedColumn[] | null
}

export interface DescribedColumn {
  readonly name: string
  readonly label: string | null
  readonly type: ColumnType
}

export const pathOf = ({ directory, name }: Pick<DescribedFile, 'directory' | 'name'>): string =>
  directory === '' ? name : `${directory}/${name}`

/** Reads fields wherever they may be missing, single or many. */
export function fieldsOf({ metadata }: Pick<Described, 'metadata'>, block = 'citation') {
  const fields = metadata[block] ?? {}
  const listed = (name: string): readonly (string | CompoundValue)[] => {
    const value = fields[name]
    if (value === undefined) return []
    return Array.isArray(value) ? value : [value as string | CompoundValue]
  }
  return {
    text: (name: string): string | null => listed(name).find((value) => typeof value === 'string') ?? null,
    texts: (name: string): string[] => listed(name).filter((value) => typeof value === 'string'),
    compounds: (name: string): Child[] =>
      listed(name).flatMap((value) => (typeof value === 'string' ? [] : [childOf(value)])),
  }
}

/** A child of a compound; null when it is not filled in. */
export type Child = (name: string) => string | null

const childOf =
  (compound: CompoundValue): Child =>
  (name) => {
    const value = compound[name]
    const text = typeof value === 'string' ? value : (value?.join('; ') ?? '')
    return text === '' ? null : text
  }

/** A name as `Last, First` is a person's; any other may be an organization's. */
export function nameParts(name: string): { family: string; given: string } | null {
  const [family, given, ...rest] = name.split(',').map((part) => part.trim())
  return family && given && rest.length === 0 ? { family, given } : null
}

export const title = (described: Described): string => fieldsOf(described).text('title') ?? described.pid

/** The description in one text; what formats need that must have one. */
export const abstract = (described: Described): string =>
  fieldsOf(described)
    .compounds('dsDescription')
    .flatMap((child) => child('dsDescriptionValue') ?? [])
    .join('\n\n')

export const keywords = (described: Described): string[] => [
  ...fieldsOf(described)
    .compounds('keyword')
    .flatMap((child) => child('keywordValue') ?? []),
]

const schemes: Record<string, { schemeUri: string; address: (id: string) => string }> = {
  ORCID: { schemeUri: 'https://orcid.org', address: (id) => `https://orcid.org/${id}` },
  ROR: { schemeUri: 'https://ror.org', address: (id) => `https://ror.org/${id}` },
  ISNI: { schemeUri: 'https://isni.org', address: (id) => `https://isni.org/isni/${id.replaceAll(' ', '')}` },
  VIAF: { schemeUri: 'https://viaf.org', address: (id) => `https://viaf.org/viaf/${id}` },
  GND: { schemeUri: 'https://d-nb.info/gnd', address: (id) => `https://d-nb.info/gnd/${id}` },
}

/** Who a person is beyond doubt, as an address where the scheme has them. */
export function identifierOf(
  scheme: string | null,
  id: string | null,
): { id: string; scheme: string; schemeUri: string | null } | null {
  if (id === null || scheme === null) return null
  const known = schemes[scheme]
  const address = /^https?:\/\//.test(id) ? id : (known?.address(id) ?? id)
  return { id: address, scheme, schemeUri: known?.schemeUri ?? null }
}

export const dayOf = (time: Date): string => time.toISOString().slice(0, 10)
/** Half-known dates stay as they are; anything that is no date is left out. */
export const dateIn = (text: string | null): string | null =>
  text !== null && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(text) ? text : null

/** An address on the web that may stand in a link or a typed field; null for any other text. */
export function webAddress(text: string | null): string | null {
  if (text === null || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  return new URL(text).href
}
