import type { z } from 'zod'
import { acceptedMedia } from './bodies.ts'
import { anyMedia, bodySchemaOf, type Endpoint } from './endpoint.ts'
import { exampleOf } from './example.ts'
import { type ApiFacts, tagOf } from './openapi.ts'
import { type Json, type JsonSchema, SchemaBook } from './schema-book.ts'
import type { StartCall } from './start-calls.ts'

const format = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const bearer = { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] }

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
      schema: format,
    },
    auth: bearer,
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
  const path = contract.path.replace(/\*(\w+)$/, ':$1')
  const search = query.length > 0 ? `?${query.map(([name]) => `${name}=`).join('&')}` : ''
  return {
    name: contract.summary,
    request: {
      method: contract.method,
      description: contract.description ?? contract.summary,
      ...(contract.access === 'public' && { auth: { type: 'noauth' } }),
      header: [
        ...(bodySchemaOf(contract) ? [{ key: 'Content-Type', value: acceptedMedia(contract)[0] }] : []),
        ...(contract.idempotent ? [{ key: 'Idempotency-Key', value: '{{$guid}}' }] : []),
      ],
      url: {
        raw: `{{base_url}}${path}${search}`,
        host: ['{{base_url}}'],
        path: path.split('/').slice(1),
        query: query.map(([key, schema]) => ({
          key,
          value: textOf(schema),
          description: schema.description,
          disabled: true,
        })),
        variable: params.map(([key, schema]) => ({ key, value: textOf(schema), description: schema.description })),
      },
      ...bodyOf(contract, book),
    },
  }
}

function bodyOf(contract: Endpoint, book: SchemaBook): Json {
  const body = bodySchemaOf(contract)
  if (contract.body === 'stream') return { body: { mode: 'file' } }
  if (contract.body === 'multipart') {
    const parts = Object.entries(contract.parts ?? {})
    return { body: { mode: 'formdata', formdata: parts.map(([key, type]) => ({ key, type, value: '' })) } }
  }
  return body ? { body: readBodyOf(contract, body, book) } : {}
}

function readBodyOf(contract: Endpoint, body: z.ZodType, book: SchemaBook): Json {
  const [media] = acceptedMedia(contract)
  if (media !== anyMedia && !media?.endsWith('json')) {
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

/**
 * A collection (v2.1) that starts one thing, follows its run to the end, and reads what it left; run as a whole (in
 * Postman's runner, or by newman) it tests that all went well. Its scripts are the same for everything that is started.
 */
export function startCollection({ siteAddress, path, what, files, more = [] }: StartCall): Json {
  const requests = [
    request('Start', 'POST', path, {
      header: [
        { key: 'Content-Type', value: 'application/json' },
        { key: 'Idempotency-Key', value: '{{$guid}}' },
      ],
      body: {
        mode: 'raw',
        raw: JSON.stringify({ cause: 'Postman' }, null, 2),
        options: { raw: { language: 'json' } },
      },
      script: keepRun,
    }),
    request('Watch the run', 'GET', '/v1/runs/{{run}}', {
      header: [{ key: 'Prefer', value: 'wait=20' }],
      script: watchRun,
    }),
    request('Read its log', 'GET', '/v1/runs/{{run}}/log', { script: answersWell }),
    ...more.map(({ name, place }) => request(name, 'GET', `/v1/runs/{{run}}/${place}`, { script: answersWell })),
    ...(files
      ? [
          request('List its files', 'GET', '/v1/runs/{{run}}/artifacts', { script: keepArtifact }),
          request('Download the first file', 'GET', '/v1/runs/{{run}}/artifacts/{{artifact}}', { script: answersWell }),
        ]
      : []),
  ]
  return {
    info: {
      name: what,
      description: `Set the variable \`token\` to an API token that may do this, then send the requests one after the other, or run the collection.`,
      schema: format,
    },
    auth: bearer,
    variable: [
      { key: 'base_url', value: siteAddress },
      { key: 'token', value: '' },
      { key: 'run', value: '' },
      ...(files ? [{ key: 'artifact', value: '' }] : []),
    ],
    item: requests,
  }
}

function request(
  name: string,
  method: string,
  path: string,
  { script, header = [], body }: { script: readonly string[]; header?: Json[]; body?: Json },
): Json {
  return {
    name,
    request: {
      method,
      header,
      url: { raw: `{{base_url}}${path}`, host: ['{{base_url}}'], path: path.split('/').slice(1) },
      ...(body && { body }),
    },
    event: [{ listen: 'test', script: { type: 'text/javascript', exec: script } }],
  }
}

const answersWell = ["pm.test('It answers', () => pm.response.to.have.status(200))"]

const keepRun = [
  "pm.test('The run is accepted', () => pm.response.to.have.status(202))",
  "if (pm.response.code === 202) pm.collectionVariables.set('run', pm.response.json().id)",
  'else postman.setNextRequest(null)',
]

const watchRun = [
  ...answersWell,
  "const open = pm.response.code === 200 && ['queued', 'running'].includes(pm.response.json().state)",
  '// Asked again until the run has ended.',
  'if (open) postman.setNextRequest(pm.info.requestName)',
  "else pm.test('The run ends well', () => pm.expect(pm.response.json().state).to.be.oneOf(['succeeded', 'skipped']))",
]

const keepArtifact = [
  ...answersWell,
  'const [first] = pm.response.code === 200 ? pm.response.json().artifacts : []',
  "if (first) pm.collectionVariables.set('artifact', first.id)",
  'else postman.setNextRequest(null)',
]
