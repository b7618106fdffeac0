import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sameClock, timeZones, zonedTime } from './zoned-time.ts'

test('a moment is told on the clocks of the zone asked for, also in summer', () => {
  assert.equal(zonedTime('2026-07-06T05:00:00.000Z', 'Europe/Zurich'), 'Mon, 6 Jul 2026, 07:00')
  assert.equal(zonedTime('2026-01-05T05:00:00.000Z', 'Europe/Zurich'), 'Mon, 5 Jan 2026, 06:00')
  assert.equal(zonedTime('2026-01-05T05:00:00.000Z', 'America/New_York'), 'Mon, 5 Jan 2026, 00:00')
})

test('zones whose clocks say the same at a moment are told apart at another', () => {
  assert.ok(sameClock('2026-01-05T05:00:00.000Z', 'Europe/London', 'UTC'))
  assert.ok(!sameClock('2026-07-05T05:00:00.000Z', 'Europe/London', 'UTC'))
})

test('UTC can be chosen, once', () => {
  assert.equal(timeZones().filter((zone) => zone === 'UTC').length, 1)
  assert.ok(timeZones().includes('Europe/Zurich'))
})
