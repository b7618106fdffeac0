import type { z } from 'zod'
import type * as accounts from '#src/accounts/contract.ts'
import type * as audit from '#src/audit/contract.ts'
import type * as metadataBlocks from '#src/datasets/blocks/contract.ts'
import type * as collections from '#src/datasets/collections/contract.ts'
import type * as datasets from '#src/datasets/contract.ts'
import type * as datasetFiles from '#src/datasets/files/contract.ts'
import type * as datasetFormats from '#src/datasets/formats/contract.ts'
import type * as licenses from '#src/datasets/licenses/contract.ts'
import type * as datasetRoles from '#src/datasets/roles/contract.ts'
import type * as datasetSearch from '#src/datasets/search/contract.ts'
import type * as datasetTables from '#src/datasets/tables/contract.ts'
import type * as exports from '#src/exports/contract.ts'
import type * as http from '#src/http/contract.ts'
import type { Endpoint } from '#src/http/endpoint.ts'
import type * as instance from '#src/instance/contract.ts'
import type * as models from '#src/models/contract.ts'
import type * as reports from '#src/reports/contract.ts'
import type * as runs from '#src/runs/contract.ts'
import type * as subscriptions from '#src/subscriptions/contract.ts'
import type * as inbox from '#src/subscriptions/inbox/contract.ts'
import type * as outbox from '#src/subscriptions/outbox/contract.ts'
import type * as tokens from '#src/tokens/contract.ts'
import type * as warehouse from '#src/warehouse/contract.ts'

/**
 * The server's own promises, as types: importing a type brings no code along, so the browser gets the shapes of every
 * endpoint for nothing, and what doesn't fit them fails to compile.
 */
type EndpointsOf<Room> = Extract<Room[keyof Room], Endpoint>
type AnyEndpoint =
  | EndpointsOf<typeof accounts>
  | EndpointsOf<typeof audit>
  | EndpointsOf<typeof collections>
  | EndpointsOf<typeof datasetFiles>
  | EndpointsOf<typeof datasetFormats>
  | EndpointsOf<typeof datasetRoles>
  | EndpointsOf<typeof datasets>
  | EndpointsOf<typeof datasetSearch>
  | EndpointsOf<typeof datasetTables>
  | EndpointsOf<typeof exports>
  | EndpointsOf<typeof http>
  | EndpointsOf<typeof inbox>
  | EndpointsOf<typeof instance>
  | EndpointsOf<typeof licenses>
  | EndpointsOf<typeof metadataBlocks>
  | EndpointsOf<typeof models>
  | EndpointsOf<typeof outbox>
  | EndpointsOf<typeof reports>
  | EndpointsOf<typeof runs>
  | EndpointsOf<typeof subscriptions>
  | EndpointsOf<typeof tokens>
  | EndpointsOf<typeof warehouse>

/** `'GET /v1/tokens/:token'`. */
export type Call = { [E in AnyEndpoint as `${E['method']} ${E['path']}`]: E }
export type CallName = keyof Call & string

type Sent<E, K extends string> = E extends Record<K, infer S extends z.ZodType> ? z.input<S> : undefined
type Optional<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: T[K]
}

/** Queries are written with plain values; the address carries text. */
type QueryInput<T> = T extends undefined ? undefined : { [K in keyof T]: T[K] | number | boolean | undefined }

/** What a call takes: parameters of its path, query, body; what isn't required may be left out. */
export type Args<N extends CallName> = Optional<{
  params: Sent<Call[N], 'params'>
  query: Partial<QueryInput<Sent<Call[N], 'query'>>> | undefined
  body: Sent<Call[N], 'body'>
}> & { readonly headers?: Record<string, string>; readonly signal?: AbortSignal }

/** What a call answers. */
export type Reply<N extends CallName> = Call[N] extends { reply: infer S extends z.ZodType } ? z.output<S> : undefined
