import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { Problem } from '#src/problem/problem.ts'
import { workTime } from '#test/work-time.ts'
import { addRelative, applyRelative, isRelativeTime } from './add-relative.ts'

interface Case {
  base: string
  zone: string
  expression: string
  /** What PHP 8.1 to 8.4 make of it; null: refused. */
  result: string | null
}
const cases = JSON.parse(readFileSync(new URL('./php-relative-formats.json', import.meta.url), 'utf8')) as Case[]

test('every expression gives what PHP gives, to the microsecond, and what PHP refuses is refused', () => {
  assert.equal(cases.length, 320)
  const wrong = cases.flatMap(({ base, zone, expression, result }) => {
    let ours: string | null
    try {
      ours = applyRelative(expression, Temporal.Instant.from(base), zone).toString()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      ours = null
    }
    const theirs = result === null ? null : Temporal.Instant.from(result).toString()
    return ours === theirs ? [] : [`${expression} from ${base} in ${zone}: ${ours}, PHP: ${theirs}`]
  })
  assert.deepEqual(wrong, [])
})

const base = new Date('2026-08-14T10:15:30.250Z')

test('fractions of the base are kept unless the clock is set', () => {
  assert.equal(addRelative('6 months', base, 'UTC').toISOString(), '2027-02-14T10:15:30.250Z')
  assert.equal(addRelative('tomorrow noon', base, 'UTC').toISOString(), '2026-08-15T12:00:00.000Z')
})

test('a refusal says which part is not understood', () => {
  for (const [expression, part] of [
    ['6 monhts', /"monhts" is not understood|the number 6 has no unit/],
    ['', /it is empty/],
    ['17:00 18:00', /two times of day/],
    ['2027-01-01 2028-01-01', /two dates/],
    ['6 months!', /"!" is not understood/],
    ['9999999999999 years', /years 1 to 9999/],
    [`${'1 day '.repeat(50)}`, /longer than 200/],
  ] as const) {
    assert.throws(() => addRelative(expression, base, 'UTC'), {
      name: 'Problem',
      code: 'invalid-relative-time',
      message: part,
    })
  }
})

test('absolute parts in other spellings are read as PHP reads them', () => {
  const spellings: Record<string, string> = {
    '2027-03-05T07:08:09': '2027-03-05T07:08:09Z',
    '20270305T0708': '2027-03-05T07:08:00Z',
    '2027/3/5 7:08': '2027-03-05T07:08:00Z',
    '3/5/2027 noon': '2027-03-05T12:00:00Z',
    '5.3.2027 midnight': '2027-03-05T00:00:00Z',
    'march 5th, 2027 5:30 pm': '2027-03-05T17:30:00Z',
    '5-mar-2027 12am': '2027-03-05T00:00:00Z',
    '2027-W09-5 noon': '2027-03-05T12:00:00Z',
    '6 months 1700': '2027-02-14T17:00:00Z',
    '@1800000000 +1 day': '2027-01-16T08:00:00Z',
  }
  for (const [expression, result] of Object.entries(spellings)) {
    assert.equal(addRelative(expression, base, 'UTC').getTime(), Date.parse(result), expression)
  }
})

const word = fc.constantFrom(
  ...[
    '6',
    '+',
    '-',
    '--1',
    '@',
    '1.5',
    '2027',
    '99999',
    '0',
    'months',
    'day',
    'weekdays',
    'week',
    'monday',
    'sat',
    'first',
    'last',
    'next',
  ],
  ...[
    'this',
    'of',
    'day of',
    'ago',
    'noon',
    'tomorrow',
    'back of 7pm',
    'january',
    '2027-02-30',
    '24:60',
    'T',
    'UTC',
    'Europe/Berlin',
    'µs',
    ',',
  ],
)
const expressions = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 220 }),
  fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
)

test('whatever is written, the answer is a date or the one clear refusal, at once', () => {
  fc.assert(
    fc.property(
      expressions,
      fc.date({ noInvalidDate: true }),
      fc.constantFrom('UTC', 'America/New_York', 'Australia/Lord_Howe'),
      (written, from, zone) => {
        const worked = workTime()
        try {
          const result = addRelative(written, from, zone)
          assert.ok(!Number.isNaN(result.getTime()))
          assert.ok(isRelativeTime(written))
        } catch (error) {
          assert.ok(error instanceof Problem && error.code === 'invalid-relative-time', String(error))
        }
        assert.ok(worked() < 1000)
      },
    ),
    { numRuns: 3000 },
  )
})

test('months, weeks and days add up whatever their order, and "ago" undoes them where no month end is crossed', () => {
  const amount = fc.integer({ min: 0, max: 40 })
  fc.assert(
    fc.property(amount, amount, amount, (hours, days, weeks) => {
      const one = addRelative(`${hours} hours ${days} days ${weeks} weeks`, base, 'UTC')
      assert.equal(one.getTime() - base.getTime(), (hours + 24 * (days + 7 * weeks)) * 3_600_000)
      assert.deepEqual(addRelative(`${weeks} weeks ${hours} hours ${days} days`, base, 'UTC'), one)
      assert.deepEqual(addRelative(`${hours} hours ${days} days ${weeks} weeks ago`, one, 'UTC'), base)
    }),
  )
})

test('n working days ahead are n days counted one by one without weekends', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -400, max: 400 }).filter((n) => n !== 0),
      fc.integer({ min: 0, max: 6 }),
      (count, shift) => {
        const from = new Date(base.getTime() + shift * 86_400_000)
        const day = new Date(from)
        for (let left = Math.abs(count); left > 0; ) {
          day.setUTCDate(day.getUTCDate() + Math.sign(count))
          if (day.getUTCDay() % 6 !== 0) left--
        }
        assert.deepEqual(addRelative(`${count} weekdays`, from, 'UTC'), day)
      },
    ),
  )
})

test('the examples in the reference are true', () => {
  const page = readFileSync(new URL('../../../docs/reference/relative-times.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `(.+)` \| (\S+Z) \|$/gm)]
  assert.ok(rows.length > 10)
  const from = new Date('2026-08-14T10:15:30Z')
  for (const [, expression = '', result = ''] of rows) {
    assert.equal(addRelative(expression, from, 'UTC').getTime(), Date.parse(result), expression)
  }
})
