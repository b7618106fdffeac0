import type { Dialect } from '#src/http/dialect.ts'

/**
 * What buttons made for Inforiver's refresh links send. Nobody has published what they expect of an error, so ours leaves
 * as a problem document like everywhere.
 */
export const inforiverDialect: Dialect = {
  name: 'inforiver',
  tokenHeaders: [],
  tokenParameters: [],
  renderProblem: ({ code, title, details: { detail, hint, errors, extensions } }, { status, requestId, path }) => ({
    status,
    body: {
      type: `/docs/problems#${code}`,
      title,
      status,
      code,
      detail,
      hint,
      errors,
      ...extensions,
      instance: path,
      request_id: requestId,
    },
    type: 'application/problem+json; charset=utf-8',
  }),
}
