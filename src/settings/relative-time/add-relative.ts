import { Temporal } from 'temporal-polyfill'
import { Problem } from '#src/problem/problem.ts'
import { invalidRelativeTime } from '../problems.ts'
import { parseRelative, type RelativePlan } from './parse-relative.ts'

/**
 * A moment reckoned from `base` as PHP's `DateTimeImmutable::modify` reckons it, on the wall clock of `zone` (an IANA
 * name): "6 months", "last day of next month", "first monday of january 2027".
 *
 * XDMoD documents its `expiration_interval` so, though its own code makes a date interval of the text first. The two
 * agree on every plain duration; where an expression names days, clock times or dates they differ, and this is the
 * documented reading. Throws `invalid-relative-time` for everything it can't read, and where the result lies outside
 * the years 1 to 9999.
 */
export function addRelative(expression: string, base: Date, zone: string): Date {
  return new Date(
    applyRelative(expression, Temporal.Instant.fromEpochMilliseconds(base.getTime()), zone).epochMilliseconds,
  )
}

/** Whether `addRelative` can read the expression. */
export function isRelativeTime(expression: string): boolean {
  try {
    parseRelative(expression)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** A wall-clock time whose fields may run over: the 31st of February is the 3rd of March. Months count from 1. */
interface Wall {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  microsecond: number
}

/** `addRelative` to the microsecond. */
export function applyRelative(expression: string, base: Temporal.Instant, zone: string): Temporal.Instant {
  const plan = parseRelative(expression)
  const from = plan.instant === null ? base : Temporal.Instant.fromEpochMilliseconds(plan.instant * 1000)
  const start = from.toZonedDateTimeISO(zone)
  const wall: Wall = {
    year: start.year,
    month: start.month,
    day: start.day,
    hour: start.hour,
    minute: start.minute,
    second: start.second,
    microsecond: start.millisecond * 1000 + start.microsecond,
    ...plan.date,
    ...plan.clock,
  }
  const { ms, microsecond } = toMoment(goOn(wall, plan), expression)
  // A wall-clock time in a gap moves forward by the gap; one that occurs twice means the first ("compatible").
  return Temporal.Instant.fromEpochMilliseconds(ms)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .add({ microseconds: microsecond })
    .toZonedDateTime(zone, { disambiguation: 'compatible' })
    .toInstant()
}

/**
 * The order is PHP's: to the month's edge, to the day of the week, the span field by field, to the month's edge again,
 * working days.
 */
function goOn(start: Wall, plan: RelativePlan): Wall {
  const { span } = plan
  const wall = { ...start }
  let months = span.months
  if (plan.weekdayOfMonth !== null) {
    wall.day = 1
    wall.month += months + (plan.weekdayOfMonth === 'last' ? 1 : 0)
    months = 0
  }
  toMonthEdge(wall, plan)
  if (plan.weekday) wall.day += daysToWeekday(plan.weekday, dayOfWeek(wall), span.days)
  const day = normal(wall)
  day.year += span.years
  day.month += months
  day.day += span.days
  day.hour += span.hours
  day.minute += span.minutes
  day.second += span.seconds
  day.microsecond += span.microseconds
  toMonthEdge(day, plan)
  if (plan.workdays !== null) day.day += daysOfWorkdays(plan.workdays, dayOfWeek(day))
  return day
}

function toMonthEdge(wall: Wall, { monthEdge }: RelativePlan): void {
  if (monthEdge === 'first') wall.day = 1
  if (monthEdge === 'last') {
    wall.month += 1
    wall.day = 0
  }
}

function daysToWeekday({ day, manner }: NonNullable<RelativePlan['weekday']>, today: number, spanDays: number): number {
  if (manner === 'of-week') {
    // Weeks run from Monday to Sunday.
    if (today === 0 && day !== 0) return day - 7
    return (day === 0 && today !== 0 ? 7 : day) - today
  }
  if (day < 0) return -(7 - (-day - today))
  const ahead = day - today
  const passed = spanDays < 0 ? ahead < 0 : ahead <= (manner === 'from-today' ? -1 : 0)
  return passed ? ahead + 7 : ahead
}

/** How many days ahead (or back) the nth working day is. */
function daysOfWorkdays(count: number, today: number): number {
  if (count === 0) return 0
  const step = count < 0 ? -1 : 1
  const whole = Math.trunc(Math.abs(count) / 5)
  let left = Math.abs(count) % 5
  let days = 0
  const weekday = () => (((today + days) % 7) + 7) % 7
  const isWeekend = () => weekday() === 0 || weekday() === 6
  // From a weekend, whole weeks are counted from the working day before it.
  if (left === 0 && isWeekend()) left = 5
  const weeks = left === 5 ? whole - 1 : whole
  while (left > 0) {
    days += step
    if (!isWeekend()) left--
  }
  return days + step * weeks * 7
}

const secondMs = 1000

function toMoment(wall: Wall, expression: string): { ms: number; microsecond: number } {
  const date = new Date(0)
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day)
  const seconds = wall.second + Math.floor(wall.microsecond / 1e6)
  const ms = date.setUTCHours(wall.hour, wall.minute, seconds)
  const year = new Date(ms).getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) {
    throw invalidRelativeTime({
      detail: `"${expression}" leads out of the years 1 to 9999`,
      hint: 'Write a shorter time, e.g. "6 months".',
    })
  }
  return { ms: Math.floor(ms / secondMs) * secondMs, microsecond: ((wall.microsecond % 1e6) + 1e6) % 1e6 }
}

function normal(wall: Wall): Wall {
  const date = new Date(0)
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day)
  return { ...wall, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function dayOfWeek(wall: Wall): number {
  const date = new Date(0)
  date.setUTCFullYear(wall.year, wall.month - 1, wall.day)
  return date.getUTCDay()
}
