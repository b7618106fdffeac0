import { defineProblem } from '#src/problem/problem.ts'

export const signInFailed = defineProblem('sign-in-failed', 'unauthenticated', 'The user name or the password is wrong')
export const signInThrottled = defineProblem('sign-in-throttled', 'too_many', 'Too many attempts to sign in')
export const signInBusy = defineProblem('sign-in-busy', 'unavailable', 'Too many people are signing in at this moment')
export const accountDisabled = defineProblem('account-disabled', 'forbidden', 'This account is disabled')
export const accountNotFound = defineProblem('account-not-found', 'not_found', 'There is no such account')
export const userNameTaken = defineProblem('user-name-taken', 'conflict', 'Another account has this user name')
export const accountUnsuitable = defineProblem(
  'account-unsuitable',
  'unprocessable',
  'The account cannot be made or changed like this',
)
export const lastAdmin = defineProblem('last-admin', 'conflict', 'Somebody must remain who can administer')
export const adminBySessionOnly = defineProblem(
  'admin-by-session-only',
  'forbidden',
  'A token cannot make administrators',
)
export const passwordUnacceptable = defineProblem(
  'password-unacceptable',
  'unprocessable',
  'The new password will not do',
)
export const currentPasswordWrong = defineProblem(
  'current-password-wrong',
  'unprocessable',
  'The current password is not right',
)
export const passwordLinkInvalid = defineProblem(
  'password-link-invalid',
  'not_found',
  'This link does not work any more',
)
export const sessionNotFound = defineProblem('session-not-found', 'not_found', 'There is no such session')
