import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayAgo, dayWord, usesOn, usesWords } from './use-words.ts'

const now = Date.parse('2026-11-22T23:30:00Z')

test('a picture of uses says in words how many, and when most', () => {
  assert.equal(usesWords([0, 0, 0], now), 'Not used in the last 3 days')
  assert.equal(usesWords([0, 1200, 34], now), '1,234 uses in the last 3 days; most on 21 November: 1,200')
  assert.equal(usesWords([0, 0, 1], now), '1 use in the last 3 days; most on 22 November: 1')
})

test('days are told as one speaks of them', () => {
  assert.deepEqual(
    ['2026-11-22', '2026-11-21', '2026-11-09'].map((day) => dayWord(day, now)),
    ['Today', 'Yesterday', '9 November'],
  )
})

test('who used a token on a day is answered in one sentence', () => {
  const source = (address: string | null, client: string | null, uses: number, day = '2026-11-21') => ({
    day,
    address,
    client,
    uses,
  })
  const uses = {
    days: [
      { day: '2026-11-21', uses: 31 },
      { day: '2026-11-22', uses: 0 },
    ],
    sources: [
      source('10.0.0.5', 'curl/8.5.0', 3),
      source('10.0.0.9', null, 20),
      source('10.0.0.5', 'curl/8.5.0', 3, '2026-11-20'),
      source(null, null, 8),
    ],
  }
  assert.equal(dayAgo(1, now), '2026-11-21')
  assert.equal(
    usesOn('2026-11-21', uses, 'ci-bot'),
    'ci-bot: 31 uses from 10.0.0.9, many others and 10.0.0.5 (curl/8.5.0).',
  )
  assert.equal(usesOn('2026-11-22', uses, 'ci-bot'), 'Nobody used it.')
})
