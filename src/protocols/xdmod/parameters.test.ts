import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { isDay, parameter, restParameter } from './parameters.ts'

describe('parameters', () => {
  test('a controller takes the last of several values, and an empty one for none', () => {
    assert.equal(parameter({ a: ['1', '2'] }, 'a'), '2')
    assert.equal(parameter({ a: '' }, 'a'), undefined)
    assert.equal(parameter({}, 'toString'), undefined)
  })

  test('REST refuses lists, but not the same value twice', () => {
    assert.equal(restParameter({ realm: ['Jobs', 'Jobs'] }, 'realm'), 'Jobs')
    assert.equal(restParameter({ fields: '' }, 'fields'), '')
    for (const given of [{ realm: ['Jobs', 'Flights'] }, { 'realm[]': 'Jobs' }, { 'realm[0]': 'Jobs' }])
      assert.throws(
        () => restParameter(given, 'realm'),
        (error) => error instanceof Problem && error.message === 'Invalid value for realm. Must be a(n) string.',
      )
  })

  test('a day is one that the calendar has', () => {
    for (const day of ['2024-02-29', '2026-12-31', '0001-01-01']) assert.ok(isDay(day), day)
    for (const day of [
      '2024-01-99',
      '2026-02-29',
      '2026-13-01',
      '0000-01-01',
      '2026-3-1',
      '2026-03-01T00',
      ' 2026-03-01',
    ])
      assert.ok(!isDay(day), day)
  })
})
