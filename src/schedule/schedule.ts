import type { z } from 'zod'
import { checkSchedule } from './check-schedule.ts'
import { ScheduleMembers } from './shape.ts'

/** A schedule that can be kept: every member is right, they go together, and it is due at least once. */
export const Schedule = ScheduleMembers.superRefine((schedule, context) => {
  if (context.issues.length > 0) return
  for (const { path, detail } of checkSchedule(schedule))
    context.addIssue({ code: 'custom', path: [...path], message: detail })
}).meta({ id: 'Schedule', description: 'When something is to happen, on the clocks of a time zone.' })

export type Schedule = z.output<typeof Schedule>
