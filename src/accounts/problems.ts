import { defineProblem } from '#src/problem/problem.ts'

export const signInFailed = defineProblem(
  'sign-in-failed',
  'unauthenticated',
  'The user name or the password is wrong',
  'Check both, and whether Caps Lock is on. Forgotten passwords are replaced through a one-time link that an administrator makes.',
)
export const signInThrottled = defineProblem(
  'sign-in-throttled',
  'too_many',
  'Too many attempts to sign in',
  'Wait as long as `Retry-After` says, then try once more. Others, and this account from elsewhere, can sign in meanwhile.',
)
export const signInBusy = defineProblem(
  'sign-in-busy',
  'unavailable',
  'Too many people are signing in at this moment',
  'Try again in a few seconds.',
)
export const accountDisabled = defineProblem(
  'account-disabled',
  'forbidden',
  'This account is disabled',
  'Ask an administrator to enable it.',
)
export const accountNotFound = defineProblem(
  'account-not-found',
  'not_found',
  'There is no such account',
  'Check the id or the user name; `GET /v1/accounts` lists them.',
)
export const userNameTaken = defineProblem(
  'user-name-taken',
  'conflict',
  'Another account has this user name',
  'Choose another user name; upper and lower case count as the same.',
)
export const accountUnsuitable = defineProblem(
  'account-unsuitable',
  'unprocessable',
  'The account cannot be made or changed like this',
  'The `detail` names what does not go together; correct that and ask again.',
)
export const lastAdmin = defineProblem(
  'last-admin',
  'conflict',
  'Somebody must remain who can administer',
  'Give another person the role of administrator first.',
)
export const adminBySessionOnly = defineProblem(
  'admin-by-session-only',
  'forbidden',
  'A token cannot make administrators',
  'Sign in as an administrator and do it there, or at the command line.',
)
export const passwordUnacceptable = defineProblem(
  'password-unacceptable',
  'unprocessable',
  'The new password will not do',
  'Choose a longer one that nobody guesses: several words that have nothing to do with each other, or one from a password manager.',
)
export const currentPasswordWrong = defineProblem(
  'current-password-wrong',
  'unprocessable',
  'The current password is not right',
  'Type the password with which you sign in now.',
)
export const passwordLinkInvalid = defineProblem(
  'password-link-invalid',
  'not_found',
  'This link does not work any more',
  'Links work once and for 72 hours. Ask an administrator for a new one.',
)
export const sessionNotFound = defineProblem(
  'session-not-found',
  'not_found',
  'There is no such session',
  'It has ended already; `GET /v1/sessions` lists those that live.',
)
