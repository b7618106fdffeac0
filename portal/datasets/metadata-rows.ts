/** As much of a field's definition as it takes to show its value. */
export interface ShownField {
  readonly name: string
  readonly title: string
  readonly display_name: string
  readonly type: string
  readonly children?: readonly ShownField[] | undefined
}

interface ShownBlock {
  readonly name: string
  readonly display_name: string
  readonly fields: readonly ShownField[]
}

/** One text of a value, and where it leads: an address, or nowhere. */
export interface Part {
  readonly label: string
  readonly text: string
  readonly href: string | null
}

/** One value of a field: the first of its parts says what it is, the others say more. */
export type Value = readonly Part[]

export interface MetadataRow {
  readonly name: string
  readonly label: string
  readonly values: readonly Value[]
  /** Long texts stand in paragraphs of their own. */
  readonly isLong: boolean
}

export interface MetadataSection {
  readonly name: string
  readonly label: string
  readonly rows: readonly MetadataRow[]
}

/** What a version's metadata say, block by block in the order of the definitions; what is empty is left out. */
export function metadataSections(blocks: readonly ShownBlock[], metadata: unknown): MetadataSection[] {
  return blocks.flatMap(({ name, display_name, fields }) => {
    const values = membersOf(membersOf(metadata)[name])
    const rows = fields.flatMap((field) => rowOf(field, values[field.name]))
    return rows.length === 0 ? [] : [{ name, label: display_name, rows }]
  })
}

function rowOf(field: ShownField, value: unknown): MetadataRow[] {
  const values = [value ?? []].flat().flatMap((one) => valueFrom(field, one))
  if (values.length === 0) return []
  const isLong = field.type === 'TEXTBOX' || (field.children?.some(({ type }) => type === 'TEXTBOX') ?? false)
  return [{ name: field.name, label: field.display_name, values, isLong }]
}

function valueFrom(field: ShownField, value: unknown): Value[] {
  if (typeof value === 'string') return value === '' ? [] : [[{ label: '', text: value, href: hrefOf(field, value) }]]
  const members = membersOf(value)
  const parts = (field.children ?? []).flatMap((child): Part[] =>
    [members[child.name] ?? []]
      .flat()
      .flatMap((text) =>
        typeof text === 'string' && text !== ''
          ? [{ label: child.title, text, href: hrefOf(child, text) ?? identifierHref(child.name, text, members) }]
          : [],
      ),
  )
  return parts.length === 0 ? [] : [parts]
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** Only to the web: what else an address may begin with is not for a click. */
export const webAddress = (text: string): string | null =>
  /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? new URL(text).href : null

const hrefOf = ({ type }: ShownField, text: string): string | null => (type === 'URL' ? webAddress(text) : null)

const resolvers: Readonly<Record<string, string>> = {
  orcid: 'https://orcid.org/',
  ror: 'https://ror.org/',
  isni: 'https://isni.org/isni/',
  viaf: 'https://viaf.org/viaf/',
  gnd: 'https://d-nb.info/gnd/',
  doi: 'https://doi.org/',
  arxiv: 'https://arxiv.org/abs/',
}
const schemeOf: Readonly<Record<string, string>> = {
  authorIdentifier: 'authorIdentifierScheme',
  publicationIDNumber: 'publicationIDType',
}

/** Identifiers lead to where they are looked up. */
function identifierHref(name: string, text: string, members: Record<string, unknown>): string | null {
  const whole = webAddress(text)
  if (!(name in schemeOf)) return null
  if (whole !== null) return whole
  const scheme = members[schemeOf[name] as string]
  const start = typeof scheme === 'string' ? resolvers[scheme.toLowerCase()] : undefined
  return start === undefined || /\s/.test(text)
    ? null
    : webAddress(start + encodeURI(text.replace(/^(doi|arxiv):/i, '')))
}
