import type { TokenPolicy } from './token.ts'

/** How a form says when a token is to end: after the portal's usual life, after some days, or on a day. */
export type ExpiryChoice =
  | { readonly by: 'usual' }
  | { readonly by: 'days'; readonly days: number }
  | { readonly by: 'date'; readonly date: string | null }

/** The choice as the server is asked it. */
export function expiryBody(choice: ExpiryChoice): { expires_in_days?: number; expires_at?: string } {
  if (choice.by === 'days') return { expires_in_days: choice.days }
  return choice.by === 'date' && choice.date !== null ? { expires_at: choice.date } : {}
}

/** The moment or day on which a token made now would end; null while no day is chosen. */
export function expiryOf(choice: ExpiryChoice, policy: TokenPolicy, now = Date.now()): Date | string | null {
  if (choice.by === 'days') return new Date(now + choice.days * 86_400_000)
  return choice.by === 'date' ? choice.date : policy.default_expires_at
}

/** YYYY-MM-DD as the person's calendar has it. */
export function dayOf(at: Date | string | number): string {
  const date = new Date(at)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, '0')).join('-')
}

/** The presets that the portal's longest life leaves. */
export const presetsWithin = ({ preset_days, maximum_expires_at }: TokenPolicy, now = Date.now()): number[] =>
  preset_days.filter((days) => now + days * 86_400_000 <= new Date(maximum_expires_at).getTime() + 60_000)
