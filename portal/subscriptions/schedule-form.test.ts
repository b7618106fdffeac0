import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptySchedule, type Schedule, scheduleFormOf, scheduleOf } from './schedule-form.ts'

const zone = 'Europe/Zurich'
const around = { time_zone: zone, catch_up: 'once' } as const

test('what a form makes of a schedule makes the same schedule again', () => {
  const schedules: Schedule[] = [
    { frequency: 'once', at: '09:30', on: '2026-12-01', ...around },
    { frequency: 'hourly', at: '00:15', every: 4, ...around },
    { frequency: 'daily', at: '06:00', every: 2, start: '2026-01-01', end: '2026-06-30', ...around },
    { frequency: 'weekly', at: '07:00', every: 1, weekdays: ['mon', 'fri'], ...around, catch_up: 'skip' },
    { frequency: 'monthly', at: '07:00', month_days: [1, 15, 'last'], every: 3, ...around },
    { frequency: 'monthly', at: '07:00', nth_weekday: { nth: 'last', weekday: 'fri' }, months: [3, 6], ...around },
    { frequency: 'cron', cron: '5 4 * * mon', ...around, holidays: 'zurich' },
  ]
  for (const schedule of schedules) assert.deepEqual(scheduleOf(scheduleFormOf(schedule, 'UTC')), schedule)
  assert.equal(scheduleOf(scheduleFormOf(null, zone)), null)
})

test('days are told in their order, however they were ticked; all months are every month', () => {
  const form = { ...emptySchedule(zone), weekdays: ['sun', 'mon'] as const }
  assert.deepEqual(scheduleOf(form)?.weekdays, ['mon', 'sun'])
  const monthly = { ...form, frequency: 'monthly', monthDays: ['last', 15, 2], months: [12, 1] } as const
  assert.deepEqual(scheduleOf(monthly)?.month_days, [2, 15, 'last'])
  assert.deepEqual(scheduleOf(monthly)?.months, [1, 12])
  const all = { ...monthly, months: Array.from({ length: 12 }, (_, month) => month + 1) }
  assert.equal(scheduleOf(all)?.months, undefined)
})

test('what was chosen for another frequency is kept by the form and not sent', () => {
  const form = { ...emptySchedule(zone), frequency: 'daily', weekdays: ['tue'], start: '2026-02-01' } as const
  assert.deepEqual(scheduleOf(form), { frequency: 'daily', at: '07:00', every: 1, start: '2026-02-01', ...around })
  assert.deepEqual(scheduleOf({ ...form, frequency: 'once', on: '2026-03-01' }), {
    frequency: 'once',
    at: '07:00',
    on: '2026-03-01',
    ...around,
  })
})
