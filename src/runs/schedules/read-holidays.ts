import ICAL from 'ical.js'
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { Problem } from '#src/problem/problem.ts'
import { badHolidayCalendar } from '../problems.ts'
import type { HolidayDay } from './holiday-calendar.ts'

const mostDays = 5000
const mostRecurring = 200
/** Events that recur for ever are taken up to here. */
const yearsAhead = 10
/** And from here, as what is past is of no use to anybody. */
const yearsBack = 2

/** The days of an iCalendar file: of events on whole days, of those over several days each, recurring ones for ten years. */
export function readIcs(text: string, now: Date): HolidayDay[] {
  try {
    return inOrder([...daysIn(text, now)].map(([date, label]) => ({ date, label })))
  } catch (error) {
    if (error instanceof Problem) throw error
    // Values are looked into only when they are asked for, so that the library may refuse them anywhere.
    throw refuse(`It is not an iCalendar file: ${(error as Error).message.slice(0, 200)}`)
  }
}

function daysIn(text: string, now: Date): Map<string, string> {
  const days = new Map<string, string>()
  const first = `${now.getUTCFullYear() - yearsBack}-01-01`
  const last = `${now.getUTCFullYear() + yearsAhead}-12-31`
  for (const event of eventsOf(text)) {
    const label = (event.summary ?? '').slice(0, 200)
    for (const date of daysOf(event, first, last)) {
      if (date < first || date > last) continue
      days.set(date, days.get(date) || label)
      if (days.size > mostDays) throw refuse(`It has more than ${mostDays} days.`)
    }
  }
  return days
}

/** By date, none twice. */
export function inOrder(days: readonly HolidayDay[]): HolidayDay[] {
  const byDate = new Map(days.map((day) => [day.date, day]))
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}

function eventsOf(text: string): InstanceType<typeof ICAL.Event>[] {
  if (text.trim() === '') throw refuse('It is empty.')
  const parsed = ICAL.parse(text) as unknown[]
  // Several calendars in one file come as a list of them.
  const calendar = new ICAL.Component((Array.isArray(parsed[0]) ? ['x', [], parsed] : parsed) as never)
  const calendars = [calendar, ...calendar.getAllSubcomponents('vcalendar')]
  const events = calendars
    .flatMap((one) => one.getAllSubcomponents('vevent'))
    .filter((event) => String(event.getFirstPropertyValue('status') ?? '').toUpperCase() !== 'CANCELLED')
    .map((event) => new ICAL.Event(event))
  if (events.length === 0) throw refuse('There is no event in it.')
  const recurring = events.filter((event) => event.component.hasProperty('rrule'))
  if (recurring.length > mostRecurring) throw refuse(`More than ${mostRecurring} of its events recur.`)
  const timed = events.find((event) => !event.startDate?.isDate)
  if (timed) throw refuse(`“${timed.summary ?? timed.uid ?? ''}” does not lie on whole days.`)
  return events
}

function* daysOf(event: InstanceType<typeof ICAL.Event>, first: string, last: string): Generator<string> {
  const length = Math.max(1, Math.round((event.duration?.toSeconds() ?? 0) / 86_400))
  if (length > 366) throw refuse(`“${event.summary ?? ''}” is longer than a year.`)
  for (const start of startsOf(event.component, dayOf(event.startDate), first, last)) {
    const day = Temporal.PlainDate.from(start)
    for (let i = 0; i < length; i++) yield day.add({ days: i }).toString()
  }
}

type Component = InstanceType<typeof ICAL.Component>

/** On which days the event begins. Reckoned like schedules are: the library that reads the file may count for ever. */
function startsOf(event: Component, start: string, first: string, last: string): string[] {
  const rule = event.getFirstPropertyValue('rrule')?.toString()
  const named = (property: string): string[] =>
    event.getAllProperties(property).flatMap((one) => one.getValues().map((value) => dayOf(value as IcalTime)))
  const except = new Set(named('exdate'))
  const starts = [start, ...named('rdate'), ...(rule === undefined ? [] : recurrences(rule, start, first, last))]
  return starts.filter((day) => !except.has(day))
}

function recurrences(rule: string, start: string, first: string, last: string): string[] {
  if (!/FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)/i.test(rule) || /BY(HOUR|MINUTE|SECOND)=/i.test(rule))
    throw refuse(`It recurs in a way that days do not: ${rule}`)
  const midnight = (day: string) => Temporal.PlainDate.from(day).toZonedDateTime('UTC')
  return new RRuleTemporal({ rruleString: `RRULE:${rule}`, dtstart: midnight(start), until: midnight(last) })
    .between(new Date(`${first}T00:00:00Z`), new Date(`${last}T00:00:00Z`), true)
    .map((day) => day.toString().slice(0, 10))
}

type IcalTime = InstanceType<typeof ICAL.Time>

const dayOf = (time: IcalTime): string => time.toString().slice(0, 10)

const refuse = (detail: string) => badHolidayCalendar({ detail, errors: [{ pointer: '#/ics', detail }] })
