import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readSearch, writeSearch } from '#portal/kit/search.ts'
import type { Parameter } from './definition.ts'
import { readParameters, writeParameters } from './parameter-words.ts'

const facts = (name: string) => ({ name, label: name, required: false })
const parameters: Parameter[] = [
  { type: 'choice', ...facts('queue'), model: 'jobs', dimension: 'queue', multiple: true },
  { type: 'period', ...facts('period') },
  { type: 'number', ...facts('least') },
  { type: 'date', ...facts('day') },
  { type: 'text', ...facts('title') },
]

describe('parameters in an address', () => {
  for (const [what, values] of [
    ['nothing', {}],
    ['ids with signs of their own', { queue: ['a,b', 'c\\d', 'e:f&g'] }],
    ['a named period', { period: 'last_30_days' }],
    ['two days', { period: { start: '2026-01-01', end: '2026-01-31' } }],
    ['a number, a day and a text', { least: -2.5, day: '2026-11-29', title: 'a: b, c' }],
    ['that there is to be none, whatever the default', { queue: null, period: null }],
  ] as const)
    test(`${what} comes back as it went`, () => {
      const text = writeSearch(writeParameters(values as never, parameters))
      assert.deepEqual(readParameters(readSearch(text), parameters), { values, ignored: [] })
    })

  test('what makes no sense is named, and the rest is read', () => {
    const search = readSearch(
      'parameter=queue:a&parameter=period:soon&parameter=nobody:1&parameter=least:ten&colour=red',
    )
    assert.deepEqual(readParameters(search, parameters), {
      values: { queue: ['a'] },
      ignored: ['colour=red', 'parameter=period:soon', 'parameter=nobody:1', 'parameter=least:ten'],
    })
  })
})
