import { Temporal } from 'temporal-polyfill'
import type { Database } from '#src/database/change.ts'
import { describeSchedule } from '#src/schedule/describe-schedule.ts'
import { upcoming } from '#src/schedule/due-times.ts'
import type { Schedule } from '#src/schedule/shape.ts'
import { requireHolidays } from './holiday-calendar.ts'

/** What a schedule means, before anybody keeps it. */
export async function previewSchedule(
  { db, clock }: { db: Database; clock: { now(): Date } },
  { schedule, after, count }: { schedule: Schedule; after?: Date; count: number },
): Promise<{ description: string; times: { at: string; local: string }[] }> {
  const isHoliday = await requireHolidays(db, schedule)
  return {
    description: describeSchedule(schedule),
    times: upcoming(schedule, after ?? clock.now(), count, isHoliday).map((time) => ({
      at: time.toISOString(),
      local: Temporal.Instant.fromEpochMilliseconds(time.getTime())
        .toZonedDateTimeISO(schedule.time_zone)
        .toString({ smallestUnit: 'minute', timeZoneName: 'never' }),
    })),
  }
}
