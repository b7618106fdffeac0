/**
 * Schedules of all kinds against a reckoning that has nothing in common with ours: every minute of a week is asked what
 * the clocks of the zone show, and every day whether the schedule names it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextDue, upcoming } from './due-times.ts'
import { Schedule } from './schedule.ts'
import { weekdays } from './shape.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / dayMs
const dayText = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10)

/** Whether a schedule names a day, by arithmetic on its number. */
function names(schedule: Schedule, number: number): boolean {
  const { frequency, every = 1, start, end, months, month_days, nth_weekday } = schedule
  const text = dayText(number)
  const [year, month, date] = text.split('-').map(Number) as [number, number, number]
  const weekday = weekdays[(((number + 3) % 7) + 7) % 7]!
  const inMonth = new Date(Date.UTC(year, month, 0)).getUTCDate()
  if ((start && text < start) || (end && text > end)) return false
  const began = day(start ?? text)
  const [startYear, startMonth] = (start ?? text).split('-').map(Number) as [number, number]
  if (frequency === 'once') return text === schedule.on
  if (frequency === 'cron') return cronNames(schedule.cron!, { month, date, weekday })
  if (months && !months.includes(month)) return false
  if (schedule.weekdays && !schedule.weekdays.includes(weekday)) return false
  if (frequency === 'daily') return (number - began) % every === 0
  if (frequency === 'weekly') return (Math.floor((number + 3) / 7) - Math.floor((began + 3) / 7)) % every === 0
  if (frequency === 'hourly') return true
  if (((year - startYear) * 12 + month - startMonth) % every !== 0) return false
  if (month_days) return month_days.includes(date) || (month_days.includes('last') && date === inMonth)
  const { nth, weekday: wanted } = nth_weekday!
  return weekday === wanted && (nth === 'last' ? date + 7 > inMonth : Math.ceil(date / 7) === nth)
}

const numbers = (field: string): number[] => field.split(',').map(Number)

function cronNames(cron: string, { month, date, weekday }: { month: number; date: number; weekday: string }): boolean {
  const [, , dates, months, days] = cron.split(' ') as [string, string, string, string, string]
  if (months !== '*' && !numbers(months).includes(month)) return false
  const byDate = numbers(dates).includes(date)
  const byDay = numbers(days).includes((weekdays.indexOf(weekday as 'mon') + 1) % 7)
  if (dates === '*') return days === '*' || byDay
  return days === '*' ? byDate : byDate || byDay
}

/** In minutes after midnight, and whether by the hour. */
function clockOf({ frequency, at = '00:00', every = 1, cron }: Schedule): { minutes: number[]; hourly: boolean } {
  if (frequency === 'cron') {
    const [minute, hour] = cron!.split(' ') as [string, string]
    const hours = hour === '*' ? Array.from({ length: 24 }, (_, i) => i) : numbers(hour)
    return { minutes: hours.flatMap((h) => numbers(minute).map((m) => h * 60 + m)), hourly: hour === '*' }
  }
  const [hour, minute] = at.split(':').map(Number) as [number, number]
  if (frequency !== 'hourly') return { minutes: [hour * 60 + minute], hourly: false }
  const hours = Array.from({ length: 24 }, (_, i) => i).filter((h) => (h - hour) % every === 0)
  return { minutes: hours.map((h) => h * 60 + minute), hourly: every === 1 }
}

interface Week {
  zone: string
  from: number
  until: number
  /** For each time on the clocks ("2027-03-28 02:30"), in which minutes it is shown. */
  shown: Map<string, number[]>
}

const weeks = [
  ['Europe/Berlin', '2027-03-25'],
  ['Europe/Berlin', '2027-10-28'],
  ['America/New_York', '2027-03-11'],
  ['America/New_York', '2027-11-04'],
  ['Australia/Lord_Howe', '2027-04-01'],
  ['Australia/Lord_Howe', '2027-09-30'],
  ['Australia/Sydney', '2027-10-01'],
  // Over midnight.
  ['America/Sao_Paulo', '2018-11-01'],
  ['America/Sao_Paulo', '2018-02-14'],
  ['Asia/Kathmandu', '2028-02-26'],
  ['UTC', '2026-12-29'],
].map(([zone, first]): Week => {
  const from = day(first!) * dayMs
  const until = from + 6 * dayMs
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone!, dateStyle: 'short', timeStyle: 'short' })
  const shown = new Map<string, number[]>()
  for (let at = from - 2 * dayMs; at < until + 2 * dayMs; at += minuteMs) {
    const clock = format.format(at)
    shown.set(clock, [...(shown.get(clock) ?? []), at])
  }
  return { zone: zone!, from, until, shown }
})

function expected({ from, until, shown }: Week, schedule: Schedule, holidays: readonly string[]): number[] {
  const { minutes, hourly } = clockOf(schedule)
  const times = new Set<number>()
  for (let number = from / dayMs - 1; number <= until / dayMs + 1; number++) {
    if (!names(schedule, number) || (schedule.holidays && holidays.includes(dayText(number)))) continue
    for (const minute of minutes) {
      const clockAt = (m: number) => `${dayText(number)} ${new Date(m * minuteMs).toISOString().slice(11, 16)}`
      const found = shown.get(clockAt(minute))
      if (found) for (const at of hourly ? found : found.slice(0, 1)) times.add(at)
      else {
        // Left out: as long after the last minute that is shown as it is on the clock.
        let back = minute
        let before: number[] | undefined
        while (!before && back > 0) before = shown.get(clockAt(--back))
        const midnight = shown.get(`${dayText(number - 1)} 23:59`)?.at(-1)
        times.add(before ? before.at(-1)! + (minute - back) * minuteMs : midnight! + (minute + 1) * minuteMs)
      }
    }
  }
  return [...times].filter((at) => at > from && at <= until).sort((a, b) => a - b)
}

const some = <T>(items: readonly T[]) => fc.subarray([...items], { minLength: 1 })
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 1 })
const hour = fc.constantFrom(0, 1, 2, 2, 3, 23, 12)
const minute = fc.constantFrom(0, 15, 30, 45, 59)
const at = fc.tuple(hour, minute).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
const months = sometimes(some([1, 2, 3, 4, 10, 11, 12]))
const days = some(weekdays)
const start = (week: Week) => fc.integer({ min: -900, max: 4 }).map((back) => dayText(week.from / dayMs + back))
const end = (week: Week) => sometimes(fc.integer({ min: 0, max: 6 }).map((on) => dayText(week.from / dayMs + on)))
const field = (items: readonly number[]) =>
  fc.oneof(
    fc.constant('*'),
    fc.subarray([...items], { minLength: 1, maxLength: 4 }).map((some) => some.join(',')),
  )

function written(week: Week): fc.Arbitrary<Schedule> {
  const every = fc.constantFrom(1, 1, 2, 3)
  const shared = {
    time_zone: fc.constant(week.zone),
    start: start(week),
    end: end(week),
    holidays: sometimes(fc.constant('h')),
  }
  const kinds = [
    fc.record({ ...shared, frequency: fc.constant('hourly'), at, every, months, weekdays: sometimes(days) }),
    fc.record({ ...shared, frequency: fc.constant('daily'), at, every, months, weekdays: sometimes(days) }),
    fc.record({ ...shared, frequency: fc.constant('weekly'), at, every, months, weekdays: days }),
    fc.record({
      ...shared,
      frequency: fc.constant('monthly'),
      at,
      every,
      months,
      month_days: some([1, 2, 3, 13, 28, 29, 30, 31, 'last'] as const),
    }),
    fc.record({
      ...shared,
      frequency: fc.constant('monthly'),
      at,
      every,
      months,
      nth_weekday: fc.record({
        nth: fc.constantFrom(1, 2, 3, 4, 'last' as const),
        weekday: fc.constantFrom(...weekdays),
      }),
    }),
    fc.record({
      ...shared,
      frequency: fc.constant('cron'),
      cron: fc
        .tuple(
          fc.subarray([0, 7, 15, 30, 59], { minLength: 1 }).map((some) => some.join(',')),
          field([0, 1, 2, 3, 23]),
          field([1, 2, 13, 28, 29, 31]),
          field([1, 2, 3, 4, 9, 10, 11]),
          field([0, 1, 3, 6]),
        )
        .map((fields) => fields.join(' ')),
    }),
    fc.record({
      time_zone: fc.constant(week.zone),
      frequency: fc.constant('once'),
      at,
      on: start(week),
    }),
  ]
  return fc
    .oneof(...(kinds as fc.Arbitrary<object>[]))
    .map((ask) => Schedule.safeParse(JSON.parse(JSON.stringify(ask))))
    .filter((read) => read.success)
    .map((read) => read.data as Schedule)
}

test('in weeks with and without a change of clocks, a schedule is due exactly when it should be', () => {
  let due = 0
  // By its place, so that a failure is told in few words.
  const asked = fc.nat(weeks.length - 1).chain((place) => {
    const week = weeks[place]!
    return fc.record({
      place: fc.constant(place),
      schedule: written(week),
      holidays: fc.array(fc.integer({ min: 0, max: 6 }).map((on) => dayText(week.from / dayMs + on))),
    })
  })
  fc.assert(
    fc.property(asked, ({ place, schedule, holidays }) => {
      const week = weeks[place]!
      const isHoliday = (text: string): boolean => holidays.includes(text)
      const found: number[] = []
      for (let next = nextDue(schedule, new Date(week.from), isHoliday); next && next.getTime() <= week.until; ) {
        found.push(next.getTime())
        next = nextDue(schedule, next, isHoliday)
      }
      const iso = (times: number[]) => times.map((time) => new Date(time).toISOString())
      assert.deepEqual(iso(found), iso(expected(week, schedule, holidays)))
      due += found.length
    }),
    { numRuns: 250 },
  )
  assert.ok(due > 800, `${due} times`)
})

test('over many years, the days are those that the schedule names, each after the other and none left out', () => {
  const week = weeks.at(-1)!
  const asked = fc.record({
    schedule: written(week).filter(({ frequency, end }) => frequency !== 'hourly' && end === undefined),
    after: fc.integer({ min: day('2026-01-01'), max: day('2040-01-01') }),
  })
  fc.assert(
    fc.property(asked, ({ schedule, after }) => {
      const from = new Date(after * dayMs - 1)
      const found = upcoming({ ...schedule, holidays: undefined }, from, 12)
      for (const [i, time] of found.entries()) assert.ok(time > (found[i - 1] ?? from))
      const last = found.length < 12 ? after + 1200 : Math.floor(found.at(-1)!.getTime() / dayMs)
      const named: string[] = []
      for (let number = after; number <= last; number++) if (names(schedule, number)) named.push(dayText(number))
      const days = [...new Set(found.map((time) => time.toISOString().slice(0, 10)))]
      assert.deepEqual(
        days.filter((text) => day(text) <= last),
        named,
      )
    }),
    { numRuns: 300 },
  )
})
