import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { latestDue, nextDue, upcoming } from './due-times.ts'
import type { Schedule } from './shape.ts'

type Written = Omit<Schedule, 'catch_up' | 'time_zone'>

/** The next times as the clocks of the zone show them, with their distance from UTC. */
function shown(zone: string, written: Written, after: string, count: number, holidays: readonly string[] = []) {
  const schedule: Schedule = { catch_up: 'once', time_zone: zone, ...written }
  return upcoming(schedule, new Date(after), count, (day) => holidays.includes(day)).map((time) => onClocks(time, zone))
}

function onClocks(time: Date, timeZone: string): string {
  const local = time.toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(time)
  return `${local} ${parts.find(({ type }) => type === 'timeZoneName')?.value.replace('GMT', '') || '+00:00'}`
}

test('a time that the clocks leave out in spring comes later by as much as they jump, once', () => {
  const at = (zone: string, time: string, after: string) => shown(zone, { frequency: 'daily', at: time }, after, 3)
  assert.deepEqual(at('Europe/Berlin', '02:30', '2027-03-27T00:00:00Z'), [
    '2027-03-27 02:30 +01:00',
    '2027-03-28 03:30 +02:00',
    '2027-03-29 02:30 +02:00',
  ])
  assert.deepEqual(at('America/New_York', '02:00', '2027-03-13T06:00:00Z'), [
    '2027-03-13 02:00 -05:00',
    '2027-03-14 03:00 -04:00',
    '2027-03-15 02:00 -04:00',
  ])
  assert.deepEqual(at('Australia/Lord_Howe', '02:15', '2027-10-01T12:00:00Z'), [
    '2027-10-02 02:15 +10:30',
    '2027-10-03 02:45 +11:00',
    '2027-10-04 02:15 +11:00',
  ])
  assert.deepEqual(at('Australia/Sydney', '02:59', '2027-10-01T12:00:00Z'), [
    '2027-10-02 02:59 +10:00',
    '2027-10-03 03:59 +11:00',
    '2027-10-04 02:59 +11:00',
  ])
})

test('a time that the clocks show twice in autumn counts the first time', () => {
  const at = (zone: string, time: string, after: string) => shown(zone, { frequency: 'daily', at: time }, after, 3)
  assert.deepEqual(at('Europe/Berlin', '02:30', '2027-10-29T22:00:00Z'), [
    '2027-10-30 02:30 +02:00',
    '2027-10-31 02:30 +02:00',
    '2027-11-01 02:30 +01:00',
  ])
  assert.deepEqual(at('America/New_York', '01:30', '2027-11-06T04:00:00Z'), [
    '2027-11-06 01:30 -04:00',
    '2027-11-07 01:30 -04:00',
    '2027-11-08 01:30 -05:00',
  ])
  assert.deepEqual(at('Australia/Lord_Howe', '01:45', '2027-04-02T12:00:00Z'), [
    '2027-04-03 01:45 +11:00',
    '2027-04-04 01:45 +11:00',
    '2027-04-05 01:45 +10:30',
  ])
})

test('every hour is every hour that passes, whatever the clocks do', () => {
  const hours = (zone: string, after: string) => shown(zone, { frequency: 'hourly', at: '00:30' }, after, 4)
  assert.deepEqual(hours('Europe/Berlin', '2027-03-27T23:45:00Z'), [
    '2027-03-28 01:30 +01:00',
    '2027-03-28 03:30 +02:00',
    '2027-03-28 04:30 +02:00',
    '2027-03-28 05:30 +02:00',
  ])
  assert.deepEqual(hours('Europe/Berlin', '2027-10-30T23:45:00Z'), [
    '2027-10-31 02:30 +02:00',
    '2027-10-31 02:30 +01:00',
    '2027-10-31 03:30 +01:00',
    '2027-10-31 04:30 +01:00',
  ])
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Sydney'])
    for (const from of ['2027-03-01T00:00:00Z', '2027-10-01T00:00:00Z']) {
      const schedule: Schedule = { frequency: 'hourly', at: '00:15', time_zone: zone, catch_up: 'once' }
      const times = upcoming(schedule, new Date(from), 45 * 24)
      const steps = new Set(times.slice(1).map((time, i) => time.getTime() - (times[i]?.getTime() ?? 0)))
      assert.deepEqual([...steps], [3_600_000], `${zone} from ${from}`)
    }
})

test('every few hours keeps to the same hours of the clock', () => {
  const written: Written = { frequency: 'hourly', at: '02:15', every: 6 }
  assert.deepEqual(shown('Europe/Berlin', written, '2027-03-27T22:00:00Z', 5), [
    '2027-03-28 03:15 +02:00',
    '2027-03-28 08:15 +02:00',
    '2027-03-28 14:15 +02:00',
    '2027-03-28 20:15 +02:00',
    '2027-03-29 02:15 +02:00',
  ])
  assert.deepEqual(shown('Europe/Berlin', written, '2027-10-30T22:00:00Z', 2), [
    '2027-10-31 02:15 +02:00',
    '2027-10-31 08:15 +01:00',
  ])
})

test('a cron expression follows the same rules: by the hour both times, else once', () => {
  const quarter: Written = { frequency: 'cron', cron: '*/30 * * * *' }
  assert.deepEqual(shown('Europe/Berlin', quarter, '2027-10-31T00:00:00Z', 5), [
    '2027-10-31 02:30 +02:00',
    '2027-10-31 02:00 +01:00',
    '2027-10-31 02:30 +01:00',
    '2027-10-31 03:00 +01:00',
    '2027-10-31 03:30 +01:00',
  ])
  const night: Written = { frequency: 'cron', cron: '0,30 1-3 * * *' }
  assert.deepEqual(shown('America/New_York', night, '2027-11-07T04:00:00Z', 4), [
    '2027-11-07 01:00 -04:00',
    '2027-11-07 01:30 -04:00',
    '2027-11-07 02:00 -05:00',
    '2027-11-07 02:30 -05:00',
  ])
  // 02:00 and 02:30 come at 03:00 and 03:30, together with those of 3 o'clock.
  assert.deepEqual(shown('America/New_York', night, '2027-03-14T05:00:00Z', 5), [
    '2027-03-14 01:00 -05:00',
    '2027-03-14 01:30 -05:00',
    '2027-03-14 03:00 -04:00',
    '2027-03-14 03:30 -04:00',
    '2027-03-15 01:00 -04:00',
  ])
})

test('cron: weekdays by name, the last day, the first Monday, and days of the month or of the week', () => {
  const days = (cron: string, count = 3) =>
    shown('UTC', { frequency: 'cron', cron }, '2027-01-01T12:00:00Z', count).map((time) => time.slice(0, 16))
  assert.deepEqual(days('0 6 * * 1-5', 4), [
    '2027-01-04 06:00',
    '2027-01-05 06:00',
    '2027-01-06 06:00',
    '2027-01-07 06:00',
  ])
  assert.deepEqual(days('0 6 * * sat,SUN'), ['2027-01-02 06:00', '2027-01-03 06:00', '2027-01-09 06:00'])
  assert.deepEqual(days('0 6 * * 7'), days('0 6 * * 0'))
  assert.deepEqual(days('0 6 L * *'), ['2027-01-31 06:00', '2027-02-28 06:00', '2027-03-31 06:00'])
  assert.deepEqual(days('0 6 * * 1#1'), ['2027-01-04 06:00', '2027-02-01 06:00', '2027-03-01 06:00'])
  assert.deepEqual(days('0 6 13 * fri', 4), [
    '2027-01-08 06:00',
    '2027-01-13 06:00',
    '2027-01-15 06:00',
    '2027-01-22 06:00',
  ])
  assert.deepEqual(days('0 0 29 feb *', 2), ['2028-02-29 00:00', '2032-02-29 00:00'])
})

test('the 31st passes over months without one; the last day is in every month', () => {
  const monthly = (month_days: Schedule['month_days'], count: number) =>
    shown('Europe/Berlin', { frequency: 'monthly', at: '08:00', month_days }, '2028-01-01T00:00:00Z', count).map(
      (time) => time.slice(5, 10),
    )
  assert.deepEqual(monthly([31], 4), ['01-31', '03-31', '05-31', '07-31'])
  assert.deepEqual(monthly([30], 3), ['01-30', '03-30', '04-30'])
  assert.deepEqual(monthly(['last'], 5), ['01-31', '02-29', '03-31', '04-30', '05-31'])
  assert.deepEqual(monthly(['last', 15, 31], 5), ['01-15', '01-31', '02-15', '02-29', '03-15'])
})

test('a leap day comes every four years, and not in 2100', () => {
  const written: Written = { frequency: 'monthly', at: '12:00', month_days: [29], months: [2] }
  assert.deepEqual(
    shown('UTC', written, '2094-01-01T00:00:00Z', 2).map((time) => time.slice(0, 10)),
    ['2096-02-29', '2104-02-29'],
  )
})

test('the first, second or last weekday of the month', () => {
  const nth = (nth_weekday: Schedule['nth_weekday'], more: Partial<Written> = {}) =>
    shown('UTC', { frequency: 'monthly', at: '08:00', nth_weekday, ...more }, '2027-01-15T00:00:00Z', 3).map((time) =>
      time.slice(0, 10),
    )
  assert.deepEqual(nth({ nth: 1, weekday: 'mon' }), ['2027-02-01', '2027-03-01', '2027-04-05'])
  assert.deepEqual(nth({ nth: 'last', weekday: 'fri' }), ['2027-01-29', '2027-02-26', '2027-03-26'])
  assert.deepEqual(nth({ nth: 2, weekday: 'sun' }, { months: [3, 11] }), ['2027-03-14', '2027-11-14', '2028-03-12'])
})

test('"every" is counted from the start: days, weeks from Monday, months from their first', () => {
  const days = (written: Written) => shown('UTC', written, '2027-01-01T00:00:00Z', 4).map((time) => time.slice(0, 10))
  assert.deepEqual(days({ frequency: 'daily', at: '08:00', every: 10, start: '2026-12-25' }), [
    '2027-01-04',
    '2027-01-14',
    '2027-01-24',
    '2027-02-03',
  ])
  assert.deepEqual(
    days({ frequency: 'weekly', at: '08:00', every: 2, weekdays: ['thu', 'mon'], start: '2027-01-06' }),
    ['2027-01-07', '2027-01-18', '2027-01-21', '2027-02-01'],
  )
  assert.deepEqual(days({ frequency: 'monthly', at: '08:00', every: 3, month_days: [31], start: '2026-10-31' }), [
    '2027-01-31',
    '2027-07-31',
    '2027-10-31',
    '2028-01-31',
  ])
})

test('nothing before the start and nothing after the end, both of which count', () => {
  const written: Written = { frequency: 'daily', at: '23:30', start: '2027-03-27', end: '2027-03-29' }
  assert.deepEqual(shown('America/New_York', written, '2020-01-01T00:00:00Z', 9), [
    '2027-03-27 23:30 -04:00',
    '2027-03-28 23:30 -04:00',
    '2027-03-29 23:30 -04:00',
  ])
})

test('once is once', () => {
  const written: Written = { frequency: 'once', on: '2027-03-28', at: '02:30' }
  assert.deepEqual(shown('Europe/Berlin', written, '2027-01-01T00:00:00Z', 5), ['2027-03-28 03:30 +02:00'])
  assert.deepEqual(shown('Europe/Berlin', written, '2027-03-28T01:30:00Z', 5), [])
})

test('holidays are left out where the schedule names a calendar, by the day that is planned', () => {
  const written: Written = { frequency: 'daily', at: '08:00', holidays: 'de' }
  const days = ['2027-12-25', '2027-12-26']
  assert.deepEqual(shown('Europe/Berlin', written, '2027-12-24T12:00:00Z', 2, days), [
    '2027-12-27 08:00 +01:00',
    '2027-12-28 08:00 +01:00',
  ])
  const { holidays: _, ...without } = written
  assert.deepEqual(shown('Europe/Berlin', without, '2027-12-24T12:00:00Z', 1, days), ['2027-12-25 08:00 +01:00'])
  const never: Schedule = { ...written, time_zone: 'UTC', catch_up: 'once' }
  assert.equal(
    nextDue(never, new Date('2027-01-01T00:00:00Z'), () => true),
    null,
    'and when all days are, it ends',
  )
})

test('a day that a zone left out altogether is made up for on the next', () => {
  // Samoa went over the date line: 30 December 2011 did not come.
  assert.deepEqual(shown('Pacific/Apia', { frequency: 'daily', at: '08:00' }, '2011-12-29T00:00:00Z', 3), [
    '2011-12-29 08:00 -10:00',
    '2011-12-31 08:00 +14:00',
    '2012-01-01 08:00 +14:00',
  ])
})

test('the latest time of a span is found however long the span', () => {
  const schedule: Schedule = { frequency: 'cron', cron: '*/7 * * * *', time_zone: 'Europe/Berlin', catch_up: 'once' }
  const from = new Date('1990-01-01T00:00:00Z')
  const until = new Date('2027-10-31T00:58:00Z')
  assert.equal(latestDue(schedule, from, until)?.toISOString(), '2027-10-31T00:56:00.000Z')
  const yearly: Schedule = {
    frequency: 'monthly',
    at: '08:00',
    month_days: [29],
    months: [2],
    time_zone: 'UTC',
    catch_up: 'once',
  }
  assert.equal(latestDue(yearly, from, until)?.toISOString(), '2024-02-29T08:00:00.000Z')
  assert.equal(latestDue(yearly, new Date('2024-02-29T08:00:00Z'), until), null)
  assert.equal(latestDue(yearly, from, new Date('1992-02-29T07:59:00Z')), null)
})

test('the time zone of the process does not matter', async () => {
  const script = `
    import { upcoming } from ${JSON.stringify(new URL('./due-times.ts', import.meta.url).href)}
    const told = []
    for (const time_zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])
      for (const written of [
        { frequency: 'daily', at: '02:30' },
        { frequency: 'hourly', at: '00:30' },
        { frequency: 'weekly', at: '00:00', weekdays: ['mon', 'sun'] },
        { frequency: 'monthly', at: '23:59', month_days: [1, 'last'], start: '2027-02-28' },
        { frequency: 'cron', cron: '15 2,14 * * *' },
        { frequency: 'once', on: '2027-03-28', at: '02:30' },
      ])
        for (const after of ['2027-03-13T00:00:00Z', '2027-10-30T00:00:00Z'])
          told.push(upcoming({ time_zone, catch_up: 'once', ...written }, new Date(after), 40))
    process.stdout.write(JSON.stringify([Intl.DateTimeFormat().resolvedOptions().timeZone, told]))`
  const run = async (TZ: string) => {
    const words = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, words, { env: { TZ }, maxBuffer: 2 ** 24 })
    return JSON.parse(stdout) as [string, string[][]]
  }
  const zones = ['UTC', 'Pacific/Kiritimati', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe']
  const [[, reference], ...others] = (await Promise.all(zones.map(run))) as [
    [string, string[][]],
    ...[string, string[][]][],
  ]
  assert.ok(reference.flat().length > 1000)
  for (const [zone, told] of others) {
    assert.notEqual(zone, 'UTC')
    assert.deepEqual(told, reference, zone)
  }
})

test('the examples in the reference are true', () => {
  const page = readFileSync(new URL('../../docs/reference/schedules.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(\{.+\})` \| (\S+) \| (.+) \|$/gm)]
  assert.ok(rows.length >= 10)
  for (const [, written = '', time_zone = '', told = ''] of rows) {
    const schedule: Schedule = { ...JSON.parse(written), time_zone, catch_up: 'once' }
    const times = told.split(', ')
    const found = upcoming(schedule, new Date(Date.parse(times[0] ?? '') - 1), times.length)
    assert.deepEqual(
      found.map((time) => onClocks(time, time_zone)),
      times.map((time) => `${time.slice(0, 16).replace('T', ' ')} ${time.slice(16)}`),
      written,
    )
  }
})
