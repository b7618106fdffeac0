import ICAL from 'ical.js'
import { badHolidayCalendar } from '../problems.ts'
import type { HolidayDay } from './holiday-calendar.ts'

const mostDays = 5000
/** Events that recur for ever are taken up to here. */
const yearsAhead = 10
/** And from here, as what is past is of no use to anybody. */
const yearsBack = 2
const mostRecurrences = 20_000

/** The days of an iCalendar file: of events on whole days, of those over several days each, recurring ones for ten years. */
export function readIcs(text: string, now: Date): HolidayDay[] {
  const days = new Map<string, string>()
  const first = `${now.getUTCFullYear() - yearsBack}-01-01`
  const last = `${now.getUTCFullYear() + yearsAhead}-12-31`
  for (const event of eventsOf(text)) {
    const label = (event.summary ?? '').slice(0, 200)
    for (const date of daysOf(event, last)) {
      if (date < first || date > last) continue
      days.set(date, days.get(date) || label)
      if (days.size > mostDays) throw refuse(`It has more than ${mostDays} days.`)
    }
  }
  return inOrder([...days].map(([date, label]) => ({ date, label })))
}

/** By date, none twice. */
export function inOrder(days: readonly HolidayDay[]): HolidayDay[] {
  const byDate = new Map(days.map((day) => [day.date, day]))
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}

function eventsOf(text: string): InstanceType<typeof ICAL.Event>[] {
  let calendar: InstanceType<typeof ICAL.Component>
  try {
    const parsed = ICAL.parse(text) as unknown[]
    // Several calendars in one file come as a list of them.
    const whole = Array.isArray(parsed[0]) ? ['x', [], parsed] : parsed
    calendar = new ICAL.Component(whole as never)
  } catch (error) {
    throw refuse(`It is not an iCalendar file: ${(error as Error).message.slice(0, 200)}`)
  }
  const calendars = [calendar, ...calendar.getAllSubcomponents('vcalendar')]
  const events = calendars
    .flatMap((one) => one.getAllSubcomponents('vevent'))
    .filter((event) => String(event.getFirstPropertyValue('status') ?? '').toUpperCase() !== 'CANCELLED')
    .map((event) => new ICAL.Event(event))
  if (events.length === 0) throw refuse('There is no event in it.')
  const timed = events.find((event) => !event.startDate?.isDate)
  if (timed) throw refuse(`“${timed.summary ?? timed.uid ?? ''}” does not lie on whole days.`)
  return events
}

function* daysOf(event: InstanceType<typeof ICAL.Event>, last: string): Generator<string> {
  const length = Math.max(1, Math.round((event.duration?.toSeconds() ?? 0) / 86_400))
  if (length > 366) throw refuse(`“${event.summary ?? ''}” is longer than a year.`)
  const whole = function* (from: InstanceType<typeof ICAL.Time>): Generator<string> {
    for (let i = 0; i < length; i++) {
      const day = from.clone()
      day.adjust(i, 0, 0, 0)
      yield day.toString().slice(0, 10)
    }
  }
  if (!event.isRecurring()) {
    yield* whole(event.startDate)
    return
  }
  const recurrences = event.iterator()
  for (let i = 0; i < mostRecurrences; i++) {
    const start = recurrences.next() as InstanceType<typeof ICAL.Time> | undefined
    if (!start || start.toString().slice(0, 10) > last) return
    yield* whole(start)
  }
}

const refuse = (detail: string) => badHolidayCalendar({ detail, errors: [{ pointer: '#/ics', detail }] })
