import { readCron } from './cron.ts'
import { nextDue } from './due-times.ts'
import type { Schedule } from './shape.ts'

/** What is wrong with a schedule; `path` leads to the member. */
export interface ScheduleIssue {
  readonly path: readonly [keyof Schedule]
  readonly detail: string
}

type Member = keyof Schedule
type Frequency = Schedule['frequency']

/** The members that say something with some frequencies only. */
const belongs: Partial<Record<Member, readonly Frequency[]>> = {
  at: ['once', 'hourly', 'daily', 'weekly', 'monthly'],
  on: ['once'],
  every: ['hourly', 'daily', 'weekly', 'monthly'],
  weekdays: ['hourly', 'daily', 'weekly'],
  month_days: ['monthly'],
  nth_weekday: ['monthly'],
  months: ['hourly', 'daily', 'weekly', 'monthly'],
  cron: ['cron'],
  start: ['hourly', 'daily', 'weekly', 'monthly', 'cron'],
  end: ['hourly', 'daily', 'weekly', 'monthly', 'cron'],
  holidays: ['hourly', 'daily', 'weekly', 'monthly', 'cron'],
}

const required: Record<Frequency, readonly Member[]> = {
  once: ['on', 'at'],
  hourly: [],
  daily: ['at'],
  weekly: ['at', 'weekdays'],
  monthly: ['at'],
  cron: ['cron'],
}

const divisors = [1, 2, 3, 4, 6, 8, 12]

/** How the members of a schedule go together. None: it is due at least once. */
export function checkSchedule(schedule: Schedule): ScheduleIssue[] {
  const issues = [...misplaced(schedule), ...contradictions(schedule)]
  if (issues.length > 0) return issues
  // From before all times, whatever day it is today: what is right once stays right.
  if (nextDue(schedule, new Date('1970-01-02T00:00:00Z')) !== null) return []
  return [{ path: [narrowest(schedule)], detail: 'leaves no day on which it would ever be due' }]
}

function* misplaced(schedule: Schedule): Generator<ScheduleIssue> {
  const { frequency } = schedule
  for (const member of required[frequency])
    if (schedule[member] === undefined) yield { path: [member], detail: `is missing; "${frequency}" needs it` }
  for (const [member, frequencies] of Object.entries(belongs) as [Member, readonly Frequency[]][])
    if (schedule[member] !== undefined && !frequencies.includes(frequency))
      yield { path: [member], detail: `says nothing with "${frequency}"; leave it out` }
}

function* contradictions(schedule: Schedule): Generator<ScheduleIssue> {
  const { frequency, every = 1, start, end, month_days, nth_weekday, cron } = schedule
  if (frequency === 'hourly' && !divisors.includes(every))
    yield { path: ['every'], detail: `does not divide the day; write one of ${divisors.join(', ')}` }
  if (['daily', 'weekly', 'monthly'].includes(frequency) && every > 1 && start === undefined)
    yield { path: ['start'], detail: 'is missing; say from which day "every" is counted' }
  if (frequency === 'monthly' && month_days === undefined && nth_weekday === undefined)
    yield { path: ['month_days'], detail: 'is missing; say on which days of the month, or give nth_weekday' }
  if (frequency === 'monthly' && month_days !== undefined && nth_weekday !== undefined)
    yield { path: ['nth_weekday'], detail: 'cannot stand beside month_days; leave one out' }
  if (start !== undefined && end !== undefined && end < start) yield { path: ['end'], detail: 'lies before the start' }
  if (frequency === 'cron' && cron !== undefined) {
    try {
      readCron(cron)
    } catch (error) {
      yield { path: ['cron'], detail: (error as Error).message }
    }
  }
}

const narrowest = ({ end, frequency, month_days, months, weekdays }: Schedule): Member => {
  if (end !== undefined) return 'end'
  if (frequency === 'cron') return 'cron'
  if (month_days) return 'month_days'
  return weekdays ? 'weekdays' : months ? 'months' : 'frequency'
}
