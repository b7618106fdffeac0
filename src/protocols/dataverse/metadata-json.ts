import type { Block, CompoundValue, Field, FieldValue, Metadata } from '#src/datasets/blocks/block.ts'
import { fieldNamed } from '#src/datasets/blocks/blocks.ts'
import { isObject } from './parameters.ts'

/** A field as Dataverse writes it, in this order of members. */
export interface TypedField {
  readonly typeName: string
  readonly multiple: boolean
  readonly typeClass: TypeClass
  readonly value: TypedValue
}
export type TypeClass = 'primitive' | 'compound' | 'controlledVocabulary'
type TypedCompound = Readonly<Record<string, TypedField>>
export type TypedValue = string | readonly string[] | TypedCompound | readonly TypedCompound[]

export type TypedBlocks = Readonly<
  Record<string, { readonly displayName: string; readonly name: string; readonly fields: readonly TypedField[] }>
>

export const typeClassOf = ({ children, vocabulary }: Field): TypeClass => {
  if (children) return 'compound'
  return vocabulary ? 'controlledVocabulary' : 'primitive'
}

/** Metadata as Dataverse writes them: blocks by name, fields in the order of forms. A block of which nothing is known is left out. */
export function typedBlocks(blocks: readonly Block[], metadata: Metadata): TypedBlocks {
  const shown = blocks.flatMap(({ name, displayName, fields }) => {
    const typed = typedFields(fields, metadata[name] ?? {})
    return typed.length === 0 ? [] : [[name, { displayName, name, fields: typed }] as const]
  })
  return Object.fromEntries(shown)
}

const typedFields = (fields: readonly Field[], values: Readonly<Record<string, unknown>>): TypedField[] =>
  fields.flatMap((field) => {
    const value = values[field.name]
    return value === undefined ? [] : [typedField(field, value as FieldValue)]
  })

function typedField(field: Field, value: FieldValue): TypedField {
  const { children } = field
  const typed = (one: unknown): unknown =>
    children === undefined
      ? one
      : Object.fromEntries(typedFields(children, one as CompoundValue).map((child) => [child.typeName, child]))
  return {
    typeName: field.name,
    multiple: field.multiple,
    typeClass: typeClassOf(field),
    value: (Array.isArray(value) ? value.map(typed) : typed(value)) as TypedValue,
  }
}

/** Why typed metadata cannot be read, in Dataverse's words; whoever reads them says what for. */
export class UnreadableMetadata extends Error {}

/**
 * Reads what a client sends as `metadataBlocks`. What we have no field for is passed over, as Dataverse does; null counts
 * as nothing. Throws `UnreadableMetadata`.
 */
export function readTypedBlocks(given: unknown): Metadata {
  if (!isObject(given)) return {}
  return readTypedFields(
    Object.values(given).flatMap((block) => (isObject(block) && Array.isArray(block.fields) ? block.fields : [])),
    { strict: true },
  )
}

/** Reads a list of fields, whatever their block. `strict`: their `multiple` and `typeClass` must be told, and right. */
export function readTypedFields(given: readonly unknown[], { strict }: { strict: boolean }): Metadata {
  const read: Record<string, Record<string, FieldValue>> = {}
  for (const one of given) {
    if (!isObject(one) || typeof one.typeName !== 'string') throw new UnreadableMetadata('A field has no typeName')
    const place = fieldNamed(one.typeName)
    if (!place || place.parent !== null) continue
    const { block, field } = place
    const value = readField(field, one, strict)
    read[block.name] = { ...read[block.name], [field.name]: value }
  }
  return read
}

type Given = Readonly<Record<string, unknown>>

/** Empty values come back as an empty text or list, so that who replaces a field can see that it is to go. */
function readField(field: Field, given: Given, strict: boolean): FieldValue {
  const { name, multiple } = field
  if (strict) {
    if (given.multiple != null && given.multiple !== multiple)
      throw new UnreadableMetadata(`incorrect multiple   for field ${name}`)
    const typeClass = typeClassOf(field)
    if (given.typeClass != null && given.typeClass !== typeClass)
      throw new UnreadableMetadata(`incorrect  typeClass for field ${name}, should be ${typeClass}`)
  }
  const { value = null } = given
  if (!multiple) {
    if (Array.isArray(value))
      throw new UnreadableMetadata(`Invalid value submitted for ${name}. It should be a single value.`)
    return readOne(field, value, strict)
  }
  if (value !== null && !Array.isArray(value))
    throw new UnreadableMetadata(`Invalid values submitted for ${name}. It should be an array of values.`)
  const values = (value ?? []).map((one: unknown) => readOne(field, one, strict))
  return values.filter((one) => (typeof one === 'string' ? one !== '' : Object.keys(one).length > 0)) as
    | string[]
    | CompoundValue[]
}

function readOne(field: Field, value: unknown, strict: boolean): string | CompoundValue {
  const { name, children, vocabulary } = field
  if (children) return value === null ? {} : readCompound(field, children, value, strict)
  if (value === null) return ''
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new UnreadableMetadata(`Invalid value submitted for ${name}. It should be a single value.`)
  const text = String(value).trim()
  if (vocabulary && text !== '' && !vocabulary.includes(text))
    throw new UnreadableMetadata(`Value '${text}' does not exist in type '${name}'`)
  return text
}

/** Children are keyed by their names; of those without a `typeName` of their own the key counts. */
function readCompound(field: Field, children: readonly Field[], value: unknown, strict: boolean): CompoundValue {
  if (!isObject(value)) throw new UnreadableMetadata(`incorrect  typeClass for field ${field.name}, should be compound`)
  const read: Record<string, string | readonly string[]> = {}
  for (const [key, given] of Object.entries(value)) {
    if (!isObject(given)) continue
    const child = children.find(({ name }) => name === (given.typeName ?? key))
    if (!child) continue
    const one = readField(child, given, strict) as string | readonly string[]
    if (one.length > 0) read[child.name] = one
  }
  return read
}

/** Metadata with the given values beside what is there; those that are there already are skipped. Throws `UnreadableMetadata`. */
export function withAdded(metadata: Metadata, given: Metadata): Metadata {
  return combined(metadata, given, (field, before, added) => {
    if (isNothing(added)) return before
    if (before === undefined) return added
    if (field.multiple) {
      const there = before as readonly CompoundValue[]
      const fresh = (added as readonly CompoundValue[]).filter((one) => !there.some((other) => isSame(one, other)))
      return [...there, ...fresh]
    }
    if (isSame(before, added)) return before
    throw new UnreadableMetadata(
      'You may not add data to a field that already has data and does not allow multiples. Use replace=true to replace existing data.',
    )
  })
}

/** Metadata with the given values instead of what is there in these fields. Throws `UnreadableMetadata`. */
export function withReplaced(metadata: Metadata, given: Metadata): Metadata {
  return combined(metadata, given, (field, _before, added) => {
    if (!isNothing(added)) return added
    if (field.required || field.children?.some(({ required }) => required && field.required))
      throw new UnreadableMetadata(
        `Empty ${field.multiple ? 'multiple ' : ''}required value for field: ${field.displayName}`,
      )
    return undefined
  })
}

/** Metadata without the given values; each must be there. Throws `UnreadableMetadata`. */
export function withRemoved(metadata: Metadata, given: Metadata): Metadata {
  return combined(metadata, given, (field, before, removed) => {
    let left = before === undefined ? [] : Array.isArray(before) ? before : [before]
    const all: readonly unknown[] = Array.isArray(removed) ? removed : [removed]
    for (const [at, one] of all.entries()) {
      if (all.slice(0, at).some((other) => isSame(one, other))) continue
      const rest = left.filter((other) => !isSame(one, other))
      if (rest.length === left.length)
        throw new UnreadableMetadata(`Delete metadata failed: ${field.displayName}: ${asText(one)} not found.`)
      left = rest
    }
    if (left.length === 0) return undefined
    return field.multiple ? left : left[0]
  })
}

function combined(
  metadata: Metadata,
  given: Metadata,
  combine: (field: Field, before: FieldValue | undefined, given: FieldValue) => FieldValue | undefined,
): Metadata {
  const made: Record<string, Record<string, FieldValue>> = Object.fromEntries(
    Object.entries(metadata).map(([block, values]) => [block, { ...values }]),
  )
  for (const [block, values] of Object.entries(given))
    for (const [name, value] of Object.entries(values)) {
      const field = fieldNamed(name)?.field
      if (!field) continue
      const into = made[block] ?? {}
      made[block] = into
      const after = combine(field, into[name], value)
      if (after === undefined) delete into[name]
      else into[name] = after
    }
  return Object.fromEntries(Object.entries(made).filter(([, values]) => Object.keys(values).length > 0))
}

const isNothing = (value: FieldValue): boolean =>
  typeof value === 'string' || Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0

function isSame(a: unknown, b: unknown): boolean {
  if (!isObject(a) || !isObject(b)) return JSON.stringify(a) === JSON.stringify(b)
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => JSON.stringify(a[key]) === JSON.stringify(b[key]))
}

const asText = (value: unknown): string => (isObject(value) ? Object.values(value).flat().join('; ') : String(value))
