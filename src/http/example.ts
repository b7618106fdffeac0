import type { JsonSchema } from './schema-book.ts'

/** A value that fits the schema as far as it says: its own example, its default, or the plainest of its type. */
export function exampleOf(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>, depth = 0): unknown {
  if (schema.$ref !== undefined) {
    const named = components[schema.$ref.split('/').at(-1) ?? '']
    return named && depth < 6 ? exampleOf(named, components, depth + 1) : null
  }
  const { examples, enum: choices } = schema as { examples?: unknown[]; enum?: unknown[] }
  const { anyOf, oneOf, items } = schema as { anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; items?: JsonSchema }
  if (examples?.length) return examples[0]
  if ('default' in schema) return schema.default
  if ('const' in schema) return schema.const
  if (choices?.length) return choices[0]
  const alternatives = anyOf ?? oneOf
  if (alternatives?.[0]) return exampleOf(alternatives[0], components, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === 'object') return objectOf(schema, components, depth)
  if (type === 'array')
    return items && Number(schema.minItems ?? 0) > 0 ? [exampleOf(items, components, depth + 1)] : []
  if (type === 'number' || type === 'integer') return schema.minimum ?? 1
  if (type === 'boolean') return false
  if (type === 'null') return null
  return textOf(schema)
}

function objectOf(schema: JsonSchema, components: Readonly<Record<string, JsonSchema>>, depth: number): unknown {
  const required = new Set(schema.required)
  const members = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name))
  return Object.fromEntries(members.map(([name, member]) => [name, exampleOf(member, components, depth + 1)]))
}

const texts: Readonly<Record<string, string>> = {
  'date-time': '2030-01-31T12:00:00Z',
  date: '2030-01-31',
  email: 'ada@example.org',
  uri: 'https://example.org/',
  uuid: '8e03978e-40d5-43dd-bc93-6894a57f9324',
}

const textOf = (schema: JsonSchema): string =>
  texts[String(schema.format)] ??
  'text'.padEnd(Number(schema.minLength ?? 0), 't').slice(0, Number(schema.maxLength ?? 4))
