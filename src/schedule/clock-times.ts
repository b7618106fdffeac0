import { Temporal } from 'temporal-polyfill'
import { readCron } from './cron.ts'
import type { Schedule } from './shape.ts'

/** The times of day at which a schedule is due. */
export interface ClockTimes {
  /** In minutes after midnight, ascending. */
  readonly minutes: readonly number[]
  /** Due every hour: then also in an hour that comes a second time. */
  readonly byTheHour: boolean
}

export function clockTimes({ frequency, at = '00:00', every = 1, cron }: Schedule): ClockTimes {
  if (frequency === 'cron') {
    const { clock, byTheHour } = readCron(cron ?? '')
    return { minutes: clock, byTheHour }
  }
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  if (frequency !== 'hourly') return { minutes: [hour * 60 + minute], byTheHour: false }
  const hours = Array.from({ length: 24 / every }, (_, i) => (hour % every) + i * every)
  return { minutes: hours.map((at) => at * 60 + minute), byTheHour: every === 1 }
}

const minuteMs = 60_000

/**
 * When the clocks of a zone show the times of a day, in milliseconds since 1970, ascending. A time that they leave out
 * moves on by as much as they do (02:30 becomes 03:30), and falls together with one that is due then anyway. One that
 * they show twice counts the first time; by the hour, both.
 */
export function momentsOn(day: Temporal.PlainDate, { minutes, byTheHour }: ClockTimes, zone: string): number[] {
  const begins = day.toZonedDateTime(zone)
  if (begins.hoursInDay === 24) return minutes.map((minute) => begins.epochMilliseconds + minute * minuteMs)
  const moments = minutes.flatMap((minute) => {
    const wall = day.toPlainDateTime(Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 }))
    const shown = wall.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
    if (!byTheHour) return [shown]
    return [shown, wall.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds]
  })
  return [...new Set(moments)].sort((a, b) => a - b)
}
