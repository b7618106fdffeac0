import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayWord, usesWords } from './use-words.ts'

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
