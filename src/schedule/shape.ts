import { z } from 'zod'

export const frequencies = ['once', 'hourly', 'daily', 'weekly', 'monthly', 'cron'] as const
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type WeekdayName = (typeof weekdays)[number]

const Weekday = z.enum(weekdays)
const Nth = z.union([z.int().min(1).max(4), z.literal('last')])
const day = () => z.iso.date('is not a day; write e.g. 2027-03-28')
const noTwice = <T>(items: readonly T[]): boolean => new Set(items).size === items.length
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).refine(noTwice, 'names something twice')

/** The members of a schedule as they are written, in requests and in model files; what they mean together is for `checkSchedule`. */
export const ScheduleMembers = z.strictObject({
  frequency: z.enum(frequencies),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day; write e.g. 08:30')
    .optional()
    .meta({
      description:
        'Time of day, e.g. `08:30`. With `hourly` the minute of every hour, and the hour from which `every` hours are counted.',
    }),
  on: day().optional().meta({ description: 'With `once`: the day.' }),
  every: z.int().min(1).max(60).optional().meta({
    description:
      'Every so many hours (which must divide the day), days, weeks or months; the last three are counted from `start`. Default: 1.',
  }),
  weekdays: list(Weekday)
    .optional()
    .meta({ description: 'With `weekly` the days; with `hourly` and `daily` only on these.' }),
  month_days: list(z.union([z.int().min(1).max(31), z.literal('last')]))
    .optional()
    .meta({ description: 'With `monthly`. A month without a 31st is passed over; `last` is its last day.' }),
  nth_weekday: z
    .strictObject({ nth: Nth, weekday: Weekday })
    .optional()
    .meta({ description: 'With `monthly`, in place of `month_days`: e.g. the first Monday.' }),
  months: list(z.int().min(1).max(12)).optional().meta({ description: 'Only in these months.' }),
  cron: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'With `cron`: minute, hour, day of the month, month, day of the week. `0 6 * * 1-5`.' }),
  time_zone: z
    .string()
    .refine(isTimeZone, 'is not a time zone; write an IANA name such as UTC or America/New_York')
    .meta({ description: 'On whose clocks. An IANA name.', examples: ['Europe/Berlin'] }),
  start: day().optional().meta({ description: 'The first day.' }),
  end: day().optional().meta({ description: 'The last day.' }),
  catch_up: z.enum(['once', 'skip']).default('once').meta({
    description:
      'What becomes of times that passed while nothing ran: `once` makes up for all of them together, `skip` waits for the next.',
  }),
  holidays: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,59}$/, 'is no name of a holiday calendar')
    .optional()
    .meta({ description: 'Name of a holiday calendar; on its days nothing happens.' }),
})

/** When something is to happen, again and again or once, on the clocks of one time zone. */
export type Schedule = z.output<typeof ScheduleMembers>

function isTimeZone(name: string): boolean {
  // Offsets ("+02:00") have no daylight saving and are rarely what is meant.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
