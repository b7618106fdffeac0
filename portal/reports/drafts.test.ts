import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { again, cellKey, countsOf, type Drafts, dropped, insisted, refused, saved, taken, written } from './drafts.ts'
import type { InputCell } from './report-data.ts'

const nothing: Drafts = new Map()
const row = (queue: string) => ({ queue })
const entry = (queue: string, value: string, version = 0) => ({ row: row(queue), column: 'comment', value, version })
const cell = (value: string, version: number): InputCell => ({
  value,
  shown: value,
  version,
  changed_at: '2026-11-29T08:00:00Z',
  changed_by: 'grace',
})
const key = (queue: string) => cellKey(row(queue), 'comment')
const states = (drafts: Drafts) => Object.fromEntries([...drafts.values()].map((one) => [one.row.queue, one.state]))
const problem = (status: number, more: object = {}) => ({ title: 'No', status, ...more })

describe('what was written and is not saved yet', () => {
  test('waits, is sent together up to so many, and is gone once it is saved', () => {
    const first = taken(written(nothing, [entry('a', '1'), entry('b', '2'), entry('c', '3')]), 2)
    assert.deepEqual(
      first.batch.map(({ value }) => value),
      ['1', '2'],
    )
    assert.deepEqual(states(first.drafts), { a: 'saving', b: 'saving', c: 'waiting' })
    const done = saved(first.drafts, [
      { row: row('a'), column: 'comment', cell: cell('1', 1) },
      { row: row('b'), column: 'comment', cell: cell('2', 1) },
    ])
    assert.deepEqual(states(done), { c: 'waiting' })
    assert.deepEqual(countsOf(first.drafts), { underWay: 3, failed: 0, open: 0 })
  })

  test('a cell written again while it is being saved goes on from the version that its saving brought', () => {
    const sent = taken(written(nothing, [entry('a', 'first')]), 10)
    const twice = written(sent.drafts, [entry('a', 'second')])
    const after = saved(twice, [{ row: row('a'), column: 'comment', cell: cell('first', 1) }])
    assert.deepEqual(
      [...after.values()].map(({ value, version, state }) => [value, version, state]),
      [['second', 1, 'waiting']],
    )
    // Nor does a refusal of the first mark the second.
    assert.deepEqual(states(refused(twice, sent.batch, problem(400))), { a: 'waiting' })
  })

  test('where the server cannot be asked, all of it stays and is tried again', () => {
    for (const status of [0, 503, 401, 429]) {
      const sent = taken(written(nothing, [entry('a', '1')]), 10)
      const failed = refused(sent.drafts, sent.batch, problem(status, { hint: 'Wait.' }))
      assert.deepEqual(states(failed), { a: 'failed' })
      assert.equal(failed.get(key('a'))?.complaint, 'No Wait.')
      assert.deepEqual(states(again(failed)), { a: 'waiting' })
    }
  })

  test('of what is sent together only the cells that are wrong are refused; the others are sent once more', () => {
    const sent = taken(written(nothing, [entry('a', '1'), entry('b', 'x'), entry('c', '3')]), 10)
    const after = refused(
      sent.drafts,
      sent.batch,
      problem(422, { errors: [{ pointer: '#/cells/1/value', detail: 'is no number' }] }),
    )
    assert.deepEqual(states(after), { a: 'waiting', b: 'refused', c: 'waiting' })
    assert.equal(after.get(key('b'))?.complaint, 'is no number')
    assert.deepEqual(states(dropped(after, [key('b')])), { a: 'waiting', c: 'waiting' })
    assert.deepEqual(states(refused(sent.drafts, sent.batch, problem(403))), {
      a: 'refused',
      b: 'refused',
      c: 'refused',
    })
  })

  test('in a conflict both values stand side by side, until one insists or lets go', () => {
    const sent = taken(written(nothing, [entry('a', 'mine', 1), entry('b', '2')]), 10)
    const conflicts = [{ row: row('a'), column: 'comment', current: cell('theirs', 2) }]
    const after = refused(sent.drafts, sent.batch, problem(409, { conflicts }))
    assert.deepEqual(states(after), { a: 'conflict', b: 'waiting' })
    assert.deepEqual([after.get(key('a'))?.value, after.get(key('a'))?.theirs?.value], ['mine', 'theirs'])
    const mine = insisted(after, key('a')).get(key('a'))
    assert.deepEqual([mine?.value, mine?.version, mine?.state], ['mine', 2, 'waiting'])
  })

  test('what could not be understood is kept as it was typed, and is not sent', () => {
    const unclear = { text: 'soon', complaint: '“soon” is no day.' }
    const drafts = written(nothing, [{ ...entry('a', ''), unclear }])
    assert.deepEqual(taken(drafts, 10).batch, [])
    assert.equal(drafts.get(key('a'))?.text, 'soon')
    assert.deepEqual(countsOf(drafts), { underWay: 0, failed: 0, open: 1 })
  })
})
