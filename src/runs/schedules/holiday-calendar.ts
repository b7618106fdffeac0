import type { Database, Tx } from '#src/database/change.ts'
import type { Schedule } from '#src/schedule/shape.ts'
import { unknownHolidayCalendar } from '../problems.ts'
import { findHolidayCalendar } from './store.ts'

export interface HolidayDay {
  /** `2027-12-25`. */
  readonly date: string
  readonly label: string
}

/** Days on which nothing happens by the clock, under a name that schedules give. */
export interface HolidayCalendar {
  readonly name: string
  readonly label: string
  /** By date. */
  readonly days: readonly HolidayDay[]
  readonly updatedAt: Date
}

/** Tells the days that a schedule leaves out; null when there is no such calendar. */
export async function holidaysOf(
  db: Database | Tx,
  { holidays }: Pick<Schedule, 'holidays'>,
): Promise<((day: string) => boolean) | null> {
  if (holidays === undefined) return () => false
  const calendar = await findHolidayCalendar(db, holidays)
  if (!calendar) return null
  const days = new Set(calendar.days.map(({ date }) => date))
  return (day) => days.has(day)
}

/** The same, and a problem when there is no such calendar. */
export async function requireHolidays(
  db: Database | Tx,
  schedule: Pick<Schedule, 'holidays'>,
): Promise<(day: string) => boolean> {
  const isHoliday = await holidaysOf(db, schedule)
  if (isHoliday) return isHoliday
  throw unknownHolidayCalendar({
    detail: `There is no holiday calendar “${schedule.holidays}”.`,
    errors: [{ pointer: '#/schedule/holidays', detail: 'is no holiday calendar' }],
  })
}
