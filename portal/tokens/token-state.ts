import type { Token } from './token.ts'

/** How a token stands, in a word or two. */
export const stateWords: Readonly<Record<Token['state'], string>> = {
  active: 'Active',
  pending: 'Not yet valid',
  closing: 'Being replaced',
  suspended: 'Suspended',
  expired: 'Expired',
  revoked: 'Revoked',
}
