import { randomUUID } from 'node:crypto'
import type { Dialect } from '#src/http/dialect.ts'
import { internalError, methodNotAllowed, notFound } from '#src/http/problems.ts'
import { dataverseAccessDenied, dataverseNothingHere, isRefused } from './problems.ts'
import { inDataverseWords } from './words.ts'

/** Shapes of what the application says, and of what the framework below it says. */
const refusal = (status: number, rest: Readonly<Record<string, unknown>>) => ({
  status,
  type: 'application/json; charset=utf-8',
  body: { status: 'ERROR', ...rest },
})

const renderProblem: Dialect['renderProblem'] = (problem, { status, method, path, site, caller }) => {
  const framework = (code: number, message: string, more = {}) =>
    refusal(code, {
      code,
      message,
      ...more,
      // Never the query, in which a key may stand.
      requestUrl: `${site ?? ''}${path.replace(/^\/api\/(?!v1\/)/, '/api/v1/')}`,
      requestMethod: method,
    })
  if (problem.code === notFound.code) return framework(404, dataverseNothingHere.title)
  if (problem.code === dataverseNothingHere.code) return framework(404, problem.details.detail ?? problem.title)
  if (problem.code === dataverseAccessDenied.code) return framework(403, problem.title)
  if (problem.code === methodNotAllowed.code)
    return framework(
      405,
      'API endpoint does not support this method. Consult our API guide at http://guides.dataverse.org.',
    )
  if (problem.code === internalError.code)
    return framework(500, 'Internal server error. More details available at the server logs.', {
      incidentId: randomUUID(),
    })
  if (isRefused(problem))
    return refusal(status, { message: problem.details.detail ?? problem.title, ...problem.details.extensions })
  const said = inDataverseWords(problem, status, caller)
  return refusal(said.status, { message: said.message })
}

/**
 * What Dataverse's clients speak. They show the token as a header, or old ones as `key` in the address; the header counts
 * where both stand. Links that show a draft go where tokens go, and are judged by the acts.
 */
export const dataverseDialect: Dialect = {
  name: 'dataverse',
  prefixes: ['/api/'],
  tokenHeaders: ['x-dataverse-key'],
  tokenParameters: ['key'],
  tokenNeverInBody: true,
  // `/api/v1/` is the same tree, and a slash at the end means nothing.
  rewrite: (path) => path.replace(/^\/api\/v1(?=\/)/, '/api').replace(/(?<=.)\/+$/, ''),
  firstTokenCounts: true,
  otherSecrets: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  renderProblem,
}
