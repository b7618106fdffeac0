import type { FastifyError } from 'fastify'
import type { Caller } from '#src/access/caller.ts'
import { cannotHold } from '#src/database/cannot-hold.ts'
import { mayPass } from '#src/database/may-pass.ts'
import { Problem, type ProblemKind } from '#src/problem/problem.ts'
import type { Dialect } from './dialect.ts'
import {
  bodyTooLarge,
  internalError,
  jsonInvalid,
  mediaUnsupported,
  notFound,
  requestInvalid,
  unavailable,
} from './problems.ts'
import { redact } from './redact.ts'

export const statusOf: Readonly<Record<ProblemKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  conflict: 409,
  gone: 410,
  precondition_failed: 412,
  too_large: 413,
  range_not_satisfiable: 416,
  unsupported_media: 415,
  checksum_mismatch: 460,
  unprocessable: 422,
  precondition_required: 428,
  too_many: 429,
  internal: 500,
  unavailable: 503,
  timeout: 504,
}

/** Everything that can be thrown, as a problem. What nobody foresaw says nothing to the caller but the request's id. */
export function toProblem(error: unknown, bodyLimit?: number): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>
  // The code of a DOMException, as an aborted signal throws it, is a number.
  if (typeof code === 'string' && code.startsWith('FST_')) {
    if (statusCode === 413)
      return bodyTooLarge({ detail: `At most ${bodyLimit} bytes are taken.`, hint: 'Send less at once.', cause: error })
    if (statusCode === 415) return mediaUnsupported({ hint: 'Send application/json, in UTF-8.', cause: error })
    if (code === 'FST_ERR_MAX_PARAM_LENGTH') return notFound({ cause: error })
    if (code.includes('JSON')) return jsonInvalid({ detail: 'The body is empty or not JSON.', cause: error })
    if (statusCode !== undefined && statusCode < 500)
      return requestInvalid({ detail: 'The request is malformed.', cause: error })
  }
  if (mayPass(error))
    return unavailable({ hint: 'Try again in a moment.', headers: { 'retry-after': '1' }, cause: error })
  if (cannotHold(error)) return requestInvalid({ detail: 'A text in it holds the character NUL.', cause: error })
  return internalError({ cause: error })
}

export interface ProblemFacts {
  readonly requestId: string
  readonly method: string
  /** With or without its query, which is cut off here. */
  readonly url: string
  readonly site: string | null
  readonly caller: Caller
}

export interface RenderedProblem {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** The reply to a problem: RFC 9457, or whatever the clients of a foreign dialect understand. */
export function renderProblem(problem: Problem, dialect: Dialect | undefined, facts: ProblemFacts): RenderedProblem {
  const status = statusOf[problem.kind]
  const path = redact(facts.url.split('?', 1)[0] ?? '/')
  if (dialect) {
    const foreign = dialect.renderProblem(problem, { ...facts, status, path })
    return {
      status: foreign.status,
      body: typeof foreign.body === 'string' ? foreign.body : JSON.stringify(foreign.body),
      headers: { ...problem.details.headers, ...foreign.headers, 'content-type': foreign.type },
    }
  }
  const { detail, hint, errors, extensions, headers } = problem.details
  return {
    status,
    body: JSON.stringify({
      type: `/docs/problems#${problem.code}`,
      title: problem.title,
      status,
      code: problem.code,
      detail,
      hint,
      errors,
      ...extensions,
      instance: path,
      request_id: facts.requestId,
    }),
    headers: { ...headers, 'content-type': 'application/problem+json; charset=utf-8' },
  }
}
