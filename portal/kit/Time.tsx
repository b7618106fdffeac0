import { useSyncExternalStore } from 'react'

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const dayOnly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })

/** `3 minutes ago`, `in 12 days`. Days are counted as days up to two months, as expiry dates are. */
export function timeFromNow(at: string | Date, now = Date.now()): string {
  const difference = new Date(at).getTime() - now
  const size = Math.abs(difference)
  if (size < 45_000) return difference < 0 ? 'just now' : 'in a moment'
  if (size >= 86_400_000 && size < 60 * 86_400_000) return relative.format(Math.round(difference / 86_400_000), 'day')
  const [unit, length] = units.find(([, each]) => size >= each) ?? ['minute', 60_000]
  return relative.format(Math.round(difference / length), unit)
}

export const exactTime = (at: string | Date): string => exact.format(new Date(at))
export const exactDay = (at: string | Date): string => dayOnly.format(new Date(at))

/** A moment relative to now, exact on hover and for readers of the markup; ticks every half minute. */
export function Time({ at, none = 'never' }: { at: string | null; none?: string }) {
  useSyncExternalStore(subscribe, halfMinutes)
  if (at === null) return <>{none}</>
  return (
    <time dateTime={at} title={exactTime(at)}>
      {timeFromNow(at)}
    </time>
  )
}

const halfMinutes = (): number => Math.floor(Date.now() / 30_000)
const subscribe = (changed: () => void): (() => void) => {
  const timer = setInterval(changed, 30_000)
  return () => clearInterval(timer)
}
