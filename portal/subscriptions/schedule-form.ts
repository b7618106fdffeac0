export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]
export type MonthDay = number | 'last'
export type Nth = number | 'last'
export type Frequency = 'once' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'cron'

/** A schedule as the server keeps it. */
export interface Schedule {
  readonly frequency: Frequency
  readonly at?: string | undefined
  readonly on?: string | undefined
  readonly every?: number | undefined
  readonly weekdays?: readonly Weekday[] | undefined
  readonly month_days?: readonly MonthDay[] | undefined
  readonly nth_weekday?: { readonly nth: Nth; readonly weekday: Weekday } | undefined
  readonly months?: readonly number[] | undefined
  readonly cron?: string | undefined
  readonly time_zone: string
  readonly start?: string | undefined
  readonly end?: string | undefined
  readonly catch_up?: 'once' | 'skip' | undefined
  readonly holidays?: string | undefined
}

/** The same as a form holds it: every choice has its place, so that going from weekly to monthly and back loses nothing. */
export interface ScheduleForm {
  /** `api`: none, only applications and people start it. */
  readonly frequency: Frequency | 'api'
  readonly at: string
  readonly on: string | null
  readonly every: number
  readonly weekdays: readonly Weekday[]
  readonly monthBy: 'day' | 'weekday'
  readonly monthDays: readonly MonthDay[]
  readonly nth: Nth
  readonly weekday: Weekday
  /** None: in every month. */
  readonly months: readonly number[]
  readonly cron: string
  readonly timeZone: string
  readonly start: string | null
  readonly end: string | null
  readonly catchUp: 'once' | 'skip'
  readonly holidays: string | null
}

export const emptySchedule = (timeZone: string): ScheduleForm => ({
  frequency: 'weekly',
  at: '07:00',
  on: null,
  every: 1,
  weekdays: ['mon'],
  monthBy: 'day',
  monthDays: [1],
  nth: 1,
  weekday: 'mon',
  months: [],
  cron: '0 7 * * 1-5',
  timeZone,
  start: null,
  end: null,
  catchUp: 'once',
  holidays: null,
})

/** What the server is given; null where there is no schedule. */
export function scheduleOf(form: ScheduleForm): Schedule | null {
  const { frequency, at, every, timeZone, start, end, catchUp, holidays } = form
  if (frequency === 'api') return null
  const around = {
    time_zone: timeZone,
    catch_up: catchUp,
    ...(frequency !== 'once' && start !== null && { start }),
    ...(frequency !== 'once' && end !== null && { end }),
    ...(frequency !== 'once' && holidays !== null && { holidays }),
  }
  switch (frequency) {
    case 'once':
      return { frequency, at, ...(form.on !== null && { on: form.on }), ...around }
    case 'hourly':
    case 'daily':
      return { frequency, at, every, ...around }
    case 'weekly':
      return { frequency, at, every, weekdays: weekdays.filter((day) => form.weekdays.includes(day)), ...around }
    case 'monthly':
      return { frequency, at, ...monthly(form), ...around }
    case 'cron':
      return { frequency, cron: form.cron.trim(), ...around }
  }
}

function monthly({ monthBy, monthDays, nth, weekday, months, every }: ScheduleForm): Partial<Schedule> {
  return {
    ...(monthBy === 'day' ? { month_days: inOrder(monthDays) } : { nth_weekday: { nth, weekday } }),
    ...(months.length > 0 && months.length < 12 ? { months: months.toSorted((a, b) => a - b) } : { every }),
  }
}

const rank = (day: MonthDay): number => (day === 'last' ? 32 : day)
const inOrder = (days: readonly MonthDay[]): MonthDay[] => days.toSorted((a, b) => rank(a) - rank(b))

/** The form for a schedule that there is; what it leaves open stands as in a new one. */
export function scheduleFormOf(schedule: Schedule | null, timeZone: string): ScheduleForm {
  const empty = emptySchedule(schedule?.time_zone ?? timeZone)
  if (schedule === null) return { ...empty, frequency: 'api' }
  return {
    ...empty,
    frequency: schedule.frequency,
    at: schedule.at ?? empty.at,
    on: schedule.on ?? null,
    every: schedule.every ?? 1,
    weekdays: schedule.weekdays ?? empty.weekdays,
    monthBy: schedule.nth_weekday ? 'weekday' : 'day',
    monthDays: schedule.month_days ?? empty.monthDays,
    nth: schedule.nth_weekday?.nth ?? empty.nth,
    weekday: schedule.nth_weekday?.weekday ?? empty.weekday,
    months: schedule.months ?? [],
    cron: schedule.cron ?? empty.cron,
    start: schedule.start ?? null,
    end: schedule.end ?? null,
    catchUp: schedule.catch_up ?? 'once',
    holidays: schedule.holidays ?? null,
  }
}
