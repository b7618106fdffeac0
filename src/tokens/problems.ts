import { defineProblem } from '#src/problem/problem.ts'

export const tokenNotFound = defineProblem('token-not-found', 'not_found', 'There is no such token')
export const personalTokensOff = defineProblem(
  'personal-tokens-off',
  'forbidden',
  'This portal lets nobody make tokens for themselves',
)
export const tokenUnacceptable = defineProblem(
  'token-unacceptable',
  'unprocessable',
  'A token like this cannot be made',
)
export const grantsExceeded = defineProblem(
  'grants-exceeded',
  'forbidden',
  'A token cannot be given more than its maker holds',
)
export const accountCannotHoldTokens = defineProblem(
  'account-cannot-hold-tokens',
  'forbidden',
  'No token can be made for this account',
)
export const tokenNotAlive = defineProblem('token-not-alive', 'conflict', 'The token does not work any more')
export const tokenAlreadyRotated = defineProblem(
  'token-already-rotated',
  'conflict',
  'The token already has a successor',
)
export const tokenOnlyNarrows = defineProblem(
  'token-only-narrows',
  'unprocessable',
  'A token can only ever lose permissions and time',
)
export const slotTaken = defineProblem('token-slot-taken', 'conflict', 'The account already has this token')
export const verificationUnavailable = defineProblem(
  'verification-unavailable',
  'unavailable',
  'Tokens cannot be checked at the moment',
)
export const pepperMissing = defineProblem(
  'pepper-missing',
  'unavailable',
  'The key under which this token is stored is missing here',
)
export const pepperUnreadable = defineProblem(
  'pepper-unreadable',
  'internal',
  'The file of the keys for tokens cannot be read',
)
export const hubKeyUnusable = defineProblem(
  'hub-key-unusable',
  'internal',
  'The public key of the JupyterHub cannot be used',
)
export const termsNotAccepted = defineProblem(
  'terms-not-accepted',
  'forbidden',
  'The terms of use of API tokens have not been accepted',
)
export const termsChanged = defineProblem(
  'terms-changed',
  'conflict',
  'These are not the terms of use that are in force',
)
export const termsUnreadable = defineProblem(
  'terms-unreadable',
  'internal',
  'The terms of use of API tokens cannot be shown',
)
export const feedNotFound = defineProblem('feed-not-found', 'not_found', 'There is no such calendar')
