import type { Args } from '#portal/kit/contracts.ts'

/** What stands in the address of the list of everyone's tokens. */
export interface TokenSearch {
  readonly search?: string
  /** A state, or `any`; without: those that live. */
  readonly state?: string
  readonly account?: string
  readonly kind?: string
  readonly permission?: string
  readonly sort?: string
  /** A day (YYYY-MM-DD, UTC). */
  readonly unused_since?: string
  readonly expires_before?: string
}

type Revocation = Args<'POST /v1/tokens/revocations'>['body']
export type TokenQuestion = NonNullable<Args<'GET /v1/tokens'>['query']>

const startOf = (day: string | undefined): string | undefined => {
  const moment = new Date(`${day}T00:00:00Z`)
  // What is no day goes on as it is, to be refused: left out, the question would find more, and so would a revocation.
  return day === undefined || Number.isNaN(moment.getTime()) ? day : moment.toISOString()
}

/** The same as the server is asked it; what it doesn't know it refuses, and the page says so. */
export function questionOf(search: TokenSearch): TokenQuestion {
  const { state, unused_since, expires_before, sort, ...same } = search
  const question = {
    ...same,
    everyone: 'true',
    ...(state === undefined ? { live: 'true' } : state === 'any' ? {} : { state }),
    unused_since: startOf(unused_since),
    expires_before: startOf(expires_before),
    sort: sort ?? '-created',
  }
  return Object.fromEntries(Object.entries(question).filter(([, value]) => value !== undefined)) as TokenQuestion
}

/** The same as a bulk revocation is asked it: what has died stays as it is. */
export function revocationOf(question: TokenQuestion): Partial<Revocation> {
  const { search, account, kind, state, permission, unused_since, expires_before } = question
  const criteria = Object.entries({ search, account, kind, state, permission, unused_since, expires_before })
  const given = Object.fromEntries(criteria.filter(([, value]) => value !== undefined))
  return { ...(Object.keys(given).length === 0 ? { all: true } : given), live: true }
}

/** Whether anything but the order was chosen. */
export const isFiltered = ({ sort: _, ...search }: TokenSearch): boolean => Object.keys(search).length > 0

/** What a click on a column's head sorts by next: first the way it is mostly wanted, then the other. */
export function nextSort(column: string, now: string): string {
  const first = column === 'created' || column === 'last_used' ? `-${column}` : column
  if (now !== first) return first
  return first.startsWith('-') ? column : `-${column}`
}

/** For `aria-sort`. */
export function sortedBy(column: string, now: string): 'ascending' | 'descending' | 'none' {
  if (now === column) return 'ascending'
  return now === `-${column}` ? 'descending' : 'none'
}
