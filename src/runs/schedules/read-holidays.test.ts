import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { Problem } from '#src/problem/problem.ts'
import { workTime } from '#test/work-time.ts'
import { readIcs } from './read-holidays.ts'

const now = new Date('2027-06-01T00:00:00Z')

const calendar = (...events: string[][]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    ...events.flatMap((lines, i) => ['BEGIN:VEVENT', `UID:${i}`, 'DTSTAMP:20270101T000000Z', ...lines, 'END:VEVENT']),
    'END:VCALENDAR',
  ].join('\r\n')

const dates = (text: string): string[] => readIcs(text, now).map(({ date }) => date)

test('events on whole days are holidays, those over several days each of them', () => {
  const text = calendar(
    ['DTSTART;VALUE=DATE:20271225', 'DTEND;VALUE=DATE:20271227', 'SUMMARY:Christmas\\, and the d', ' ay after'],
    ['DTSTART;VALUE=DATE:20270501', 'SUMMARY:Labour Day'],
    ['DTSTART;VALUE=DATE:20280228', 'DURATION:P3D', 'SUMMARY:Leap'],
  )
  assert.deepEqual(readIcs(text, now), [
    { date: '2027-05-01', label: 'Labour Day' },
    { date: '2027-12-25', label: 'Christmas, and the day after' },
    { date: '2027-12-26', label: 'Christmas, and the day after' },
    { date: '2028-02-28', label: 'Leap' },
    { date: '2028-02-29', label: 'Leap' },
    { date: '2028-03-01', label: 'Leap' },
  ])
})

test('what recurs is taken for ten years, without its exceptions; what is cancelled is not', () => {
  const found = dates(
    calendar(
      ['DTSTART;VALUE=DATE:20200101', 'RRULE:FREQ=YEARLY', 'EXDATE;VALUE=DATE:20300101', 'SUMMARY:New Year'],
      ['DTSTART;VALUE=DATE:20270705', 'STATUS:CANCELLED', 'SUMMARY:Off'],
    ),
  )
  assert.deepEqual(found.slice(0, 3), ['2025-01-01', '2026-01-01', '2027-01-01'])
  assert.equal(found.at(-1), '2037-01-01')
  assert.ok(!found.includes('2030-01-01'))
  assert.equal(found.length, 12)
  const may = calendar(['DTSTART;VALUE=DATE:20260525', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=3'])
  assert.deepEqual(dates(may), ['2026-05-25', '2027-05-31', '2028-05-29'])
})

test('what is no calendar of whole days is refused with the reason', () => {
  const reason = (text: string): string => {
    try {
      readIcs(text, now)
      return ''
    } catch (error) {
      assert.ok(error instanceof Problem && error.code === 'bad-holiday-calendar', String(error))
      assert.equal(error.details.errors?.[0]?.pointer, '#/ics')
      return error.message
    }
  }
  assert.equal(reason(' '), 'It is empty.')
  assert.match(reason('hello'), /^It is not an iCalendar file/)
  assert.match(reason('BEGIN:VCALENDAR\r\nBEGIN:VEVENT'), /^It is not an iCalendar file|^There is no event/)
  assert.equal(reason(calendar()), 'There is no event in it.')
  assert.equal(
    reason(calendar(['DTSTART:20270501T090000Z', 'SUMMARY:Stand-up'])),
    '“Stand-up” does not lie on whole days.',
  )
  assert.match(reason(calendar(['SUMMARY:Nowhen'])), /does not lie on whole days/)
  assert.match(
    reason(calendar(['DTSTART;VALUE=DATE:20270101', 'DTEND;VALUE=DATE:20500101', 'SUMMARY:Long'])),
    /longer than a year/,
  )
})

test('a rule that never comes round, or in crowds, is answered at once', () => {
  const count = (rule: string): number | string => {
    const worked = workTime()
    try {
      return dates(calendar(['DTSTART;VALUE=DATE:19000131', `RRULE:${rule}`])).length
    } catch (error) {
      assert.ok(error instanceof Problem && error.code === 'bad-holiday-calendar', String(error))
      return error.message
    } finally {
      assert.ok(worked() < 10_000, rule)
    }
  }
  // The library that reads the file counts for ever at these.
  for (const rule of ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'])
    assert.ok(count(rule) === 0 || /Maximum iterations/.test(String(count(rule))), String(count(rule)))
  assert.match(String(count('FREQ=SECONDLY')), /It recurs in a way that days do not/)
  assert.match(String(count('FREQ=DAILY;BYHOUR=1,2,3')), /It recurs in a way that days do not/)
  assert.equal(count('FREQ=DAILY;UNTIL=99991231'), 13 * 365 + 3)
  assert.equal(count('FREQ=DAILY;COUNT=3'), 0, 'long past')
})

test('whatever the text, the answer is days in order or the one refusal, soon', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      'BEGIN:VCALENDAR',
      'END:VCALENDAR',
      'BEGIN:VEVENT',
      'END:VEVENT',
      'DTSTART;VALUE=DATE:20270101',
      'DTSTART;VALUE=DATE:20271345',
      'DTEND;VALUE=DATE:20270103',
      'DTEND;VALUE=DATE:20260101',
      'DURATION:-P3D',
      'DURATION:P99999999W',
      'RRULE:FREQ=DAILY',
      'RRULE:FREQ=SECONDLY',
      'RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2',
      'RRULE:FREQ=YEARLY;COUNT=2',
      'RDATE;VALUE=DATE:20270505',
      'RECURRENCE-ID;VALUE=DATE:20270101',
      'SUMMARY:x',
    ),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.boolean(), (lines, whole) => {
      const worked = workTime()
      try {
        const found = readIcs(whole ? calendar(lines) : lines.join('\r\n'), now).map(({ date }) => date)
        assert.deepEqual(found, [...new Set(found)].sort())
      } catch (error) {
        assert.ok(error instanceof Problem && error.code === 'bad-holiday-calendar', String(error))
      }
      assert.ok(worked() < 10_000)
    }),
    { numRuns: 1500 },
  )
})

test('the time zone of the process does not matter', async () => {
  const text = calendar(['DTSTART;VALUE=DATE:20270328', 'DTEND;VALUE=DATE:20270330', 'RRULE:FREQ=YEARLY'])
  const script = `
    import { readIcs } from ${JSON.stringify(new URL('./read-holidays.ts', import.meta.url).href)}
    process.stdout.write(JSON.stringify(readIcs(${JSON.stringify(text)}, new Date(${now.getTime()}))))`
  for (const TZ of ['Pacific/Kiritimati', 'America/St_Johns']) {
    const words = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, words, {
      env: { TZ },
      cwd: import.meta.dirname,
    })
    assert.deepEqual(JSON.parse(stdout), readIcs(text, now), TZ)
  }
})
