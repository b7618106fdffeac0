import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { workTime } from '#test/work-time.ts'
import { describeSchedule } from './describe-schedule.ts'
import { nextDue } from './due-times.ts'
import { Schedule } from './schedule.ts'

const berlin = { time_zone: 'Europe/Berlin' }

/** What is wrong, as a pointer and a sentence. */
function faults(written: object): string[] {
  const read = Schedule.safeParse(written)
  return read.success ? [] : read.error.issues.map(({ path, message }) => `/${path.join('/')} ${message}`)
}

test('each kind of schedule says what it lacks and what says nothing with it', () => {
  assert.deepEqual(faults({ ...berlin, frequency: 'weekly' }), [
    '/at is missing; "weekly" needs it',
    '/weekdays is missing; "weekly" needs it',
  ])
  assert.deepEqual(faults({ ...berlin, frequency: 'monthly', at: '08:00' }), [
    '/month_days is missing; say on which days of the month, or give nth_weekday',
  ])
  assert.deepEqual(
    faults({
      ...berlin,
      frequency: 'monthly',
      at: '08:00',
      month_days: [1],
      nth_weekday: { nth: 1, weekday: 'mon' },
    }),
    ['/nth_weekday cannot stand beside month_days; leave one out'],
  )
  assert.deepEqual(faults({ ...berlin, frequency: 'once', at: '08:00', start: '2027-01-01' }), [
    '/on is missing; "once" needs it',
    '/start says nothing with "once"; leave it out',
  ])
  assert.deepEqual(faults({ ...berlin, frequency: 'daily', at: '08:00', cron: '0 0 * * *' }), [
    '/cron says nothing with "daily"; leave it out',
  ])
  assert.deepEqual(faults({ ...berlin, frequency: 'hourly', every: 5 }), [
    '/every does not divide the day; write one of 1, 2, 3, 4, 6, 8, 12',
  ])
  assert.deepEqual(faults({ ...berlin, frequency: 'daily', at: '08:00', every: 2 }), [
    '/start is missing; say from which day "every" is counted',
  ])
  assert.deepEqual(faults({ ...berlin, frequency: 'daily', at: '08:00', start: '2027-02-01', end: '2027-01-01' }), [
    '/end lies before the start',
  ])
})

test('times, days and zones that there are not are refused', () => {
  assert.deepEqual(faults({ time_zone: 'Mars/Olympus', frequency: 'daily', at: '24:00', start: '2027-02-29' }), [
    '/at is not a time of day; write e.g. 08:30',
    '/time_zone is not a time zone; write an IANA name such as UTC or America/New_York',
    '/start is not a day; write e.g. 2027-03-28',
  ])
  assert.match(faults({ time_zone: '+02:00', frequency: 'daily', at: '08:00' })[0] ?? '', /^\/time_zone is not a time/)
  assert.match(faults({ ...berlin, frequency: 'monthly', at: '08:00', month_days: [32] })[0] ?? '', /^\/month_days\/0/)
  assert.deepEqual(faults({ ...berlin, frequency: 'weekly', at: '08:00', weekdays: ['mon', 'mon'] }), [
    '/weekdays names something twice',
  ])
})

test('a cron expression that is wrong says where', () => {
  const fault = (cron: string) => faults({ ...berlin, frequency: 'cron', cron })[0] ?? ''
  const notFive =
    '/cron is not five fields: minute, hour, day of the month, month, day of the week; write e.g. 0 6 * * 1-5'
  for (const cron of ['', '0 6 * *', '0 0 6 * * 1', '@daily']) assert.equal(fault(cron), notFive, cron)
  assert.match(fault('61 6 * * *'), /^\/cron is not a cron expression: .*61/)
  assert.match(fault('0 25 * * *'), /^\/cron is not a cron expression: .*25/)
  assert.match(fault('0 6 32 * *'), /^\/cron is not a cron expression: .*32/)
  assert.match(fault('0 6 * * mox'), /^\/cron is not a cron expression: .*mox/i)
  assert.equal(fault('H 6 * * *'), '/cron has "H" in it, which is not understood')
  assert.equal(fault('0 6 15W * *'), '/cron has "15W" in it, which is not understood')
  assert.equal(fault('0 6 * * $(reboot)'), '/cron has "$(reboot)" in it, which is not understood')
  assert.match(fault('0 6 30 2 *'), /^\/cron /)
  assert.equal(fault('0 6 31 4,6 0'), '')
})

test('what never comes round is refused', () => {
  const never = 'leaves no day on which it would ever be due'
  assert.deepEqual(faults({ ...berlin, frequency: 'monthly', at: '08:00', month_days: [30], months: [2] }), [
    `/month_days ${never}`,
  ])
  const each = { ...berlin, frequency: 'daily', at: '08:00', every: 7, start: '2027-01-04' }
  assert.deepEqual(faults({ ...each, weekdays: ['tue'] }), [`/weekdays ${never}`])
  assert.deepEqual(faults({ ...each, weekdays: ['mon'] }), [])
  assert.deepEqual(faults({ ...each, weekdays: ['mon'], months: [5], end: '2027-04-30' }), [`/end ${never}`])
})

test('a schedule is told in words', () => {
  const told = (written: object) => describeSchedule(Schedule.parse({ ...berlin, ...written }))
  for (const [written, words] of [
    [{ frequency: 'once', on: '2027-03-28', at: '02:30' }, 'Once, on 28 March 2027 at 02:30 (Europe/Berlin)'],
    [{ frequency: 'hourly' }, 'Every hour, on the hour (Europe/Berlin)'],
    [{ frequency: 'hourly', at: '00:05' }, 'Every hour, 5 min past (Europe/Berlin)'],
    [{ frequency: 'hourly', at: '07:30', every: 6 }, 'Every 6 hours, at 01:30, 07:30, 13:30 and 19:30 (Europe/Berlin)'],
    [{ frequency: 'daily', at: '08:00' }, 'Every day at 08:00 (Europe/Berlin)'],
    [
      { frequency: 'daily', at: '08:00', every: 3, start: '2027-01-04', end: '2027-02-01' },
      'Every 3 days at 08:00 (Europe/Berlin), from 4 January 2027, until 1 February 2027',
    ],
    [
      { frequency: 'weekly', at: '08:00', weekdays: ['fri', 'mon'], holidays: 'de' },
      'Every Monday and Friday at 08:00 (Europe/Berlin), except on the days of “de”',
    ],
    [
      { frequency: 'weekly', at: '08:00', weekdays: ['fri'], every: 2, start: '2027-01-04' },
      'Every 2 weeks on Friday at 08:00 (Europe/Berlin), from 4 January 2027',
    ],
    [
      { frequency: 'monthly', at: '08:00', month_days: ['last', 22, 1, 13] },
      'On the 1st, 13th, 22nd and last day of every month at 08:00 (Europe/Berlin)',
    ],
    [
      { frequency: 'monthly', at: '08:00', nth_weekday: { nth: 'last', weekday: 'fri' }, months: [3, 6] },
      'On the last Friday of March and June at 08:00 (Europe/Berlin)',
    ],
    [
      { frequency: 'monthly', at: '08:00', nth_weekday: { nth: 3, weekday: 'wed' }, every: 3, start: '2027-01-01' },
      'On the 3rd Wednesday of every 3 months at 08:00 (Europe/Berlin), from 1 January 2027',
    ],
    [{ frequency: 'cron', cron: ' 0  6 * * 1-5' }, 'By the cron expression 0 6 * * 1-5 (Europe/Berlin)'],
  ] as const)
    assert.equal(told(written), words)
})

const values = {
  at: fc.constantFrom('00:00', '02:30', '23:59', '02:30', '7:00'),
  on: fc.constantFrom('0001-01-01', '2027-02-29', '2028-02-29', '9999-12-31'),
  every: fc.constantFrom(1, 2, 7, 60, 0, 61, 1.5),
  weekdays: fc.subarray(['mon', 'sun', 'sat', 'wed']),
  month_days: fc.subarray([1, 29, 31, 'last'] as const),
  nth_weekday: fc.record({ nth: fc.constantFrom(1, 4, 'last', 5), weekday: fc.constantFrom('mon', 'sun') }),
  months: fc.subarray([2, 4, 12]),
  cron: fc.oneof(
    fc.string({ maxLength: 30 }),
    fc
      .array(
        fc.constantFrom('*', '*', '0', '1-5', '*/7', '31', 'L', '1#5', 'mon', '7', '?', '5-1', '0/0', '*/0', ','),
        {
          minLength: 5,
          maxLength: 5,
        },
      )
      .map((fields) => fields.join(' ')),
  ),
  start: fc.constantFrom('0000-01-01', '0001-01-01', '1969-12-31', '2027-01-31', '9999-12-31'),
  end: fc.constantFrom('0001-01-01', '2027-12-31', '9999-12-31'),
}
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Apia', 'Africa/Monrovia', '')

/** Mostly with the members that the frequency takes. */
const kinds = {
  once: ['at', 'on'],
  hourly: ['at', 'every', 'weekdays', 'months', 'start', 'end'],
  daily: ['at', 'every', 'weekdays', 'months', 'start', 'end'],
  weekly: ['at', 'every', 'weekdays', 'months', 'start', 'end'],
  monthly: ['at', 'every', 'month_days', 'months', 'start', 'end', 'nth_weekday'],
  cron: ['cron', 'start', 'end'],
} as const
const anything = fc.oneof(
  ...Object.entries(kinds).map(([frequency, members]) =>
    fc.record(
      {
        frequency: fc.constant(frequency),
        time_zone: zone,
        ...Object.fromEntries(members.map((member) => [member, values[member] as fc.Arbitrary<unknown>])),
      },
      { requiredKeys: ['frequency', 'time_zone', members[0]] as never },
    ),
  ),
  fc.record({ frequency: fc.constantFrom(...Object.keys(kinds), 'yearly'), time_zone: zone, ...values }),
)

test('whatever is written, it is refused with a reason or due after now, at once', () => {
  let kept = 0
  fc.assert(
    fc.property(anything, fc.constantFrom('1970-01-01', '2027-03-28', '9999-12-30'), (written, from) => {
      const worked = workTime()
      const read = Schedule.safeParse(written)
      if (read.success) {
        const after = new Date(`${from}T00:00:00Z`)
        const next = nextDue(read.data, after)
        assert.ok(next === null || next > after)
        assert.doesNotMatch(describeSchedule(read.data), /undefined|null|NaN/)
        kept++
      }
      assert.ok(worked() < 10_000)
    }),
    { numRuns: 1500 },
  )
  assert.ok(kept > 50, `${kept} were kept`)
})
