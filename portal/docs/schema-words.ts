import { nameOf, type Schema } from './api-document.ts'

type Schemas = Readonly<Record<string, Schema>>

/** One member of a body or reply, as a line of the docs. */
export interface Field {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly description: string
  readonly facts: readonly string[]
  /** Members of what it holds. */
  readonly fields: readonly Field[]
}

const formats: Readonly<Record<string, string>> = {
  'date-time': 'moment (ISO 8601, UTC)',
  date: 'day (YYYY-MM-DD)',
  uuid: 'id (UUID)',
  email: 'e-mail address',
  uri: 'address',
  binary: 'file',
}

/** What a value is, in few words: `text`, `list of whole numbers`, `one of a, b, c`. */
export function typeText(schema: Schema, schemas: Schemas): string {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    const named = schemas[name]
    return named?.properties || !named ? name : typeText(named, schemas)
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.length === 1 ? String(schema.enum[0]) : `one of ${schema.enum.join(', ')}`
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choiceText(choices.map((choice) => typeText(choice, schemas)))
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ ...schema, type }, schemas)).join(' or ')
  if (schema.type === 'array') return `list of ${schema.items ? typeText(schema.items, schemas) : 'anything'}`
  if (schema.type === 'string') return formats[schema.format ?? ''] ?? 'text'
  if (schema.type === 'integer') return 'whole number'
  if (schema.type === 'boolean') return 'true or false'
  return typeof schema.type === 'string' ? schema.type : 'anything'
}

/** `text or a list of it` for what may come once or several times. */
function choiceText(texts: readonly string[]): string {
  const all = [...new Set(texts)]
  const single = all.find((text) => all.includes(`list of ${text}`))
  const others = all.filter((text) => text !== single && text !== `list of ${single}`)
  return [...(single === undefined ? [] : [`${single} or a list of it`]), ...others].join(' or ')
}

/** What is said of a value, or of what it is made of. */
export function descriptionOf(schema: Schema): string {
  const parts = [...(schema.anyOf ?? schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])]
  return schema.description ?? parts.map(descriptionOf).find((text) => text !== '') ?? ''
}

/** What else there is to know of a value: its bounds and what stands in for it when it is left out. */
export function factsOf(schema: Schema): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, examples } = schema
  const fallback = schema.default
  return [
    fallback !== undefined && `Default: ${JSON.stringify(fallback)}`,
    bounds(minimum, maximum, ''),
    bounds(minLength, maxLength, ' characters'),
    bounds(minItems, maxItems, ' items'),
    pattern !== undefined && `Form: ${pattern}`,
    examples?.[0] !== undefined && `Example: ${JSON.stringify(examples[0])}`,
  ].filter((fact): fact is string => typeof fact === 'string')
}

function bounds(least: number | undefined, most: number | undefined, what: string): string | false {
  const figure = (value: number) => value.toLocaleString('en')
  if (least !== undefined && most !== undefined) return `${figure(least)} to ${figure(most)}${what}`
  if (most !== undefined) return `At most ${figure(most)}${what}`
  return least === undefined ? false : `At least ${figure(least)}${what}`
}

/** The members of an object, of the objects in a list, or of whatever a value may be; what holds itself is not unrolled twice. */
export function fieldsOf(schema: Schema, schemas: Schemas, within: readonly string[] = []): Field[] {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    const named = schemas[name]
    return named && !within.includes(name) ? fieldsOf(named, schemas, [...within, name]) : []
  }
  if (schema.items) return fieldsOf(schema.items, schemas, within)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return mergeFields(choices.flatMap((choice) => fieldsOf(choice, schemas, within)))
  const further = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null
  return [
    ...Object.entries(schema.properties ?? {}).map(([name, member]) =>
      fieldOf(name, member, schema.required?.includes(name) ?? false, schemas, within),
    ),
    ...(further && fieldsOf(further, schemas, within).length > 0
      ? [fieldOf('(any name)', further, false, schemas, within)]
      : []),
  ]
}

const fieldOf = (
  name: string,
  schema: Schema,
  required: boolean,
  schemas: Schemas,
  within: readonly string[],
): Field => ({
  name,
  type: typeText(schema, schemas),
  required,
  description: descriptionOf(schema),
  facts: factsOf(schema),
  fields: fieldsOf(schema, schemas, within),
})

/** Alternatives share members; each is told once. */
const mergeFields = (fields: readonly Field[]): Field[] => [
  ...new Map(fields.map((field) => [field.name, field])).values(),
]
