import { z } from 'zod'

export type Json = { [name: string]: unknown }
export interface JsonSchema extends Json {
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  description?: string
  $ref?: string
  $defs?: Record<string, JsonSchema>
}

type Side = 'input' | 'output'

/** Turns zod schemas into JSON Schema, and collects those named by `.meta({ id })` as shared components. */
export class SchemaBook {
  readonly #components = new Map<string, JsonSchema>()

  /** The schema with its named parts referred to. */
  refer(schema: z.ZodType, side: Side): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = z.toJSONSchema(schema, {
      io: side,
      target: 'draft-2020-12',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => tidy(jsonSchema as JsonSchema, side),
    }) as JsonSchema
    const names = this.#file($defs)
    return pointAt(root, names) as JsonSchema
  }

  /** The schema itself even when it has a name, for parameters. */
  inline(schema: z.ZodType, side: Side): JsonSchema {
    const referred = this.refer(schema, side)
    const name = referred.$ref?.split('/').at(-1)
    return name === undefined ? referred : (this.#components.get(name) ?? referred)
  }

  components(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Files definitions under their names; one that reads differently on the other side gets a name of its own. */
  #file($defs: Record<string, JsonSchema>): Map<string, string> {
    const own = new Map(Object.keys($defs).map((name) => [name, name]))
    // Renaming one changes what refers to it, which may then differ too: until nothing does.
    for (let settled = false; !settled; ) {
      settled = true
      for (const [name, definition] of Object.entries($defs)) {
        const filed = this.#components.get(own.get(name) as string)
        if (filed === undefined || same(filed, pointAt(definition, own))) continue
        own.set(name, `${own.get(name)}Input`)
        settled = false
      }
    }
    for (const [name, definition] of Object.entries($defs))
      this.#components.set(own.get(name) as string, pointAt(definition, own) as JsonSchema)
    return own
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** What zod writes truly but nobody wants to read, or strict clients would trip over when we add a member. */
function tidy(schema: JsonSchema, side: Side): void {
  if (schema.format !== undefined) delete schema.pattern
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (same(schema.propertyNames, { type: 'string' })) delete schema.propertyNames
  if (side === 'output' && schema.additionalProperties === false) delete schema.additionalProperties
  delete schema.id
}

/** Rewrites references into the shared components. */
function pointAt(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => pointAt(item, names))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string') return [key, pointAt(inner, names)]
      const name = inner.replace('#/$defs/', '')
      return [key, `#/components/schemas/${names.get(name) ?? name}`]
    }),
  )
}
