import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lookOf, spanOf } from './cell-look.ts'
import type { Format } from './definition.ts'
import type { Cell } from './report-data.ts'

const colourOf = (cell: Cell, ...formats: Format[]) => {
  const look = lookOf(cell, formats, null)
  return look?.kind === 'colour' ? look.colour : null
}

describe('conditional formats', () => {
  test('the first rule that applies counts', () => {
    const rules: Format[] = [
      { when: '>', value: 100, colour: 'red' },
      { when: 'between', value: 50, value2: 100, colour: 'amber' },
      { when: '>=', value: 0, colour: 'green' },
      { when: 'empty', colour: 'grey' },
    ]
    for (const [cell, colour] of [
      [101, 'red'],
      [100, 'amber'],
      [50, 'amber'],
      [49.9, 'green'],
      [-1, null],
      [null, 'grey'],
    ] as const)
      assert.equal(colourOf(cell, ...rules), colour, String(cell))
  })

  test('texts, days and ticks compare with their like', () => {
    assert.equal(colourOf('2026-01-02', { when: '<', value: '2026-02-01', colour: 'red' }), 'red')
    assert.equal(colourOf('Physics', { when: '=', value: 'Physics', colour: 'blue' }), 'blue')
    assert.equal(colourOf(true, { when: '=', value: true, colour: 'green' }), 'green')
    assert.equal(colourOf(false, { when: '=', value: true, colour: 'green' }), null)
    assert.equal(colourOf(null, { when: '<', value: 5, colour: 'red' }), null, 'nothing is not little')
  })

  test('bars are as long as their number is great, and shades run over the span of the column', () => {
    const cells = [-20, 5, null, 10, 'total']
    const span = spanOf(cells)
    assert.deepEqual(span, { least: -20, most: 10 })
    assert.deepEqual(lookOf(10, [{ scale: 'data_bar' }], span), { kind: 'bar', share: 0.5 })
    assert.deepEqual(lookOf(-20, [{ scale: 'colour_scale' }], span), { kind: 'shade', share: 0 })
    assert.equal(lookOf(null, [{ scale: 'data_bar' }], span), null)
    assert.deepEqual(lookOf(3, [{ scale: 'colour_scale' }], { least: 3, most: 3 }), { kind: 'shade', share: 0.5 })
    assert.equal(spanOf(['a', null]), null)
  })
})
