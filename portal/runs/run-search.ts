import type { Args } from '#portal/kit/contracts.ts'

/** What stands in the address of a list of runs. */
export interface RunSearch {
  readonly state?: string
  readonly kind?: string
  readonly subject?: string
  readonly trigger?: string
  readonly account?: string
  readonly token?: string
  /** A number of days back, counted from the beginning of today: `1` is today. */
  readonly days?: string
}

export const runSearchKeys = ['state', 'kind', 'subject', 'trigger', 'account', 'token', 'days'] as const

export type RunQuestion = NonNullable<Args<'GET /v1/runs'>['query']>

/** The same as the server is asked it; what it does not know it refuses, and the page says so. */
export function questionOf({ days, ...search }: RunSearch, now = new Date()): RunQuestion {
  const since = sinceOf(days, now)
  return { ...search, ...(since !== undefined && { since }) } as RunQuestion
}

/** From when on: midnight of the reader's own day, so many days back. Of what is no number, nothing is left out. */
export function sinceOf(days: string | undefined, now = new Date()): string | undefined {
  const back = Number(days)
  if (days === undefined || !Number.isInteger(back) || back < 1 || back > 3650) return undefined
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - back + 1).toISOString()
}

export const spans = [
  { days: '1', label: 'Today' },
  { days: '7', label: '7 days' },
  { days: '30', label: '30 days' },
] as const
