import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDays, writeDays } from './holiday-text.ts'

test('days are read as they are written, with and without what they are called', () => {
  const days = [
    { date: '2026-12-25', label: 'Christmas, first day' },
    { date: '2027-01-01', label: '' },
  ]
  assert.deepEqual(readDays(writeDays(days)), { days, wrong: [] })
  assert.deepEqual(readDays('2026-12-25;Christmas\r\n\r\n').days, [{ date: '2026-12-25', label: 'Christmas' }])
})

test('what is no day is named by its line', () => {
  assert.deepEqual(readDays('2026-02-30 never\n2026-03-01\nsoon').wrong, [1, 3])
})
