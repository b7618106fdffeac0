import { accountDisabled, signInFailed } from '#src/accounts/problems.ts'
import type { Dialect } from '#src/http/dialect.ts'
import { methodNotAllowed, notFound, sessionRequired, tokenInvalid, tokenMissing } from '#src/http/problems.ts'
import type { Problem } from '#src/problem/problem.ts'
import { personalTokensOff, slotTaken, tokenNotFound } from '#src/tokens/problems.ts'
import { xdmodCodes, xdmodNotAuthorized } from './problems.ts'

/** Every refusal, from controllers and REST alike. A JSON body without a text under `message` would crash the client. */
const refusal = (status: number, message: string, code = 0) => ({
  status,
  type: 'application/json',
  body: { success: false, count: 0, total: 0, totalCount: 0, results: [], data: [], message, code },
})

/** What lower rooms refuse, in the portal's words. */
const words: Readonly<Record<string, string>> = {
  [tokenMissing.code]: 'No token provided.',
  // Also of an expired one: who holds it learns that from a notice, who guesses learns nothing.
  [tokenInvalid.code]: 'Invalid token.',
  [signInFailed.code]: 'Invalid credentials specified.',
  [accountDisabled.code]: 'This account is disabled.',
  [slotTaken.code]: 'Token already exists.',
  [tokenNotFound.code]: 'API token not found.',
  [personalTokensOff.code]: 'Expiration Interval not provided.',
}

const isOfTokens = ({ code }: Problem): boolean => code === tokenMissing.code || code === tokenInvalid.code

const renderProblem: Dialect['renderProblem'] = (problem, { status, method, path }) => {
  const { detail = problem.title, hint, headers } = problem.details
  if (problem.code === notFound.code) return refusal(404, `No route found for "${method} ${path}"`)
  if (problem.code === methodNotAllowed.code)
    return refusal(405, `No route found for "${method} ${path}": Method Not Allowed (Allow: ${headers?.allow ?? ''})`)
  // A portal without a life for tokens is set up wrong, which is how clients hear of it.
  if (problem.code === personalTokensOff.code) return refusal(500, words[problem.code] ?? detail)
  const message = words[problem.code] ?? (hint === undefined ? detail : `${detail} ${hint}`)
  const rendered = refusal(status, message, xdmodCodes[problem.code])
  return isOfTokens(problem) ? { ...rendered, headers: { 'www-authenticate': 'Bearer' } } : rendered
}

/**
 * What XDMoD's clients speak. They show the token twice, as header and as parameter; where a token is optional a
 * bad one counts as none.
 */
export const xdmodDialect: Dialect = {
  name: 'xdmod',
  prefixes: ['/rest/', '/controllers/'],
  tokenHeaders: [],
  tokenParameters: ['Bearer'],
  sessionShownAs: 'token',
  ignoresBadTokens: true,
  acceptsJwt: true,
  renderProblem,
}

/** Of endpoints for people: a session is needed, and an API token is no better than nothing. */
export const xdmodSessionDialect: Dialect = {
  ...xdmodDialect,
  prefixes: [],
  renderProblem: (problem, facts) =>
    isOfTokens(problem) || problem.code === sessionRequired.code
      ? refusal(401, xdmodNotAuthorized.title)
      : renderProblem(problem, facts),
}
