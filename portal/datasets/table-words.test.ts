import assert from 'node:assert/strict'
import { test } from 'node:test'
import { valuesText } from './table-words.ts'

const none = { min: null, max: null, mean: null, deviation: null, quartiles: null, top: [] }

test('of numbers it is told how far they reach, of words which come most often', () => {
  assert.equal(
    valuesText('integer', {
      ...none,
      min: '0',
      max: '49',
      mean: 24.4791,
      deviation: 14.31,
      quartiles: ['12', '24', '37'],
    }),
    '0 to 49, mean 24.48, standard deviation 14.31, median 24',
  )
  assert.equal(valuesText('number', { ...none, min: '3', max: '3', mean: 3 }), 'always 3')
  assert.equal(
    valuesText('text', {
      ...none,
      min: 'a',
      max: 'b',
      top: [
        { value: 'Nucella', count: 1200 },
        { value: 'x'.repeat(50), count: 1 },
      ],
    }),
    `Nucella (1,200), ${'x'.repeat(40)}… (1)`,
  )
  assert.equal(valuesText('text', { ...none, min: 'a', max: 'zebra' }), 'a to zebra')
  assert.equal(valuesText('text', none), '')
  assert.equal(valuesText('text', null), '')
})
