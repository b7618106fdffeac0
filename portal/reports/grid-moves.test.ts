import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { below, type GridSize, moveBy, nextInput, writes } from './grid-moves.ts'

const size: GridSize = { rows: 4, columns: 5, inputs: [2, 4], page: 3 }
const pressed = (key: string, held: 'ctrlKey' | 'none' = 'none') => ({
  key,
  shiftKey: false,
  metaKey: false,
  ctrlKey: held === 'ctrlKey',
})
const at = (row: number, column: number) => ({ row, column })

describe('moving through a grid by keyboard', () => {
  test('arrows lead one cell on and stop at the edges; with Control they lead to the edge', () => {
    assert.deepEqual(moveBy(pressed('ArrowDown'), at(0, 0), size), at(1, 0))
    assert.deepEqual(moveBy(pressed('ArrowDown'), at(3, 0), size), at(3, 0))
    assert.deepEqual(moveBy(pressed('ArrowLeft'), at(1, 0), size), at(1, 0))
    assert.deepEqual(moveBy(pressed('ArrowRight', 'ctrlKey'), at(1, 1), size), at(1, 4))
    assert.deepEqual(moveBy(pressed('End', 'ctrlKey'), at(0, 0), size), at(3, 4))
    assert.deepEqual(moveBy(pressed('PageDown'), at(2, 1), size), at(3, 1))
  })

  test('Tab goes on through the cells to fill in, over to the next row, and ends after the last one', () => {
    assert.deepEqual(nextInput(at(0, 0), size, false), at(0, 2))
    assert.deepEqual(nextInput(at(0, 4), size, false), at(1, 2))
    assert.equal(nextInput(at(3, 4), size, false), null)
    assert.deepEqual(nextInput(at(1, 2), size, true), at(0, 4))
    assert.equal(nextInput(at(0, 2), size, true), null)
    assert.equal(nextInput(at(0, 0), { ...size, inputs: [] }, false), null)
  })

  test('Enter goes on downwards, and upwards with Shift', () => {
    assert.deepEqual(below(at(0, 2), size, false), at(1, 2))
    assert.deepEqual(below(at(0, 2), size, true), at(0, 2))
  })

  test('signs of every script write; keys with names, blanks and shortcuts do not', () => {
    for (const key of ['a', '7', 'ü', '字', '𝒳']) assert.ok(writes(pressed(key)), key)
    for (const key of ['Enter', 'F2', ' ', 'Dead']) assert.ok(!writes(pressed(key)), key)
    assert.ok(!writes(pressed('c', 'ctrlKey')))
  })
})
