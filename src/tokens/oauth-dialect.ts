import type { Dialect } from '#src/http/dialect.ts'
import type { ProblemKind } from '#src/problem/problem.ts'

const errors: Partial<Record<ProblemKind, string>> = {
  unauthenticated: 'invalid_token',
  forbidden: 'insufficient_scope',
  unavailable: 'temporarily_unavailable',
  internal: 'server_error',
}

/** Errors as OAuth clients read them (RFC 6749 §5.2). */
export const oauthDialect: Dialect = {
  name: 'oauth',
  prefixes: ['/oauth/'],
  tokenHeaders: [],
  tokenParameters: [],
  renderProblem: (problem, { status }) => ({
    status,
    body: {
      error: errors[problem.kind] ?? 'invalid_request',
      error_description: problem.details.detail ?? problem.title,
    },
    type: 'application/json; charset=utf-8',
    headers: { 'cache-control': 'no-store' },
  }),
}
