import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Cell, ConditionalFormat, DocumentColumn } from './document.ts'
import { colours, looksOf, mixed } from './looks.ts'

const column = (...formats: ConditionalFormat[]): DocumentColumn => ({ name: 'a', label: 'A', type: 'number', formats })
const colourOf = (formats: ConditionalFormat[], cell: Cell): string | null => {
  const look = looksOf(column(...formats), [cell])(cell)
  return look?.kind === 'colour' ? look.colour : null
}

test('the first rule that applies colours a cell; nothing is neither less nor more than anything', () => {
  const rules: ConditionalFormat[] = [
    { when: '>=', value: 10, colour: 'red' },
    { when: 'between', value: 5, value2: 9, colour: 'amber' },
    { when: '<', value: 5, colour: 'green' },
    { when: 'empty', colour: 'grey' },
  ]
  const seen = [10, 9, 5, 9.5, 4.9, null, '', []].map((cell) => colourOf(rules, cell))
  assert.deepEqual(seen, ['red', 'amber', 'amber', null, 'green', 'grey', 'grey', 'grey'])
})

test('days compare as days, choices by being among them, yes and no as themselves', () => {
  assert.equal(colourOf([{ when: '<', value: '2026-12-01', colour: 'red' }], '2026-11-29'), 'red')
  assert.equal(colourOf([{ when: '=', value: 'b', colour: 'blue' }], ['a', 'b']), 'blue')
  assert.equal(colourOf([{ when: '=', value: true, colour: 'green' }], true), 'green')
  assert.equal(colourOf([{ when: '=', value: 'true', colour: 'green' }], false), null)
  assert.equal(colourOf([{ when: '>', value: 5, colour: 'red' }], 'many'), null)
})

test('bars begin at nought, to the left of it for what is less; scales reach from the least to the most', () => {
  const bar = looksOf(column({ scale: 'data_bar' }), [-10, 0, 30])
  assert.deepEqual(bar(30), { kind: 'bar', from: 0.25, to: 1 })
  assert.deepEqual(bar(-10), { kind: 'bar', from: 0, to: 0.25 })
  const scale = looksOf(column({ scale: 'colour_scale' }), [10, 20, null])
  assert.deepEqual(
    [10, 15, 20].map((cell) => scale(cell)),
    [0, 0.5, 1].map((strength) => ({ kind: 'scale', strength })),
  )
  assert.equal(scale(null), null)
})

test('every colour can be read on its ground, and has a sign of its own', () => {
  for (const [name, { text, ground }] of Object.entries(colours)) assert.ok(contrast(text, ground) >= 4.5, name)
  assert.ok(contrast('#1f2429', mixed('#7db8de', 1)) >= 7)
  assert.equal(new Set(Object.values(colours).map(({ sign }) => sign)).size, Object.keys(colours).length)
})

function contrast(one: string, other: string): number {
  const light = (colour: string): number => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
  }
  const [less, more] = [light(one), light(other)].sort((a, b) => a - b)
  return (more! + 0.05) / (less! + 0.05)
}
