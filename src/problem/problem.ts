/**
 * What can go wrong, in words that a caller can act on (RFC 9457).
 * A room defines its problems in `problems.ts`; `http/` turns the kind into a status, a protocol into its own error body.
 */
export type ProblemKind =
  | 'invalid' // 400: the request as written cannot be understood
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not_found' // 404
  | 'method_not_allowed' // 405
  | 'not_acceptable' // 406
  | 'conflict' // 409
  | 'gone' // 410
  | 'precondition_failed' // 412
  | 'too_large' // 413
  | 'unsupported_media' // 415
  | 'range_not_satisfiable' // 416
  | 'checksum_mismatch' // 460, as tus has it
  | 'unprocessable' // 422: understood, but its values are not acceptable
  | 'precondition_required' // 428
  | 'too_many' // 429
  | 'internal' // 500
  | 'unavailable' // 503
  | 'timeout' // 504

export interface ProblemDetails {
  /** What happened this time, for the caller. Never a secret, never a stack. */
  detail?: string
  /** What to do next. */
  hint?: string
  /** Which members of the request are wrong; `pointer` is a JSON pointer ("#/expires_at") or a parameter's name. */
  errors?: readonly { pointer: string; detail: string }[]
  /** Further members of the problem document. */
  extensions?: Readonly<Record<string, unknown>>
  /** Response headers that belong to this problem (Retry-After, WWW-Authenticate…). */
  headers?: Readonly<Record<string, string>>
  /** For the log only. */
  cause?: unknown
}

export class Problem extends Error {
  readonly code: string
  readonly kind: ProblemKind
  readonly title: string
  readonly details: ProblemDetails

  constructor(definition: { code: string; kind: ProblemKind; title: string }, details: ProblemDetails = {}) {
    super(details.detail ?? definition.title, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'Problem'
    this.code = definition.code
    this.kind = definition.kind
    this.title = definition.title
    this.details = details
  }
}

/** A kind of problem that a room can raise: call it to make the error to throw. */
export interface ProblemDefinition {
  (details?: ProblemDetails): Problem
  readonly code: string
  readonly kind: ProblemKind
  readonly title: string
  /** In Markdown with nothing but `code`. */
  readonly remedy: string
}

/**
 * `code` is stable and documented (kebab-case, unique in the product); `title` says what it means in general,
 * `remedy` what whoever meets it does next, where the problem itself gives no better `hint`.
 */
export function defineProblem(code: string, kind: ProblemKind, title: string, remedy: string): ProblemDefinition {
  const definition = { code, kind, title, remedy }
  return Object.assign((details?: ProblemDetails) => new Problem(definition, details), definition)
}
