import { defineProblem } from '#src/problem/problem.ts'

export const addressRefused = defineProblem(
  'address-refused',
  'unprocessable',
  'The address is not one that the portal may reach',
  'Give a public http or https address, or let an administrator allow its network under `[outbound] allowed_networks`.',
)
export const addressUnreachable = defineProblem(
  'address-unreachable',
  'unavailable',
  'The other side could not be reached',
  'Check the address, and whether its server runs; then try again.',
)
export const fetchRefused = defineProblem(
  'fetch-refused',
  'unavailable',
  'The other side did not give what was asked of it',
  'Check the address and what it needs to answer; then try again.',
)
export const fetchTooLarge = defineProblem(
  'fetch-too-large',
  'too_large',
  'The other side sent more than is taken',
  'Ask it for less, or raise the limit.',
)
export const fetchTimedOut = defineProblem(
  'fetch-timed-out',
  'timeout',
  'The other side took too long',
  'Try again later, or raise the limit.',
)
