import type { z } from 'zod'
import { acceptedMedia } from './bodies.ts'
import type { Endpoint } from './endpoint.ts'
import { exampleOf } from './example.ts'
import { type ApiFacts, tagOf } from './openapi.ts'
import { type Json, type JsonSchema, SchemaBook } from './schema-book.ts'

/** The API as a Postman collection (v2.1): set `token`, press Send. Read from the contracts like the OpenAPI document. */
export function postmanCollection(contracts: readonly Endpoint[], facts: ApiFacts): Json {
  const book = new SchemaBook()
  const shown = contracts.filter((contract) => !contract.hidden)
  const folders = Map.groupBy(shown, tagOf)
  return {
    info: {
      name: 'Tessera',
      version: facts.version,
      description: 'Make an API token under My Profile → API Token, and set it as the variable `token`.',
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'base_url', value: facts.siteAddress ?? 'http://localhost:8080' },
      { key: 'token', value: '' },
    ],
    item: [...folders].map(([name, endpoints]) => ({
      name,
      item: endpoints.map((contract) => itemOf(contract, book)),
    })),
  }
}

function itemOf(contract: Endpoint, book: SchemaBook): Json {
  const query = Object.entries(fieldsOf(contract.query, book))
  const params = Object.entries(fieldsOf(contract.params, book))
  const search = query.length > 0 ? `?${query.map(([name]) => `${name}=`).join('&')}` : ''
  return {
    name: contract.summary,
    request: {
      method: contract.method,
      description: contract.description ?? contract.summary,
      ...(contract.access === 'public' && { auth: { type: 'noauth' } }),
      header: [
        ...(contract.body ? [{ key: 'Content-Type', value: acceptedMedia(contract)[0] }] : []),
        ...(contract.idempotent ? [{ key: 'Idempotency-Key', value: '{{$guid}}' }] : []),
      ],
      url: {
        raw: `{{base_url}}${contract.path}${search}`,
        host: ['{{base_url}}'],
        path: contract.path.split('/').slice(1),
        query: query.map(([key, schema]) => ({
          key,
          value: textOf(schema),
          description: schema.description,
          disabled: true,
        })),
        variable: params.map(([key, schema]) => ({ key, value: textOf(schema), description: schema.description })),
      },
      ...(contract.body && { body: bodyOf(contract, contract.body, book) }),
    },
  }
}

function bodyOf(contract: Endpoint, body: z.ZodType, book: SchemaBook): Json {
  if (!acceptedMedia(contract)[0]?.endsWith('json')) {
    const fields = Object.entries(fieldsOf(body, book))
    return { mode: 'urlencoded', urlencoded: fields.map(([key, schema]) => ({ key, value: textOf(schema) })) }
  }
  const example = exampleOf(book.refer(body, 'input'), book.components())
  return { mode: 'raw', raw: JSON.stringify(example, null, 2), options: { raw: { language: 'json' } } }
}

const fieldsOf = (schema: z.ZodType | undefined, book: SchemaBook): Record<string, JsonSchema> =>
  schema ? (book.inline(schema, 'input').properties ?? {}) : {}

const textOf = (schema: JsonSchema): string => {
  const [example = schema.default ?? ''] = (schema.examples ?? []) as unknown[]
  return typeof example === 'object' ? JSON.stringify(example) : String(example)
}
