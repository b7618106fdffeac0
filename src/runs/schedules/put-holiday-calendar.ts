import type { Change, Database } from '#src/database/change.ts'
import { nextDue } from '#src/schedule/due-times.ts'
import { holidayCalendarInUse, holidayCalendarNotFound } from '../problems.ts'
import { type HolidayCalendar, type HolidayDay, holidaysOf } from './holiday-calendar.ts'
import { inOrder, readIcs } from './read-holidays.ts'
import * as store from './store.ts'

interface PutCalendarAsk {
  label: string
  days?: readonly HolidayDay[]
  ics?: string
}

/** Makes the calendar or replaces its days, and plans anew what leaves them out; what is due already stays due. */
export async function putHolidayCalendar(
  { clock }: { clock: { now(): Date } },
  change: Change,
  name: string,
  { label, days, ics }: PutCalendarAsk,
): Promise<HolidayCalendar> {
  const { tx } = change
  const now = clock.now()
  const kept = await store.writeHolidayCalendar(tx, {
    name,
    label,
    days: ics === undefined ? inOrder(days ?? []) : readIcs(ics, now),
  })
  const isHoliday = (await holidaysOf(tx, { holidays: name })) ?? undefined
  for (const schedule of await store.lockSchedulesWith(tx, name)) {
    if (schedule.paused || (schedule.nextAt !== null && schedule.nextAt <= now)) continue
    await store.writeSchedule(tx, { ...schedule, nextAt: nextDue(schedule.schedule, now, isHoliday) })
  }
  change.note({
    verb: 'calendar.changed',
    subjectType: 'holiday-calendar',
    subjectId: name,
    detail: { label, days: kept.days.length },
  })
  return kept
}

export async function deleteHolidayCalendar(change: Change, name: string): Promise<void> {
  const { tx } = change
  const users = await store.lockSchedulesWith(tx, name)
  if (users.length > 0) {
    const named = users.slice(0, 5).map(({ key }) => `${key.subject.type} ${key.subject.id}`)
    const more = users.length > named.length ? ` and ${users.length - named.length} more` : ''
    throw holidayCalendarInUse({ detail: `It is left out by the schedule of ${named.join(', ')}${more}.` })
  }
  if (!(await store.deleteHolidayCalendar(tx, name))) throw holidayCalendarNotFound()
  change.note({ verb: 'calendar.deleted', subjectType: 'holiday-calendar', subjectId: name })
}

export const listHolidayCalendars = ({ db }: { db: Database }): Promise<HolidayCalendar[]> =>
  store.findHolidayCalendars(db)
