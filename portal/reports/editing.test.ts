import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sampleModel } from '#portal/warehouse/sample-model.ts'
import type { Definition } from './definition.ts'
import {
  addBlock,
  duplicateBlock,
  freeName,
  moveBlock,
  moved,
  newBlock,
  newInput,
  readOptions,
  removeBlock,
  writeOptions,
} from './editing.ts'

const nothing: Definition = { parameters: [], blocks: [] }
const ids = ({ blocks }: Definition) => blocks.map(({ id }) => id)
const three = (['text', 'number', 'chart'] as const).reduce(
  (definition, type) => addBlock(definition, newBlock(type, sampleModel)),
  nothing,
)

describe('editing a report', () => {
  test('blocks are added last or where one is, each under an id of its own', () => {
    const definition = addBlock(addBlock(three, newBlock('text', sampleModel)), newBlock('text', sampleModel), 1)
    assert.deepEqual(ids(definition), ['text', 'text_3', 'number', 'chart', 'text_2'])
    assert.deepEqual(ids(three), ['text', 'number', 'chart'], 'what was there before stays as it was')
  })

  test('blocks move up and down, and not beyond the ends', () => {
    assert.deepEqual(ids(moveBlock(three, 'chart', -1)), ['text', 'chart', 'number'])
    assert.deepEqual(ids(moveBlock(three, 'text', -1)), ['text', 'number', 'chart'])
    assert.deepEqual(ids(moveBlock(three, 'text', 9)), ['number', 'chart', 'text'])
    assert.deepEqual(ids(removeBlock(three, 'number')), ['text', 'chart'])
    assert.deepEqual(moved(['a', 'b', 'c'], 2, -2), ['c', 'a', 'b'])
  })

  test('a copy of a table has input columns of its own, so that no value shows in two places', () => {
    const table = { ...newBlock('table', sampleModel), inputs: [newInput('text', 'Comment', [])] }
    const definition = duplicateBlock(addBlock(nothing, table), 'table')
    assert.deepEqual(ids(definition), ['table', 'table_2'])
    assert.deepEqual(
      definition.blocks.map((block) => block.type === 'table' && block.inputs.map(({ id }) => id)),
      [['comment'], ['comment_2']],
    )
  })

  test('names are made of labels in any script, and never twice', () => {
    assert.equal(freeName('Größe & Cost center!', []), 'gro_e_cost_center')
    assert.equal(freeName('2nd look', []), 'nd_look')
    assert.equal(freeName('備考', []), 'item')
    assert.equal(freeName('Comment', ['comment', 'comment_2']), 'comment_3')
    assert.match(freeName('x'.repeat(200), []), /^x{50}$/)
  })

  test('options are written a line each, and keep their ids and colours when their labels stay', () => {
    const before = [{ id: 'a1', label: 'Physics', colour: 'red' as const }]
    const options = readOptions('Physics\n\n C2 = Chemistry \nLife Science', before)
    assert.deepEqual(options, [
      { id: 'a1', label: 'Physics', colour: 'red' },
      { id: 'C2', label: 'Chemistry' },
      { id: 'life_science', label: 'Life Science' },
    ])
    assert.equal(writeOptions(options), 'a1 = Physics\nC2 = Chemistry\nLife Science')
    assert.deepEqual(readOptions(writeOptions(options), options), options)
    assert.deepEqual(readOptions('a1 = Astronomy', before), [{ id: 'a1', label: 'Astronomy', colour: 'red' }])
  })

  test('a new block asks for something that its model has', () => {
    assert.deepEqual(newBlock('table', sampleModel).query.metrics, ['jobs'])
    assert.equal(newBlock('table', sampleModel).title, 'Jobs by Queue')
    assert.equal(newBlock('pivot', sampleModel).columns, 'period')
    assert.equal(newBlock('chart', { ...sampleModel, timed: false }).chart, 'bar')
    assert.deepEqual(newBlock('number', sampleModel, 'wait').query.metrics, ['wait'])
  })
})
