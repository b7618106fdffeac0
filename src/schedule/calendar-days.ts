import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { readCron } from './cron.ts'
import type { Schedule, WeekdayName } from './shape.ts'

/** Says whether nothing happens on a day (`2027-12-25`). */
export type IsHoliday = (day: string) => boolean

/** What has not come round in so many years never will. */
const horizonYears = 40
/** So many days in a row that all are holidays. */
const mostHolidays = 1000

/** The days on which a schedule is due, in order, not before `from`. They are days of the calendar and know no time zone. */
export function* calendarDays(
  schedule: Schedule,
  from: Temporal.PlainDate,
  isHoliday: IsHoliday = () => false,
): Generator<Temporal.PlainDate> {
  const first = schedule.start === undefined ? from : later(from, Temporal.PlainDate.from(schedule.start))
  let holidays = 0
  for (const day of daysNamed(schedule, first)) {
    if (schedule.end !== undefined && day.toString() > schedule.end) return
    if (schedule.holidays !== undefined && isHoliday(day.toString())) {
      if (++holidays > mostHolidays) return
      continue
    }
    holidays = 0
    yield day
  }
}

/** By the schedule alone, from the `first` day on. */
function* daysNamed(schedule: Schedule, first: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  const { frequency, on, cron } = schedule
  if (frequency === 'once') {
    const day = Temporal.PlainDate.from(on ?? '')
    if (Temporal.PlainDate.compare(day, first) >= 0) yield day
    return
  }
  if (frequency === 'cron') {
    yield* readCron(cron ?? '').days(first, first.add({ years: horizonYears }))
    return
  }
  const rule = ruleOf(schedule, first)
  let found = rule.next(new Date(`${first}T00:00:00Z`), true)
  while (found) {
    yield Temporal.PlainDate.from(found.toString().split('T')[0] ?? '')
    found = rule.next(found, false)
  }
}

const codeOf = (weekday: WeekdayName): string => weekday.slice(0, 2).toUpperCase()

/** The rule (RFC 5545) over days, in UTC, where every day has its midnight. */
function ruleOf({ frequency, every = 1, ...schedule }: Schedule, first: Temporal.PlainDate): RRuleTemporal {
  const { month_days, nth_weekday, weekdays, months, start } = schedule
  const counted = start === undefined ? first : Temporal.PlainDate.from(start)
  const shared = {
    tzid: 'UTC',
    until: midnight(first.add({ years: horizonYears })),
    ...(months && { byMonth: [...months] }),
  }
  const byDay = weekdays?.map(codeOf)
  if (frequency === 'weekly') {
    const monday = counted.subtract({ days: counted.dayOfWeek - 1 })
    return new RRuleTemporal({
      ...shared,
      freq: 'WEEKLY',
      interval: every,
      wkst: 'MO',
      dtstart: midnight(monday),
      byDay: byDay ?? [],
    })
  }
  if (frequency === 'monthly') {
    const nth = nth_weekday && `${nth_weekday.nth === 'last' ? -1 : nth_weekday.nth}${codeOf(nth_weekday.weekday)}`
    return new RRuleTemporal({
      ...shared,
      freq: 'MONTHLY',
      interval: every,
      dtstart: midnight(counted.with({ day: 1 })),
      ...(nth === undefined
        ? { byMonthDay: (month_days ?? []).map((day) => (day === 'last' ? -1 : day)) }
        : { byDay: [nth] }),
    })
  }
  return new RRuleTemporal({
    ...shared,
    freq: 'DAILY',
    interval: frequency === 'hourly' ? 1 : every,
    dtstart: midnight(counted),
    ...(byDay && { byDay }),
  })
}

const midnight = (day: Temporal.PlainDate): Temporal.ZonedDateTime => day.toZonedDateTime('UTC')

const later = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate =>
  Temporal.PlainDate.compare(a, b) < 0 ? b : a
