import { Temporal } from 'temporal-polyfill'
import { calendarDays, type IsHoliday } from './calendar-days.ts'
import { clockTimes, momentsOn } from './clock-times.ts'
import type { Schedule } from './shape.ts'

/** The first time after `after` at which the schedule is due; null when it has come to its end. */
export function nextDue(schedule: Schedule, after: Date, isHoliday?: IsHoliday): Date | null {
  const zone = schedule.time_zone
  const clock = clockTimes(schedule)
  let soonest: number | null = null
  // The day before, for a time that its clocks left out may have moved over midnight.
  for (const day of calendarDays(schedule, dayOf(after, zone).subtract({ days: 1 }), isHoliday)) {
    // And the day after, for it may have been overtaken by one of that.
    if (soonest !== null && day.subtract({ days: 1 }).toString() > dayOf(new Date(soonest), zone).toString()) break
    const found = momentsOn(day, clock, zone).find((moment) => moment > after.getTime())
    if (found !== undefined && (soonest === null || found < soonest)) soonest = found
    else if (soonest !== null) break
  }
  return soonest === null ? null : new Date(soonest)
}

/** The next `count` times after `after`, fewer where the schedule ends before. */
export function upcoming(schedule: Schedule, after: Date, count: number, isHoliday?: IsHoliday): Date[] {
  const times: Date[] = []
  for (let next = nextDue(schedule, after, isHoliday); next && times.length < count; ) {
    times.push(next)
    next = nextDue(schedule, next, isHoliday)
  }
  return times
}

/** How many days to look back over, until one is found. */
const spans = [1, 7, 31, 366, 36_600]

/** The last time after `after` and not after `until`; null where there was none. */
export function latestDue(schedule: Schedule, after: Date, until: Date, isHoliday?: IsHoliday): Date | null {
  const zone = schedule.time_zone
  const clock = clockTimes(schedule)
  const last = dayOf(until, zone)
  const least = dayOf(after, zone).subtract({ days: 1 })
  for (const span of spans) {
    const from = last.subtract({ days: span })
    const whole = Temporal.PlainDate.compare(from, least) <= 0
    let latest = after.getTime()
    for (const day of calendarDays(schedule, whole ? least : from, isHoliday)) {
      if (Temporal.PlainDate.compare(day, last) > 0) break
      const found = momentsOn(day, clock, zone).findLast((moment) => moment <= until.getTime())
      if (found !== undefined && found > latest) latest = found
    }
    if (latest > after.getTime()) return new Date(latest)
    if (whole) break
  }
  return null
}

const dayOf = (moment: Date, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(zone).toPlainDate()
