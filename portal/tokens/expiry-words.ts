import type { Token } from './token.ts'

const day = 86_400_000
const hour = 3_600_000
const longDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' })
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

/** How much a person should mind: nothing, look ahead (under 30 days), act now (under 7 days), too late. */
export type Urgency = 'fine' | 'soon' | 'urgent' | 'over'

export interface ExpiryWords {
  /** `Expires in 12 days`. */
  readonly says: string
  /** `4 December 2026`; with the hour when that matters. */
  readonly on: string
  readonly urgency: Urgency
  /** What to do about it, when there is something to do. */
  readonly advice: string | null
}

type Timed = Pick<Token, 'state' | 'expires_at' | 'closes_at' | 'revoked_at' | 'successor'>

/** When a token ends or has ended, in words, with what to do about it. */
export function expiryWords(token: Timed, now = Date.now()): ExpiryWords {
  if (token.revoked_at !== null) return revoked(token.revoked_at, now)
  const closing = token.closes_at !== null && token.closes_at < token.expires_at
  const end = new Date(closing ? token.closes_at! : token.expires_at).getTime()
  const left = end - now
  if (left <= 0) return ended({ end, closing, now, replaced: token.successor !== null })
  const urgency = left < 6.5 * day ? 'urgent' : left < 29.5 * day ? 'soon' : 'fine'
  const verb = closing ? 'Stops' : 'Expires'
  return { says: `${verb} in ${span(left)}`, on: onDay(end, left), urgency, advice: advice(urgency, closing) }
}

function revoked(at: string, now: number): ExpiryWords {
  const then = new Date(at).getTime()
  return { says: `Revoked ${ago(now - then)}`, on: onDay(then, now - then), urgency: 'over', advice: null }
}

function ended({ end, closing, now, replaced }: { end: number; closing: boolean; now: number; replaced: boolean }) {
  return {
    says: `${closing ? 'Stopped' : 'Expired'} ${ago(now - end)}`,
    on: onDay(end, now - end),
    urgency: 'over' as const,
    advice: replaced ? null : 'It does not work any more. Recreate it, or delete it.',
  }
}

function advice(urgency: Urgency, closing: boolean): string | null {
  if (closing) return 'Its successor is to be in use by then.'
  if (urgency === 'urgent') return 'Act now: rotate it, or recreate it.'
  return urgency === 'soon' ? 'Soon to be renewed: rotate it, or recreate it.' : null
}

/** `12 days`, `5 hours`, `3 months`: rounded as people count. */
export function span(ms: number): string {
  if (ms >= 60 * day) return count(Math.round(ms / (30.44 * day)), 'month')
  if (ms >= 1.5 * day) return count(Math.round(ms / day), 'day')
  if (ms >= 1.5 * hour) return count(Math.round(ms / hour), 'hour')
  return count(Math.max(1, Math.round(ms / 60_000)), 'minute')
}

const count = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`
const ago = (ms: number): string => (ms < 60_000 ? 'just now' : `${span(ms)} ago`)
const onDay = (at: number, distance: number): string =>
  distance < 3 * day ? `${longDate(at)}, ${clock.format(at - 1)}` : longDate(at)

/**
 * `22 November 2026`, for a day (YYYY-MM-DD) or the moment at which something ends: the last day that it still sees, which
 * at midnight is the one that is over.
 */
export const longDate = (at: string | number | Date): string =>
  longDay.format(typeof at === 'string' && at.length === 10 ? new Date(`${at}T12:00:00`) : new Date(at).getTime() - 1)
