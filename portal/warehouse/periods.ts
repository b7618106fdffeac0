import type { DayRange, Unit } from './question.ts'

const monthsOf = { month: 1, quarter: 3, year: 12 } as const

const parse = (day: string): Date => new Date(`${day}T00:00:00Z`)
const write = (date: Date): string => date.toISOString().slice(0, 10)

/** The first day of the period that begins so many units after the one that begins on `day`. */
function shiftStart(day: string, unit: Unit, by: number): string {
  const date = parse(day)
  if (unit === 'day') date.setUTCDate(date.getUTCDate() + by)
  else date.setUTCMonth(date.getUTCMonth() + by * monthsOf[unit])
  return write(date)
}

/** First days of all periods in a range of whole units, whether or not anything was counted in them. */
export function periodsIn(range: DayRange, unit: Unit): string[] {
  const all: string[] = []
  for (let day = range.start; day <= range.end; day = shiftStart(day, unit, 1)) all.push(day)
  return all
}

/** The equally long range that ends where this range of whole units begins. */
export const rangeBefore = (range: DayRange, unit: Unit): DayRange => ({
  start: shiftStart(range.start, unit, -periodsIn(range, unit).length),
  end: shiftStart(range.start, 'day', -1),
})

/** The days of the period that begins on `day`. */
export const daysOfPeriod = (day: string, unit: Unit): DayRange => ({
  start: day,
  end: shiftStart(shiftStart(day, unit, 1), 'day', -1),
})

const monthYear = new Intl.DateTimeFormat('en', { month: 'short', year: 'numeric', timeZone: 'UTC' })

/** How a period is called: `2001-03-05`, `Mar 2001`, `2001 Q1`, `2001`. */
export function periodName(day: string, unit: Unit): string {
  if (unit === 'day') return day
  if (unit === 'month') return monthYear.format(parse(day))
  const year = day.slice(0, 4)
  return unit === 'year' ? year : `${year} Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`
}
