import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readTyped, type TypedKind, type TypedValue } from './typed-value.ts'

describe('what is typed or pasted into a cell', () => {
  const meant: readonly (readonly [TypedKind, string, TypedValue])[] = [
    ['text', ' as it is ', ' as it is '],
    ['text', '   ', null],
    ['text', '=1+1', '=1+1'],
    ['number', '1234.5', 1234.5],
    ['number', '1,234,567.25', 1_234_567.25],
    ['number', '12,5', 12.5],
    ['number', '1 234', 1234],
    ['number', '−3', -3],
    ['number', '1e3', 1000],
    ['number', '', null],
    ['date', '2026-11-29', '2026-11-29'],
    ['date', '2026-11-29 08:00:00', '2026-11-29'],
    ['date', '29.11.2026', '2026-11-29'],
    ['date', '1 Nov 2026', '2026-11-01'],
    ['date', 'November 1, 2026', '2026-11-01'],
    ['date', '', null],
    ['checkbox', 'TRUE', true],
    ['checkbox', 'x', true],
    ['checkbox', 'no', false],
    ['checkbox', '', false],
  ]
  for (const [kind, text, value] of meant)
    test(`“${text}” as ${kind} means ${JSON.stringify(value)}`, () =>
      assert.deepEqual(readTyped(kind, text), { value }))

  const unclear: readonly (readonly [TypedKind, string])[] = [
    ['number', 'ten'],
    ['number', '1,23,4'],
    ['number', '1.2.3'],
    ['number', 'Infinity'],
    ['date', '03/04/2026'],
    ['date', '2026-02-30'],
    ['date', '31.11.2026'],
    ['date', 'tomorrow'],
    ['checkbox', 'maybe'],
  ]
  for (const [kind, text] of unclear)
    test(`“${text}” as ${kind} is not guessed at: it is complained of by its own words`, () => {
      const typed = readTyped(kind, text)
      assert.ok('complaint' in typed && typed.complaint.includes(`“${text}”`))
    })
})
