/** What a field of a metadata block is, as `GET /v1/metadata-blocks` tells. */
export interface Field {
  readonly name: string
  readonly title: string
  readonly display_name: string
  readonly type: string
  readonly multiple: boolean
  readonly required: boolean
  readonly display_on_create: boolean
  readonly description?: string | undefined
  readonly watermark?: string | undefined
  readonly vocabulary?: readonly string[] | undefined
  readonly children?: readonly Field[] | undefined
}

export interface Block {
  readonly name: string
  readonly display_name: string
  readonly fields: readonly Field[]
}

export type Leaf = string | readonly string[]
export type Compound = Readonly<Record<string, Leaf>>
export type Value = Leaf | Compound | readonly Compound[]
/** By block and field: `{ citation: { title: "…", author: [{ authorName: "…" }] } }`. */
export type Metadata = Readonly<Record<string, Readonly<Record<string, Value>>>>

export interface FieldAt {
  readonly block: string
  readonly field: string
}

export const valueAt = (metadata: Metadata, { block, field }: FieldAt): Value | undefined => metadata[block]?.[field]

export function withValue(metadata: Metadata, { block, field }: FieldAt, value: Value | undefined): Metadata {
  const { [field]: _, ...others } = metadata[block] ?? {}
  return { ...metadata, [block]: value === undefined ? others : { ...others, [field]: value } }
}

/** Nothing in it but blanks, as fields are that were opened and not filled in. */
export function isBlank(value: Value | undefined): boolean {
  if (value === undefined) return true
  if (typeof value === 'string') return value.trim() === ''
  if (Array.isArray(value)) return value.every((each: string | Compound) => isBlank(each))
  return Object.values(value as Compound).every((each) => isBlank(each))
}

/** What is sent and compared: trimmed, and without what is blank. */
export function cleaned(metadata: Metadata): Metadata {
  const blocks = Object.entries(metadata).map(([block, fields]) => [block, cleanedFields(fields)] as const)
  return Object.fromEntries(blocks.filter(([, fields]) => Object.keys(fields).length > 0))
}

const cleanedFields = (fields: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (isBlank(value) ? [] : [[name, cleanedValue(value)]])),
  )

function cleanedValue(value: Value): Value {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value))
    return value.filter((each: string | Compound) => !isBlank(each)).map((each) => cleanedValue(each)) as Value
  return cleanedFields(value as Compound) as Compound
}

/** Whether two values say the same; blanks and the order of a compound's parts don't count. */
export const isSame = (a: Value | undefined, b: Value | undefined): boolean => told(a) === told(b)

function told(value: Value | undefined): string {
  if (value === undefined || isBlank(value)) return ''
  const sorted = (one: Value): unknown => {
    if (typeof one === 'string') return one
    if (Array.isArray(one)) return one.map(sorted)
    return Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1))
  }
  return JSON.stringify(sorted(cleanedValue(value)))
}

/** The fields in which two differ, in the order of the blocks; those that no block knows come last. */
export function changedFields(blocks: readonly Block[], a: Metadata, b: Metadata): FieldAt[] {
  const known = blocks.flatMap(({ name, fields }) => fields.map((field) => ({ block: name, field: field.name })))
  const isKnown = new Set(known.map(({ block, field }) => `${block} ${field}`))
  const held = [a, b].flatMap((side) =>
    Object.entries(side).flatMap(([block, fields]) => Object.keys(fields).map((field) => ({ block, field }))),
  )
  const unknown = held.filter(
    ({ block, field }, at) =>
      !isKnown.has(`${block} ${field}`) &&
      held.findIndex((other) => other.block === block && other.field === field) === at,
  )
  return [...known, ...unknown].filter((at) => !isSame(valueAt(a, at), valueAt(b, at)))
}

export interface Merge {
  /** With mine where both changed a field. */
  readonly merged: Metadata
  /** What both changed, and differently. */
  readonly conflicts: readonly FieldAt[]
  /** What only they changed. */
  readonly taken: readonly FieldAt[]
}

/** Brings two edits of one beginning together, field by field. */
export function merge(
  blocks: readonly Block[],
  { base, mine, theirs }: { base: Metadata; mine: Metadata; theirs: Metadata },
): Merge {
  const byThem = changedFields(blocks, base, theirs)
  const conflicts: FieldAt[] = []
  const taken: FieldAt[] = []
  let merged = mine
  for (const at of byThem) {
    if (isSame(valueAt(mine, at), valueAt(theirs, at))) continue
    if (!isSame(valueAt(base, at), valueAt(mine, at))) {
      conflicts.push(at)
      continue
    }
    taken.push(at)
    merged = withValue(merged, at, valueAt(theirs, at))
  }
  return { merged, conflicts, taken }
}

/** A field by its name, for those who read: `Author`. */
export const fieldLabel = (blocks: readonly Block[], { block, field }: FieldAt): string =>
  blocks.find(({ name }) => name === block)?.fields.find(({ name }) => name === field)?.title ?? field

/** A value in one line for those who compare: `Ames, Alice (Example U); Bode, Bob`. */
export function valueText(value: Value | undefined): string {
  if (value === undefined || isBlank(value)) return ''
  if (typeof value === 'string') return value
  if (Array.isArray(value))
    return value
      .map((each: string | Compound) => valueText(each))
      .filter(Boolean)
      .join('; ')
  return Object.values(value as Compound)
    .map((each) => valueText(each))
    .filter(Boolean)
    .join(', ')
}

/** By where they belong in the metadata, `citation/author/0/authorName`: what the server complains about. */
export type Complaints = ReadonlyMap<string, string>

interface ServerComplaint {
  readonly pointer?: string
  readonly detail: string
}

export function complaintsOf(errors: readonly ServerComplaint[] = []): Complaints {
  const complaints = new Map<string, string>()
  for (const { pointer = '', detail } of errors) {
    const [, path] = /^#?\/(?:body\/)?metadata\/(.+)$/.exec(pointer) ?? []
    if (path !== undefined && !complaints.has(path)) complaints.set(path, detail)
  }
  return complaints
}

/** The complaint about a place, or about anything in it. */
export const complaintIn = (complaints: Complaints, place: string): string | undefined =>
  complaints.get(place) ?? [...complaints].find(([path]) => path.startsWith(`${place}/`))?.[1]

/** Fields of a block as the form has them: the required ones first, those that were filled in and those usual next. */
export function shownFields(
  block: Block,
  { metadata, complaints, opened, everything }: ShownAsk,
): { readonly shown: readonly Field[]; readonly hidden: readonly Field[] } {
  const isShown = (field: Field) =>
    everything ||
    field.required ||
    field.display_on_create ||
    opened.has(`${block.name} ${field.name}`) ||
    !isBlank(valueAt(metadata, { block: block.name, field: field.name })) ||
    complaintIn(complaints, `${block.name}/${field.name}`) !== undefined
  const ordered = [
    ...block.fields.filter(({ required }) => required),
    ...block.fields.filter(({ required }) => !required),
  ]
  return { shown: ordered.filter(isShown), hidden: ordered.filter((field) => !isShown(field)) }
}

interface ShownAsk {
  readonly metadata: Metadata
  readonly complaints: Complaints
  /** What the person asked to see, as `block field`. */
  readonly opened: ReadonlySet<string>
  readonly everything: boolean
}
