import { defineProblem } from '#src/problem/problem.ts'

/** Refusals in XDMoD's own words: its clients show `message` to people, and some look for a word in it. */
export const xdmodInvalid = defineProblem(
  'xdmod-invalid',
  'invalid',
  'The request lacks something, or has it wrong',
  'The message names what is missing or wrong; correct that.',
)
export const xdmodUnknownDimension = defineProblem(
  'xdmod-unknown-dimension',
  'invalid',
  'The realm has no such dimension',
  'Ask for the dimensions of the realm and take one of these.',
)
export const xdmodUnknownUnit = defineProblem(
  'xdmod-unknown-unit',
  'invalid',
  'There is no such aggregation unit',
  'Take day, month, quarter or year.',
)
export const xdmodAccessDenied = defineProblem(
  'xdmod-access-denied',
  'forbidden',
  'The account may not read this realm',
  'Ask an administrator for a role that may.',
)
export const xdmodSessionExpired = defineProblem(
  'xdmod-session-expired',
  'unauthenticated',
  'Session Expired',
  'Sign in again, or send an API token.',
)
export const xdmodNotAuthorized = defineProblem(
  'xdmod-not-authorized',
  'unauthenticated',
  'An error was encountered while attempting to process the requested authorization procedure.',
  'Sign in, or send an API token whose account may do this.',
)

/** The number that stands beside the message; 0 for everything else. */
export const xdmodCodes: Readonly<Record<string, number>> = {
  [xdmodSessionExpired.code]: 2,
  [xdmodUnknownDimension.code]: 101,
  [xdmodUnknownUnit.code]: 102,
  [xdmodAccessDenied.code]: 103,
}

export const invalid = (detail: string) => xdmodInvalid({ detail })
