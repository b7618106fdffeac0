import type { Database } from '#src/database/change.ts'
import { type Route, route } from '#src/http/serve.ts'
import * as contract from '../contract.ts'
import type { HolidayCalendar } from './holiday-calendar.ts'
import { previewSchedule } from './preview-schedule.ts'
import { deleteHolidayCalendar, listHolidayCalendars, putHolidayCalendar } from './put-holiday-calendar.ts'

export function scheduleRoutes(needs: { readonly db: Database; readonly clock: { now(): Date } }): Route[] {
  return [
    route(contract.previewSchedule, ({ body: { schedule, after, count } }) =>
      previewSchedule(needs, { schedule, count, ...(after !== undefined && { after: new Date(after) }) }),
    ),

    route(contract.listHolidayCalendars, async () => ({
      calendars: (await listHolidayCalendars(needs)).map(showCalendar),
    })),

    route(contract.putHolidayCalendar, async ({ change, params, body }) =>
      showCalendar(await putHolidayCalendar(needs, change, params.calendar, body)),
    ),

    route(contract.deleteHolidayCalendar, ({ change, params }) => deleteHolidayCalendar(change, params.calendar)),
  ]
}

const showCalendar = ({ name, label, days, updatedAt }: HolidayCalendar) => ({
  name,
  label,
  days,
  updated_at: updatedAt.toISOString(),
})
