import type { Unit } from '#src/warehouse/ask.ts'
import { type DayRange, periodEnd, periodStart } from '#src/warehouse/period.ts'

function shiftDays(day: string, by: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() + by)
  return date.toISOString().slice(0, 10)
}

/** So many months later, on the last day of a month that is shorter. */
function shiftMonths(day: string, by: number): string {
  const [y = 0, m = 1, d = 1] = day.split('-').map(Number)
  const first = new Date(Date.UTC(2000, 0, 1))
  first.setUTCFullYear(y, m - 1 + by, 1)
  const start = first.toISOString().slice(0, 10)
  const last = Number(periodEnd(start, 'month').slice(8))
  return `${start.slice(0, 8)}${String(Math.min(d, last)).padStart(2, '0')}`
}

/** First days of the periods of a range, at most `most`. */
export function periodsIn(range: DayRange, unit: Unit, most: number): string[] {
  const all: string[] = []
  let day = periodStart(range.start, unit)
  while (day <= range.end && all.length < most) {
    all.push(day)
    day = shiftDays(periodEnd(day, unit), 1)
  }
  return all
}

/** The range before: as many whole months where it is made of such, else as many days; or the same days a year earlier. */
export function rangeBefore({ start, end }: DayRange, which: 'previous_period' | 'previous_year'): DayRange {
  const wholeMonths = start.endsWith('-01') && end === periodEnd(end, 'month')
  if (which === 'previous_year') {
    const shifted = shiftMonths(end, -12)
    return { start: shiftMonths(start, -12), end: wholeMonths ? periodEnd(shifted, 'month') : shifted }
  }
  const before = shiftDays(start, -1)
  if (wholeMonths) {
    const months = monthOf(end) - monthOf(start) + 1
    return { start: shiftMonths(start, -months), end: before }
  }
  const days = (Date.parse(end) - Date.parse(start)) / 86_400_000
  return { start: shiftDays(before, -days), end: before }
}

const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))

const monthYear = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** How a period that begins on a day is called: `2001-03-05`, `Mar 2001`, `2001 Q1`, `2001`. */
export function periodName(day: string, unit: Unit): string {
  if (unit === 'day') return day
  if (unit === 'month') return monthYear.format(new Date(`${day}T00:00:00Z`))
  const year = day.slice(0, 4)
  return unit === 'year' ? year : `${year} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}

export const rangeName = ({ start, end }: DayRange): string => (start === end ? start : `${start} – ${end}`)
