/** What the pages read of `GET /v1/openapi.json`. */
export interface ApiDocument {
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly responses: Readonly<Record<string, DescribedReply>>
  }
}

interface DescribedOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, DescribedReply | { readonly $ref: string }>>
}

interface DescribedReply {
  readonly description: string
  readonly content?: Content
}

type Content = Readonly<Record<string, { readonly schema?: Schema; readonly example?: unknown }>>

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: Schema
}

/** JSON Schema, as far as the contracts use it. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
}

export interface ApiReply {
  /** A status, or `default` for all others. */
  readonly status: string
  readonly description: string
  readonly media: readonly string[]
  readonly schema: Schema | null
}

export interface Operation {
  readonly id: string
  readonly tag: string
  readonly method: string
  /** With parameters in braces: `/v1/tokens/{token}`. */
  readonly path: string
  readonly summary: string
  readonly description: string
  /** Whom the server knows by what: nobody need be known where `nobody` is true. */
  readonly shows: { readonly token: boolean; readonly session: boolean; readonly nobody: boolean }
  readonly permission: string | null
  readonly parameters: readonly Parameter[]
  readonly body: {
    readonly required: boolean
    readonly media: readonly string[]
    readonly schema: Schema
    readonly example: unknown
  } | null
  readonly done: ApiReply
  readonly refused: readonly ApiReply[]
}

export interface OperationGroup {
  readonly tag: string
  readonly label: string
  readonly operations: readonly Operation[]
}

/** What people come for stands first, what only machines ask last; tags that aren't named here stand between. */
const first = ['query', 'models', 'runs', 'tokens', 'permissions', 'accounts', 'session', 'sessions', 'password-links']
const last = ['health', 'metrics', 'oauth', 'xdmod', 'openapi', 'postman']
const spelled: Readonly<Record<string, string>> = {
  oauth: 'OAuth',
  openapi: 'OpenAPI',
  xdmod: 'XDMoD',
  session: 'Sign-in',
  audit: 'Audit log',
}

/** The operations of a document by their noun. */
export function groupsOf(document: ApiDocument): OperationGroup[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) =>
      readOperation(document, method.toUpperCase(), path, described),
    ),
  )
  const rank = (tag: string): number =>
    first.includes(tag) ? first.indexOf(tag) - first.length : last.includes(tag) ? 1 + last.indexOf(tag) : 0
  const tags = [...new Set(operations.map(({ tag }) => tag))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return tags.map((tag) => ({
    tag,
    label: spelled[tag] ?? tag.charAt(0).toUpperCase() + tag.slice(1).replaceAll('-', ' '),
    operations: operations.filter((operation) => operation.tag === tag),
  }))
}

function readOperation(document: ApiDocument, method: string, path: string, described: DescribedOperation): Operation {
  const { operationId, tags, summary, description = '', security, parameters, requestBody } = described
  const shown = security.flatMap((one) => Object.keys(one))
  const [done, ...refused] = Object.entries(described.responses)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, reply]) => readReply(document, status, reply))
  const content = Object.entries(requestBody?.content ?? {})
  return {
    id: operationId,
    tag: tags[0] ?? 'other',
    method,
    path,
    summary,
    description,
    shows: {
      token: shown.includes('token'),
      session: shown.includes('session'),
      nobody: security.length === 0 || security.some((one) => Object.keys(one).length === 0),
    },
    permission: security.flatMap((one) => Object.values(one).flat())[0] ?? null,
    parameters,
    body: content[0]
      ? {
          required: requestBody?.required ?? false,
          media: content.map(([type]) => type),
          schema: content[0][1].schema ?? {},
          example: content[0][1].example,
        }
      : null,
    done: done ?? { status: '200', description: 'Done', media: [], schema: null },
    refused,
  }
}

function readReply(document: ApiDocument, status: string, given: DescribedReply | { readonly $ref: string }): ApiReply {
  const reply = '$ref' in given ? document.components.responses[nameOf(given.$ref)] : given
  const content = Object.entries(reply?.content ?? {})
  return {
    status,
    description: reply?.description ?? '',
    media: content.map(([type]) => type),
    schema: content.find(([type]) => type.endsWith('json'))?.[1].schema ?? null,
  }
}

/** The operations that hold all words of a search, in path, summary or description; empty groups go. */
export function searchGroups(groups: readonly OperationGroup[], search: string): OperationGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const holds = ({ id, method, path, summary, description }: Operation, label: string): boolean => {
    const text = `${id} ${method} ${path} ${summary} ${description} ${label}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return groups.flatMap((group) => {
    const operations = group.operations.filter((operation) => holds(operation, group.label))
    return operations.length > 0 ? [{ ...group, operations }] : []
  })
}

/** The last part of a reference. */
export const nameOf = (reference: string): string => reference.slice(reference.lastIndexOf('/') + 1)
