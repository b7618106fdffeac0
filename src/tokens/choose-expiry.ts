import { Temporal } from 'temporal-polyfill'
import { addRelative } from '#src/settings/relative-time/add-relative.ts'
import { tokenUnacceptable } from './problems.ts'

/** What the settings say of a token's life. */
export interface TokenPolicy {
  /** Life when none is chosen, in PHP's relative formats. Null: nobody makes tokens for themselves. */
  readonly expirationInterval: string | null
  /** Longest life, likewise. */
  readonly maximum: string
  /** Life of the `dataverse` slot's tokens, likewise. */
  readonly dataverseLifetime: string
  /** Zone in which days end and months are counted (IANA name). */
  readonly timeZone: string
}

export interface ExpiryAsk {
  /** A moment (ISO 8601 with zone), or a day, through whose end the token then works. */
  readonly expires_at?: string | undefined
  readonly expires_in_days?: number | undefined
}

interface Choice {
  readonly now: Date
  /** Life when nothing is asked, if not the policy's. */
  readonly usual?: string | null
  /** What a token makes lives no longer than the token itself. */
  readonly noLaterThan?: Date | undefined
}

/** When a token made now is to expire; refuses what has passed, what exceeds the policy, and what can't be read. */
export function chooseExpiry(policy: TokenPolicy, ask: ExpiryAsk, { now, usual, noLaterThan }: Choice): Date {
  if (ask.expires_at !== undefined && ask.expires_in_days !== undefined)
    throw refused('#/expires_in_days', 'Give either a moment or a number of days.')
  const maximum = addRelative(policy.maximum, now, policy.timeZone)
  const asked = ask.expires_at !== undefined || ask.expires_in_days !== undefined
  const wanted = wantedExpiry(policy, ask, { now, usual, maximum })
  const expiry = !asked && noLaterThan && noLaterThan < wanted ? noLaterThan : wanted
  const pointer = ask.expires_in_days !== undefined ? '#/expires_in_days' : '#/expires_at'
  const subject = asked ? 'This moment' : `The usual life of a token (${usual ?? policy.expirationInterval})`
  if (expiry <= now) throw refused(pointer, `${subject} is not after now.`)
  if (expiry > maximum)
    throw refused(pointer, `${subject} is past the longest life allowed, ${policy.maximum}: ${maximum.toISOString()}.`)
  if (noLaterThan && expiry > noLaterThan)
    throw refused(pointer, `A token makes none that outlives it: ${noLaterThan.toISOString()} at the latest.`)
  return expiry
}

function wantedExpiry(
  policy: TokenPolicy,
  ask: ExpiryAsk,
  { now, usual, maximum }: { now: Date; usual: string | null | undefined; maximum: Date },
): Date {
  if (ask.expires_in_days !== undefined) return addRelative(`+${ask.expires_in_days} days`, now, policy.timeZone)
  if (ask.expires_at === undefined) {
    const life = usual ?? policy.expirationInterval
    if (life === null) throw refused('#/expires_at', 'Say until when: there is no usual life of a token here.')
    return addRelative(life, now, policy.timeZone)
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(ask.expires_at)) return readMoment(ask.expires_at)
  const day = readDay(ask.expires_at)
  const end = endOf(day, policy.timeZone)
  // The last day that the policy allows may be chosen, though it ends a few hours too late.
  const lastDay = Temporal.Instant.fromEpochMilliseconds(maximum.getTime())
    .toZonedDateTimeISO(policy.timeZone)
    .toPlainDate()
  return day.equals(lastDay) && end > maximum ? maximum : end
}

function readMoment(text: string): Date {
  const moment = new Date(text)
  if (Number.isNaN(moment.getTime())) throw refused('#/expires_at', `${JSON.stringify(text)} is no moment.`)
  return moment
}

function readDay(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    throw refused('#/expires_at', `${text} is not in the calendar.`)
  }
}

const endOf = (day: Temporal.PlainDate, zone: string): Date =>
  new Date(day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds)

const refused = (pointer: string, detail: string) => tokenUnacceptable({ detail, errors: [{ pointer, detail }] })
