import type { Reply } from '#portal/kit/contracts.ts'

export type Account = Reply<'GET /v1/accounts/:account'>
export type Role = Account['role']

/** What each role adds to the one before it. */
const adds: readonly (readonly [Role, string])[] = [
  ['viewer', 'read aggregates and reports'],
  ['member', 'read raw rows, fill in reports and deposit datasets'],
  ['manager', 'refresh models, make reports and run subscriptions'],
  ['admin', 'see and manage everybody’s tokens, accounts, audit log and settings'],
]

const rank = (role: Role): number => adds.findIndex(([name]) => name === role)

/** What follows from another role, in sentences. */
export function roleChangeWords(from: Role, to: Role): string {
  const between = adds.slice(Math.min(rank(from), rank(to)) + 1, Math.max(rank(from), rank(to)) + 1)
  const acts = between.map(([, words]) => words).join('; ')
  if (acts === '') return ''
  return rank(to) > rank(from)
    ? `From then on they may also ${acts}. Tokens that they have gain nothing by it.`
    : `From then on they may no longer ${acts}. Their tokens lose the same at once, whatever they were given.`
}

export const roleNames: Readonly<Record<Role, string>> = {
  viewer: 'Viewer',
  member: 'Member',
  manager: 'Manager',
  admin: 'Administrator',
}

export const roleChoices = adds.map(([value]) => ({ value, label: roleNames[value] }))

export const kindNames: Readonly<Record<Account['kind'], string>> = { person: 'Person', service: 'Service account' }

/** What stands in the address of the list of accounts. */
export interface AccountSearch {
  readonly search?: string
  readonly kind?: string
  readonly role?: string
  readonly state?: string
}
