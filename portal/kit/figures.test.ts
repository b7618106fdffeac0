import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesText, countedText, durationText, spanText } from './figures.ts'

test('counts have thousands separators and agree with their noun', () => {
  assert.deepEqual(
    [countedText(1, 'row'), countedText(0, 'row'), countedText(3_000_000, 'row')],
    ['1 row', '0 rows', '3,000,000 rows'],
  )
  assert.equal(countedText(2, 'entry', 'entries'), '2 entries')
})

test('bytes are told in the unit that leaves few digits', () => {
  assert.deepEqual([0, 512, 1024, 22_818_816, 82_603_483_136].map(bytesText), [
    '0 bytes',
    '512 bytes',
    '1.0 KiB',
    '21.8 MiB',
    '76.9 GiB',
  ])
})

test('durations are told in at most two units, and never rounded up to one that was not reached', () => {
  assert.deepEqual([-3, 4.8, 999, 2060, 9990, 59_999, 60_000, 200_000, 7_260_000, 187_200_000].map(durationText), [
    '0 ms',
    '5 ms',
    '999 ms',
    '2.0 s',
    '9.9 s',
    '59 s',
    '1 min',
    '3 min 20 s',
    '2 h 1 min',
    '2 d 4 h',
  ])
})

test('promised ages are told in words', () => {
  assert.deepEqual([1, 90, 3600, 86_400, 172_800].map(spanText), ['1 second', '2 minutes', '1 hour', '1 day', '2 days'])
})
