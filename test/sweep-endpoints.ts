import assert from 'node:assert/strict'
import fc from 'fast-check'
import { anonymous, type Caller } from '#src/access/caller.ts'
import { Grants } from '#src/access/grants.ts'
import { isPermission } from '#src/access/permissions.ts'
import { acceptedMedia } from '#src/http/bodies.ts'
import { bodySchemaOf, type Endpoint, isMutating, isStreamed } from '#src/http/endpoint.ts'
import { exampleOf } from '#src/http/example.ts'
import { type JsonSchema, SchemaBook } from '#src/http/schema-book.ts'
import { openSample, type Sample } from './sample-api.ts'

/**
 * What every endpoint owes before its act is reached, seen from outside. The contracts are served with handlers that
 * fail, so that whatever gets through to one is noticed.
 */
export interface Sweep {
  readonly contract: Endpoint
  /** The endpoint's address with sample identifiers in place of its parameters. */
  readonly url: string
  /** A body that the contract takes, if it takes one. */
  readonly body: unknown
  /** Asks it: as whom, with which changes. */
  ask(over: Asking): Promise<Asked>
}

interface Asking {
  readonly as?: 'nobody' | 'powerless' | 'everything'
  readonly method?: string
  readonly query?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Asked = Awaited<ReturnType<Sample['app']['inject']>>

const powerless: Caller = { ...anonymous, via: 'token', accountId: 'a', accountName: 'a', tokenId: 't' }
const everything: Caller = { ...powerless, grants: Grants.ofRole('admin') }

export function sweepOf(contracts: readonly Endpoint[]): { sweeps: Sweep[]; close(): Promise<void> } {
  const { app } = openSample({
    routes: contracts
      .filter(({ id }) => !ownIds.has(id))
      .map((contract) => ({
        contract,
        handler: () => {
          throw new Error(`${contract.id} was reached`)
        },
      })),
    verifiers: {
      sessionCookie: 'sweep',
      verifyToken: (secret) => (secret === 'everything' ? everything : secret === 'powerless' ? powerless : null),
      verifySession: (secret) =>
        secret === 'everything' || secret === 'powerless'
          ? { ...(secret === 'everything' ? everything : powerless), via: 'session', tokenId: null, sessionId: 's' }
          : null,
    },
  })
  const book = new SchemaBook()
  const sweeps = contracts.map((contract) => {
    const url = urlOf(contract, book)
    const shape = bodySchemaOf(contract)
    const body = shape ? exampleOf(book.refer(shape, 'input'), book.components()) : undefined
    const ask = ({ as = 'nobody', method = contract.method, query = '', body, headers }: Asking) => {
      const form = acceptedMedia(contract)[0]?.endsWith('urlencoded')
      const session = contract.shown === 'session'
      return app.inject({
        url: url + query,
        method: method as 'GET',
        headers: {
          ...(as !== 'nobody' &&
            (session ? { cookie: `sweep=${as}`, 'sec-fetch-site': 'same-origin' } : { authorization: `Bearer ${as}` })),
          ...(body !== undefined && {
            'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
          }),
          ...headers,
        },
        ...(body !== undefined && {
          payload: form ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body),
        }),
      })
    }
    return { contract, url, body, ask }
  })
  return { sweeps, close: () => app.close() }
}

/** Served by every server beside what it is given. */
const ownIds = new Set(['read-liveness', 'read-readiness', 'read-metrics', 'read-openapi', 'read-postman-collection'])

function urlOf(contract: Endpoint, book: SchemaBook): string {
  const { properties = {} } = contract.params ? book.inline(contract.params, 'input') : ({} as JsonSchema)
  const url = contract.path.replace(/[:*](\w+)(?:\([^)]*\))?/g, (_, name: string) =>
    encodeURIComponent(sampleOf(properties[name] ?? {})),
  )
  if (contract.params) {
    const given = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sampleOf(schema)]))
    assert.ok(contract.params.safeParse(given).success, `${contract.id}: no sample for ${JSON.stringify(properties)}`)
  }
  return url
}

const sampleOf = (schema: JsonSchema): string => {
  const { pattern } = schema as { pattern?: string }
  return pattern === undefined
    ? String(exampleOf(schema, {}))
    : (fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 7 })[0] ?? '')
}

/** Why the contract itself is not as it should be; nothing when it is. */
export function faultsOf(contract: Endpoint, exceptions: { unrepeatable: ReadonlySet<string> }): string[] {
  const { id, method, path, access, summary, audit, idempotent, status = 200, dialect } = contract
  const book = new SchemaBook()
  const faults: string[] = []
  if (!/^[a-z][a-z0-9-]*$/.test(id)) faults.push('its id is not kebab-case')
  if (summary.length < 5) faults.push('it has no summary')
  if (isMutating(contract) && !audit) faults.push('it changes something but names no audit verb')
  if (!isMutating(contract) && audit) faults.push('it changes nothing but names an audit verb')
  // Where crawlers and operators look is not ours to choose.
  if (!dialect && !/^\/(v1|health|sitemaps)\/|^\/(metrics|robots\.txt|sitemap\.xml)?$/.test(path))
    faults.push(`${path} is not below /v1/`)
  if (!dialect && /[A-Z_]/.test(path.replace(/:\w+/g, ''))) faults.push(`${path} is not in kebab-case`)
  if (contract.resource && !path.includes(`:${contract.resource}`))
    faults.push(`there is no :${contract.resource} in ${path}`)
  if (contract.resource && !isPermission(access)) faults.push('it names a resource, but needs no permission on it')
  // What is streamed cannot be compared with what was sent before.
  const makes =
    method === 'POST' &&
    (status === 201 || status === 202) &&
    access !== 'public' &&
    isMutating(contract) &&
    !isStreamed(contract)
  if (makes && !idempotent && !dialect && !exceptions.unrepeatable.has(id))
    faults.push('it makes something but takes no Idempotency-Key')
  if (dialect) return faults
  for (const part of ['query', 'body'] as const) {
    const schema = schemaOf(contract, part)
    if (schema) faults.push(...looseObjects(book.refer(schema, 'input'), `${part}`, true))
  }
  for (const part of ['query', 'body', 'reply'] as const) {
    const schema = schemaOf(contract, part)
    if (schema) faults.push(...foreignNames(book.refer(schema, part === 'reply' ? 'output' : 'input'), part))
  }
  return faults
}

const schemaOf = (contract: Endpoint, part: 'query' | 'body' | 'reply') =>
  part === 'body' ? bodySchemaOf(contract) : contract[part]

type Node = JsonSchema & { items?: Node; anyOf?: Node[]; oneOf?: Node[]; additionalProperties?: unknown }

function childrenOf(schema: Node, at: string): [Node, string][] {
  return [
    ...Object.entries(schema.properties ?? {}).map(([name, child]): [Node, string] => [child as Node, `${at}/${name}`]),
    ...[schema.items, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((child) =>
      child ? [[child, at] as [Node, string]] : [],
    ),
  ]
}

/** Objects inside a request that would swallow unknown members; the outermost is made strict by the server. */
function looseObjects(schema: Node, at: string, outermost = false): string[] {
  const loose = !outermost && schema.properties !== undefined && schema.additionalProperties === undefined
  return [
    ...(loose ? [`${at} takes unknown members: use z.strictObject`] : []),
    ...childrenOf(schema, at).flatMap(([child, where]) => looseObjects(child, where)),
  ]
}

function foreignNames(schema: Node, at: string): string[] {
  const names = Object.keys(schema.properties ?? {}).filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))
  return [
    ...names.map((name) => `${at}/${name} is not in snake_case`),
    ...childrenOf(schema, at).flatMap(([child, where]) => foreignNames(child, where)),
  ]
}

/**
 * Every address that the router knows, parameters as `:`; read from the router itself, whoever filled it. Without those that
 * take all that follows, which it prints as `*` whatever stands before.
 */
export function routedAddresses(app: Sample['app']): string[] {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', own = '', methods] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line) ?? []
      if (own === '') return []
      const depth = indent.length / 4
      above.length = depth
      above[depth] = own.replace(/:[^/]+/g, ':')
      return methods === undefined || own === '*' ? [] : [above.join('')]
    })
}

/** The addresses that the contracts promise, in the same form. */
export const promisedAddresses = (contracts: readonly Endpoint[]): string[] => [
  ...new Set(contracts.filter((one) => !takesRest(one)).map(({ path }) => path.replace(/:[^/]+/g, ':'))),
]

/** Whether the last parameter takes all that follows, slashes included. */
export const takesRest = ({ path }: Endpoint): boolean => /\*\w*$/.test(path)
