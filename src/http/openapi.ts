import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { isPermission, permissions } from '#src/access/permissions.ts'
import { verbs } from '#src/access/verbs.ts'
import { acceptedMedia } from './bodies.ts'
import { anyMedia, bodySchemaOf, type Endpoint, isMutating } from './endpoint.ts'
import { exampleOf } from './example.ts'
import { keepIdempotencyHours } from './idempotency.ts'
import { type Json, SchemaBook } from './schema-book.ts'

export interface ApiFacts {
  readonly version: string
  readonly siteAddress: string | null
  readonly sessionCookie: string
}

const Problem = z
  .object({
    type: z.string().meta({ description: 'Address of the documentation of this kind of problem.' }),
    title: z.string().meta({ description: 'What it means in general.' }),
    status: z.int(),
    code: z.string().meta({ description: 'Stable name of this kind of problem, for programs.' }),
    detail: z.string().optional().meta({ description: 'What happened this time.' }),
    hint: z.string().optional().meta({ description: 'What to do next.' }),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Which members are wrong: a JSON pointer (`#/expires_at`) or a parameter’s name.' }),
    instance: z.string().optional().meta({ description: 'The path that was asked, unless it could not be read.' }),
    request_id: z.string(),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457).' })

/** Problems that come from the duties every endpoint owes; what an act refuses itself falls under `default`. */
const problemResponses: Readonly<Record<string, string>> = {
  400: 'The request is not what this endpoint expects; `errors` names the members.',
  401: 'No valid token or session. `WWW-Authenticate` says which (RFC 6750).',
  403: 'A permission is missing; `missing_permissions` names it.',
  404: 'There is no such thing, or none that the caller may see.',
  409: 'The first request with this Idempotency-Key is still running, or the state of things forbids it.',
  413: 'The body is too large.',
  415: 'The body has the wrong media type.',
  422: 'Understood, but the values are not acceptable.',
  429: 'Too many requests; `Retry-After` says how many seconds to wait.',
}

/** The whole API as OpenAPI 3.1, read from the contracts: nothing is written twice. */
export function describeApi(contracts: readonly Endpoint[], facts: ApiFacts): Json {
  const book = new SchemaBook()
  const problem = book.refer(Problem, 'output')
  const problemContent = { 'application/problem+json': { schema: problem } }
  const paths: Record<string, Record<string, Json>> = {}
  const shown = contracts.filter((contract) => !contract.hidden)
  for (const contract of shown) {
    const path = templateOf(contract.path)
    paths[path] ??= {}
    paths[path][contract.method.toLowerCase()] = describeOperation(contract, book)
  }
  const tags = [...new Set(shown.map(tagOf))].sort()
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tessera',
      version: facts.version,
      description: 'Data out of a warehouse, through it and into it, with one token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: facts.siteAddress ?? '/' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: book.components(),
      responses: {
        ...Object.fromEntries(
          Object.entries(problemResponses).map(([status, description]) => [
            `Problem${status}`,
            { description, content: problemContent },
          ]),
        ),
        Problem: { description: 'Any other problem.', content: problemContent },
      },
      headers: {
        'X-Request-Id': { description: 'Name of this request in our logs.', schema: { type: 'string' } },
        RateLimit: {
          description: 'What is left (`r`) until the quota is whole again (`t` seconds).',
          schema: { type: 'string' },
        },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token: `Authorization: Bearer tsr_…`.' },
        session: { type: 'apiKey', in: 'cookie', name: facts.sessionCookie, description: 'A signed-in browser.' },
      },
    },
  }
}

function describeOperation(contract: Endpoint, book: SchemaBook): Json {
  const takesBody = contract.body !== undefined
  return {
    operationId: contract.id,
    tags: [tagOf(contract)],
    summary: contract.summary,
    ...textOf(contract),
    security: securityOf(contract),
    parameters: [
      ...parametersOf(contract, 'params', book),
      ...parametersOf(contract, 'query', book),
      ...(contract.idempotent ? [idempotencyKey] : []),
      ...(contract.startsRun ? [preferWait] : []),
      ...(contract.ranges ? [range] : []),
    ],
    ...(takesBody && { requestBody: requestBodyOf(contract, book) }),
    responses: {
      [contract.status ?? (contract.reply || contract.media ? 200 : 204)]: successOf(contract, book),
      ...(contract.ranges && { 206: { ...successOf(contract, book), description: 'The part that `Range` asks for' } }),
      ...Object.fromEntries(
        problemStatuses(contract).map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
      default: contract.dialect
        ? { description: `A problem in the form that clients of ${contract.dialect.name} know.` }
        : { $ref: '#/components/responses/Problem' },
    },
  }
}

function textOf({ access, description, audit, resource, secrets }: Endpoint): Json {
  const facts = [
    description,
    isPermission(access) &&
      `Needs the permission \`${access}\` (${permissions[access].label})${resource ? `, on all or on this \`${resource}\`` : ''}.`,
    audit &&
      `Audited as ${[audit]
        .flat()
        .map((verb) => `\`${verb}\` (${verbs[verb]})`)
        .join(', ')}.`,
    secrets && `Shown once and never again: ${secrets.map((name) => `\`${name}\``).join(', ')}.`,
  ].filter(Boolean)
  return facts.length > 0 ? { description: facts.join('\n\n') } : {}
}

function securityOf({ access, shown }: Endpoint): Json[] {
  if (access === 'public') return []
  const scopes = isPermission(access) ? [access] : []
  return [
    ...(shown === 'session' ? [] : [{ token: scopes }]),
    ...(shown === 'token' ? [] : [{ session: scopes }]),
    ...(access === 'optional' ? [{}] : []),
  ]
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: `Sent again with the same key within ${keepIdempotencyHours} hours, the request changes nothing again and gets the first answer, less its secrets (\`not_repeated\` names them).`,
  schema: { type: 'string', maxLength: 200, examples: ['8e03978e-40d5-43dd-bc93-6894a57f9324'] },
}

const range: Json = {
  name: 'Range',
  in: 'header',
  required: false,
  description: 'Gives this part only, with status 206.',
  schema: { type: 'string', maxLength: 100, examples: ['bytes=0-1023'] },
}

const preferWait: Json = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description:
    '`wait=n` holds the answer, once the run is stored, until it has ended or n seconds (at most 30) have passed.',
  schema: { type: 'string', maxLength: 200, examples: ['wait=20'] },
}

function parametersOf(contract: Endpoint, part: 'params' | 'query', book: SchemaBook): Json[] {
  const schema = contract[part]
  if (!schema) return []
  const { properties, required = [] } = book.inline(schema, 'input')
  if (!properties) throw new Error(`${contract.id}: ${part} must be an object, so that its parameters can be described`)
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: part === 'params' ? 'path' : 'query',
    required: part === 'params' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }))
}

function requestBodyOf(contract: Endpoint, book: SchemaBook): Json {
  const written = bodySchemaOf(contract)
  if (!written) return streamedBodyOf(contract)
  const schema = book.refer(written, 'input')
  const example = exampleOf(schema, book.components())
  return {
    required: !written.safeParse(undefined).success,
    content: Object.fromEntries(
      acceptedMedia(contract).map((type) => [type === anyMedia ? 'application/json' : type, { schema, example }]),
    ),
  }
}

/** OpenAPI 3.1 §4.8.14: the bytes of a file have no schema of their own. */
function streamedBodyOf(contract: Endpoint): Json {
  const { parts = {} } = contract
  const form = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(parts).map(([name, kind]) => [
        name,
        kind === 'file' ? { type: 'string', contentMediaType: 'application/octet-stream' } : { type: 'string' },
      ]),
    ),
  }
  const described = contract.body === 'multipart' ? { schema: form } : {}
  return {
    required: false,
    content: Object.fromEntries(acceptedMedia(contract).map((type) => [type, described])),
  }
}

function successOf(contract: Endpoint, book: SchemaBook): Json {
  const content = {
    ...(contract.reply && { 'application/json': { schema: book.refer(contract.reply, 'output') } }),
    ...Object.fromEntries(
      (contract.media ?? []).map((type) => [
        type,
        /json|^text\//.test(type) ? {} : { schema: { type: 'string', format: 'binary' } },
      ]),
    ),
  }
  const status = contract.status ?? (contract.reply || contract.media ? 200 : 204)
  return {
    description: STATUS_CODES[status] ?? 'Done',
    headers: {
      'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' },
      ...(!contract.unlimited && { RateLimit: { $ref: '#/components/headers/RateLimit' } }),
    },
    ...(Object.keys(content).length > 0 && { content }),
  }
}

function problemStatuses(contract: Endpoint): number[] {
  if (contract.dialect) return []
  const known = contract.access !== 'public'
  const changes = isMutating(contract)
  return [
    ...(contract.query || contract.body ? [400] : []),
    ...(known ? [401, 403] : []),
    ...(contract.params ? [404] : []),
    ...(changes ? [409] : []),
    ...(contract.body ? [413, 415] : []),
    ...(changes && contract.body ? [422] : []),
    ...(contract.unlimited ? [] : [429]),
  ]
}

/** Fastify's `/v1/tokens/:token` as OpenAPI writes it. */
export const templateOf = (path: string): string => path.replace(/[:*]([A-Za-z_]\w*)(\([^)]*\))?/g, '{$1}')

/** The noun after `/v1/`; other tongues and the server itself by their first segment. */
export function tagOf({ path, dialect }: Endpoint): string {
  if (dialect) return dialect.name
  const [, first = '', second = ''] = path.split('/')
  return first === 'v1' ? second.replace(/\..*$/, '') : first
}
