import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { chooseExpiry, type TokenPolicy } from './choose-expiry.ts'

const now = new Date('2026-11-22T15:00:00Z')
const policy: TokenPolicy = {
  expirationInterval: '6 months',
  maximum: '1 year',
  dataverseLifetime: '1 year',
  timeZone: 'Europe/Berlin',
}
const choose = (ask: object, over: Partial<TokenPolicy> = {}, more: object = {}) =>
  chooseExpiry({ ...policy, ...over }, ask, { now, ...more }).toISOString()

const refuses = (run: () => unknown, pointer: string, words: RegExp) =>
  assert.throws(run, (error: unknown) => {
    assert.ok(error instanceof Problem && error.code === 'token-unacceptable', String(error))
    assert.equal(error.details.errors?.[0]?.pointer, pointer)
    assert.match(error.message, words)
    return true
  })

test('without a choice a token lives as long as the setting says, on the wall clock of the site', () => {
  assert.equal(choose({}), '2027-05-22T14:00:00.000Z')
  assert.equal(choose({}, { expirationInterval: '90 days' }), '2027-02-20T15:00:00.000Z')
})

test('30, 60 and 90 days, a moment or a day may be chosen', () => {
  assert.equal(choose({ expires_in_days: 30 }), '2026-12-22T15:00:00.000Z')
  assert.equal(choose({ expires_in_days: 90 }), '2027-02-20T15:00:00.000Z')
  assert.equal(choose({ expires_at: '2027-01-01T00:00:00+01:00' }), '2026-12-31T23:00:00.000Z')
  assert.equal(choose({ expires_at: '2027-01-31' }), '2027-01-31T23:00:00.000Z', 'through the end of the day, there')
})

test('the last day that the policy allows may be chosen, though it ends too late', () => {
  assert.equal(choose({ expires_at: '2027-11-22' }), '2027-11-22T15:00:00.000Z')
  assert.equal(choose({ expires_at: '2027-11-22T15:00:00Z' }), '2027-11-22T15:00:00.000Z')
  assert.equal(choose({ expires_in_days: 365 }), '2027-11-22T15:00:00.000Z')
})

test('what is not after now or past the maximum is refused, with the member that is wrong', () => {
  refuses(() => choose({ expires_at: '2026-11-22T15:00:00Z' }), '#/expires_at', /not after now/)
  refuses(() => choose({ expires_at: '2026-11-21' }), '#/expires_at', /not after now/)
  refuses(() => choose({ expires_at: '2027-11-22T15:00:01Z' }), '#/expires_at', /1 year/)
  refuses(() => choose({ expires_at: '2027-11-23' }), '#/expires_at', /1 year/)
  refuses(() => choose({ expires_in_days: 366 }), '#/expires_in_days', /1 year/)
  refuses(() => choose({ expires_in_days: 30, expires_at: '2027-01-01' }), '#/expires_in_days', /either/)
})

test('a setting that gives dead or too long-lived tokens is refused when issuing', () => {
  refuses(() => choose({}, { expirationInterval: '0 days' }), '#/expires_at', /usual life .* not after now/)
  refuses(() => choose({}, { expirationInterval: '1 week ago' }), '#/expires_at', /usual life/)
  refuses(() => choose({}, { expirationInterval: '2 years' }), '#/expires_at', /longest life allowed, 1 year/)
  refuses(() => choose({}, { expirationInterval: null }), '#/expires_at', /no usual life/)
})

test('what a token makes ends with that token at the latest', () => {
  const noLaterThan = new Date('2026-12-01T00:00:00Z')
  assert.equal(choose({}, {}, { noLaterThan }), '2026-12-01T00:00:00.000Z')
  refuses(
    () => choose({ expires_in_days: 30 }, {}, { noLaterThan }),
    '#/expires_at'.replace('at', 'in_days'),
    /outlives/,
  )
})

test('what is no moment and no day is refused, also from the command line', () => {
  for (const text of ['soon', '2027-13-01', '2027-02-30', '2027-02-30T00:00:00Z+x', ''])
    refuses(() => choose({ expires_at: text }), '#/expires_at', /moment|calendar/)
})
