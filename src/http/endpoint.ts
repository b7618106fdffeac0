import type { Readable } from 'node:stream'
import type { z } from 'zod'
import type { Permission } from '#src/access/permissions.ts'
import type { Verb } from '#src/access/verbs.ts'
import type { Dialect } from './dialect.ts'
import type { BodyPart } from './multipart.ts'

/**
 * What an endpoint promises, declared once in a room's `contract.ts`. Everything it owes (authentication, permission,
 * validation, rate limit, idempotency, audit, reply shape) is read from here and paid in `serve.ts`; OpenAPI, the docs
 * and the every-endpoint sweep are made from the same object.
 */
export interface Endpoint {
  /** Unique; the operationId of OpenAPI. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Fastify's form: `/v1/tokens/:token`. A last `*name` takes the rest of the address, slashes included. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** Who may call: anybody; anybody signed in; anybody but seen as the caller when there is one; or the holder of a permission. */
  readonly access: 'public' | 'optional' | 'signed_in' | Permission
  /** Whether a browser session, a token or either may be shown. Default: either. */
  readonly shown?: 'session' | 'token'
  /** The path parameter naming the resource that the permission may be narrowed to. */
  readonly resource?: string
  /** It suffices to hold the permission on some resource: the act filters or checks by which (`requirePermission`). */
  readonly someResource?: true
  /** What the audit trail calls it: required of everything that changes something. The act notes it; `serve.ts` checks that it did. */
  readonly audit?: Verb | readonly Verb[]
  /** A POST that only reads (no transaction, no audit). */
  readonly reads?: true
  /** The handler opens its change itself, after work that must not hold a database connection (hashing a password). */
  readonly opensChange?: true
  /**
   * Answers 202 with a run whose address is its `Location`. With `Prefer: wait=n` the answer is then held, once the change
   * has committed, until the run has ended or n seconds have passed.
   */
  readonly startsRun?: true
  /** The POST accepts an `Idempotency-Key`. */
  readonly idempotent?: true
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  /**
   * Its shape, or `stream`: the bytes as they come (none if there is no body); or `multipart`: the `parts` of a form as
   * they come. Streamed bodies end in an error when the client hangs up, when there is more than `bodyLimit`, or when who
   * sent them may no longer do so. Nothing is to be changed before they have ended: such an endpoint `opensChange`.
   */
  readonly body?: z.ZodType | 'stream' | 'multipart'
  /** Of a `multipart` body, by name: files are streamed, texts are read whole (1 MiB at most). Whether it has a file name decides nothing. */
  readonly parts?: Readonly<Record<string, 'file' | 'text'>>
  /**
   * Media types of the body. Default: `application/json`; of streams any. Known besides: `application/x-www-form-urlencoded`,
   * and `anyMedia`: it is JSON whatever it is called.
   */
  readonly accepts?: readonly string[]
  /** The body is handed over as text instead of being parsed. */
  readonly plainText?: true
  /** Largest body in bytes. Default: 1 MiB; of streams none. */
  readonly bodyLimit?: number
  /** Shape of the JSON reply; it is the presenter: members not promised are dropped. */
  readonly reply?: z.ZodType
  /** Media types of a reply that is streamed instead. `application/octet-stream`: also any other, as the file has it. */
  readonly media?: readonly string[]
  /** `Range` gives a part of the reply. */
  readonly ranges?: true
  /** Members of the reply that are secrets: never kept for an idempotent replay. */
  readonly secrets?: readonly string[]
  /** Default 200. */
  readonly status?: number
  /** How other systems' clients speak: where a token may stand, what errors look like. Default: ours. */
  readonly dialect?: Dialect
  /** Calls per minute for one address or account beyond the general limit; for what guesses or costs. */
  readonly perMinute?: number
  /** Not counted against any limit (what load balancers ask all the time). */
  readonly unlimited?: true
  /** What `OPTIONS` tells besides the methods. */
  readonly optionsHeaders?: Readonly<Record<string, string>>
  /** Not shown in OpenAPI (a protocol's second spelling). */
  readonly hidden?: true
}

/** Among what an endpoint `accepts`: a body of any media type, or of none. */
export const anyMedia = '*/*'

export const endpoint = <const E extends Endpoint>(e: E): E => e

/** Whether the body passes through instead of being read first. */
export const isStreamed = ({ body }: Endpoint): boolean => body === 'stream' || body === 'multipart'

/** The shape of a body that is read before the act begins. */
export const bodySchemaOf = ({ body }: Endpoint): z.ZodType | undefined => (typeof body === 'string' ? undefined : body)

/** Whether the endpoint changes something: it then runs in one transaction and is audited. */
export const isMutating = (contract: Endpoint): boolean => contract.method !== 'GET' && contract.reads !== true

type Parsed<E, K extends 'params' | 'query' | 'body'> =
  E extends Record<K, infer S extends z.ZodType> ? z.output<S> : undefined
export type ParamsOf<E> = Parsed<E, 'params'>
export type QueryOf<E> = Parsed<E, 'query'>
export type BodyOf<E> = E extends { body: 'stream' }
  ? Readable
  : E extends { body: 'multipart' }
    ? AsyncIterable<BodyPart>
    : Parsed<E, 'body'>
/** What an act may return for this endpoint, before the presenter; it need not be mutable. */
export type ReplyOf<E> = E extends { reply: infer S extends z.ZodType } ? Given<z.input<S>> : unknown
type Given<T> = T extends readonly (infer Item)[]
  ? readonly Given<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : T
