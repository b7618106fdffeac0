import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expiryWords, longDate, span } from './expiry-words.ts'

const now = Date.parse('2026-11-22T12:00:00Z')
const days = (n: number) => new Date(now + n * 86_400_000).toISOString()
const token = { state: 'active', expires_at: days(12), closes_at: null, revoked_at: null, successor: null } as const

test('an expiry date is told in days, with the date, and louder as it comes near', () => {
  const said = [300, 45, 30, 29, 12, 7, 6, 1].map((n) => {
    const { says, urgency } = expiryWords({ ...token, expires_at: days(n) }, now)
    return `${says}: ${urgency}`
  })
  assert.deepEqual(said, [
    'Expires in 10 months: fine',
    'Expires in 45 days: fine',
    'Expires in 30 days: fine',
    'Expires in 29 days: soon',
    'Expires in 12 days: soon',
    'Expires in 7 days: soon',
    'Expires in 6 days: urgent',
    'Expires in 24 hours: urgent',
  ])
  assert.equal(expiryWords(token, now).on, '4 December 2026')
  assert.equal(expiryWords(token, now).advice, 'Soon to be renewed: rotate it, or recreate it.')
  assert.equal(expiryWords({ ...token, expires_at: days(300) }, now).advice, null)
})

test('a token that is being replaced tells the end of its overlap', () => {
  const words = expiryWords({ ...token, state: 'closing', closes_at: days(0.1), successor: 'b' }, now)
  assert.equal(words.says, 'Stops in 2 hours')
  assert.match(words.on, /^22 November 2026, \d\d:\d\d$/)
})

test('what has ended says so, and what to do when nothing took its place', () => {
  const expired = expiryWords({ ...token, state: 'expired', expires_at: days(-3) }, now)
  assert.deepEqual([expired.says, expired.urgency], ['Expired 3 days ago', 'over'])
  assert.match(expired.advice ?? '', /Recreate it/)
  assert.equal(expiryWords({ ...token, expires_at: days(-3), successor: 'b' }, now).advice, null)
  assert.equal(expiryWords({ ...token, state: 'revoked', revoked_at: days(0) }, now).says, 'Revoked just now')
})

test('spans are rounded as people count, and a day of the calendar stays that day', () => {
  assert.deepEqual([30_000, 3_600_000, 90_000_000, 86_400_000 * 61].map(span), [
    '1 minute',
    '60 minutes',
    '25 hours',
    '2 months',
  ])
  assert.equal(longDate('2026-12-04'), '4 December 2026')
  assert.equal(longDate(new Date(2026, 11, 5)), '4 December 2026', 'what ends at midnight lasts through the day before')
})
