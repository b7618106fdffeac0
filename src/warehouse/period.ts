import type { Period, Unit } from './ask.ts'

/** Days as `YYYY-MM-DD`, both included. */
export interface DayRange {
  readonly start: string
  readonly end: string
}

interface Ymd {
  readonly y: number
  /** From 0. */
  readonly m: number
  readonly d: number
}

const parse = (day: string): Ymd => {
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number)
  return { y, m: m - 1, d }
}

/** Months and days may lie outside their ranges, as with `Date`. */
function write({ y, m, d }: Ymd): string {
  const date = new Date(0)
  date.setUTCFullYear(y, m, d)
  return date.toISOString().slice(0, 10)
}

const shift = (day: string, by: { years?: number; months?: number; days?: number }): string => {
  const { y, m, d } = parse(day)
  return write({ y: y + (by.years ?? 0), m: m + (by.months ?? 0), d: d + (by.days ?? 0) })
}

/** First day of the unit's period that `day` lies in. */
export function periodStart(day: string, unit: Unit): string {
  const { y, m, d } = parse(day)
  if (unit === 'day') return write({ y, m, d })
  if (unit === 'month') return write({ y, m, d: 1 })
  if (unit === 'quarter') return write({ y, m: m - (m % 3), d: 1 })
  return write({ y, m: 0, d: 1 })
}

const monthsOf = { month: 1, quarter: 3, year: 12 }

/** Last day of the unit's period that `day` lies in. */
export function periodEnd(day: string, unit: Unit): string {
  if (unit === 'day') return periodStart(day, unit)
  const { y, m } = parse(periodStart(day, unit))
  return write({ y, m: m + monthsOf[unit], d: 0 })
}

/** Outwards to whole units. */
export const widen = (range: DayRange, unit: Unit): DayRange => ({
  start: periodStart(range.start, unit),
  end: periodEnd(range.end, unit),
})

/** `auto` goes by the difference in calendar months: quarters from ten years on, months from six months on. */
export function unitFor(range: DayRange): Unit {
  const from = parse(range.start)
  const to = parse(range.end)
  const months = (to.y - from.y) * 12 + (to.m - from.m) - (to.d < from.d ? 1 : 0)
  return months >= 120 ? 'quarter' : months >= 6 ? 'month' : 'day'
}

/** The day that it is in a time zone. */
export const dayIn = (timeZone: string, moment: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(moment)

const years = { last_year: 1, last_2_years: 2, last_3_years: 3, last_5_years: 5, last_10_years: 10 }
const days = { last_7_days: 7, last_30_days: 30, last_90_days: 90 }

/** A period as asked for, as days. `today` is a day in the model's time zone. */
export function daysOf(period: Period, today: string): DayRange {
  if (typeof period !== 'string') return period
  if (period in days) return { start: shift(today, { days: -days[period as keyof typeof days] }), end: today }
  if (period in years) return { start: shift(today, { years: -years[period as keyof typeof years] }), end: today }
  if (period === 'yesterday') return { start: shift(today, { days: -1 }), end: shift(today, { days: -1 }) }
  const [when, unit] = period.startsWith('previous_')
    ? ['previous' as const, period.slice('previous_'.length) as 'month' | 'quarter' | 'year']
    : ['to_date' as const, period.slice(0, -'_to_date'.length) as 'month' | 'quarter' | 'year']
  const start = periodStart(today, unit)
  if (when === 'to_date') return { start, end: today }
  const end = shift(start, { days: -1 })
  return { start: periodStart(end, unit), end }
}
