import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, expiryBody, expiryOf, presetsWithin } from './expiry-choice.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const policy = {
  personal_tokens: true,
  default_expires_at: '2027-05-22T12:00:00.000Z',
  maximum_expires_at: '2027-01-21T12:00:00.000Z',
  preset_days: [30, 60, 90],
  pattern: '',
  terms: { required: false, accepted: false },
}

test('a choice asks the server for exactly one thing', () => {
  assert.deepEqual(expiryBody({ by: 'usual' }), {})
  assert.deepEqual(expiryBody({ by: 'days', days: 30 }), { expires_in_days: 30 })
  assert.deepEqual(expiryBody({ by: 'date', date: '2026-12-04' }), { expires_at: '2026-12-04' })
  assert.deepEqual(expiryBody({ by: 'date', date: null }), {})
})

test('the resulting date is told before anything is made', () => {
  assert.equal(expiryOf({ by: 'usual' }, policy, now), policy.default_expires_at)
  assert.equal((expiryOf({ by: 'days', days: 30 }, policy, now) as Date).toISOString(), '2026-12-22T12:00:00.000Z')
  assert.equal(expiryOf({ by: 'date', date: '2026-12-04' }, policy, now), '2026-12-04')
  assert.equal(dayOf(new Date(2026, 0, 5)), '2026-01-05')
})

test('presets past the longest life are not offered', () => {
  assert.deepEqual(presetsWithin(policy, now), [30, 60])
})
