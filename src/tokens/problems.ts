import { defineProblem } from '#src/problem/problem.ts'

export const tokenNotFound = defineProblem(
  'token-not-found',
  'not_found',
  'There is no such token',
  'Check the id: the public one, not the secret. Others’ tokens are shown only to those who may manage them.',
)
export const personalTokensOff = defineProblem(
  'personal-tokens-off',
  'forbidden',
  'This portal lets nobody make tokens for themselves',
  'Ask an administrator; they may set `[api_token] expiration_interval`.',
)
export const tokenUnacceptable = defineProblem(
  'token-unacceptable',
  'unprocessable',
  'A token like this cannot be made',
  'The `detail` says what will not do; correct that and ask again.',
)
export const grantsExceeded = defineProblem(
  'grants-exceeded',
  'forbidden',
  'A token cannot be given more than its maker holds',
  'Leave out what you do not hold yourself, or ask somebody who does.',
)
export const accountCannotHoldTokens = defineProblem(
  'account-cannot-hold-tokens',
  'forbidden',
  'No token can be made for this account',
  'The `detail` says why; ask an administrator whether the account’s role or state can be changed.',
)
export const tokenNotAlive = defineProblem(
  'token-not-alive',
  'conflict',
  'The token does not work any more',
  'Make a new one: an expired or revoked token never comes back.',
)
export const tokenAlreadyRotated = defineProblem(
  'token-already-rotated',
  'conflict',
  'The token already has a successor',
  'Use its successor; if that one’s secret was lost on the way, revoke it and ask again.',
)
export const tokenOnlyNarrows = defineProblem(
  'token-only-narrows',
  'unprocessable',
  'A token can only ever lose permissions and time',
  'Make a new token to get more permissions or more time.',
)
export const slotTaken = defineProblem(
  'token-slot-taken',
  'conflict',
  'The account already has this token',
  'Delete or recreate the one that is there.',
)
export const verificationUnavailable = defineProblem(
  'verification-unavailable',
  'unavailable',
  'Tokens cannot be checked at the moment',
  'Try again in a moment; nothing is wrong with the token.',
)
export const pepperMissing = defineProblem(
  'pepper-missing',
  'unavailable',
  'The key under which this token is stored is missing here',
  'The administrator puts the pepper file back, or lets the token be made anew.',
)
export const pepperUnreadable = defineProblem(
  'pepper-unreadable',
  'internal',
  'The file of the keys for tokens cannot be read',
  'The administrator puts back `[api_token] pepper_file` from the backup, readable for the server.',
)
export const hubKeyUnusable = defineProblem(
  'hub-key-unusable',
  'internal',
  'The public key of the JupyterHub cannot be used',
  'The administrator names a PEM file with the hub’s RSA public key in `[jupyterhub] public_key_file`.',
)
export const termsNotAccepted = defineProblem(
  'terms-not-accepted',
  'forbidden',
  'The terms of use of API tokens have not been accepted',
  'Read the terms of use in the portal and accept them, then ask again.',
)
export const termsChanged = defineProblem(
  'terms-changed',
  'conflict',
  'These are not the terms of use that are in force',
  'Read what they say now, and accept that.',
)
export const tokensChanged = defineProblem(
  'tokens-changed',
  'conflict',
  'Other tokens are found than were counted',
  'Count them again with `dry_run`, look at what has changed, and ask again.',
)
export const termsUnreadable = defineProblem(
  'terms-unreadable',
  'internal',
  'The terms of use of API tokens cannot be shown',
  'The administrator names a text file that the server may read in `[api_token] terms_file`.',
)
export const feedNotFound = defineProblem(
  'feed-not-found',
  'not_found',
  'There is no such calendar',
  'Copy its address anew from the portal: a renewed calendar has another one.',
)
