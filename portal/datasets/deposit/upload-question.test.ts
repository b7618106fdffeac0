import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosen } from './upload-items.ts'
import { answered, questionOf } from './upload-question.ts'

const picked = (name: string, directory = '') => ({
  file: new File(['x'], name, { lastModified: 1 }),
  name,
  directory,
})
const there = [
  { id: 7, path: 'raw/a.csv' },
  { id: 8, path: 'b.zip' },
]
const none = new Map()

test('ZIPs are asked about, and names that are taken; others go straight on', () => {
  const question = questionOf([picked('a.csv'), picked('a.csv', 'raw'), picked('b.ZIP'), picked('b.zip')], there, none)
  assert.deepEqual(
    question.zips.map(({ file }) => file.name),
    ['b.ZIP', 'b.zip'],
  )
  assert.deepEqual(
    question.taken.map(({ id }) => id),
    [7, 8],
  )
})

test('answers hold for those that were asked about; what a ZIP that is taken apart is called replaces nothing', () => {
  const question = questionOf([picked('c.csv'), picked('a.csv', 'raw'), picked('b.zip')], there, none)
  const told = (answer: Parameters<typeof answered>[1]) =>
    answered(question, answer).map(({ file, unpack = false, replaces = null }) => [file.name, unpack, replaces])
  assert.deepEqual(told({ unpack: true, taken: 'replace' }), [
    ['c.csv', false, null],
    ['a.csv', false, 7],
    ['b.zip', true, null],
  ])
  assert.deepEqual(told({ unpack: false, taken: 'skip' }), [['c.csv', false, null]])
  assert.deepEqual(told({ unpack: false, taken: 'keep' }), [
    ['c.csv', false, null],
    ['a.csv', false, null],
    ['b.zip', false, null],
  ])
})

test('what was cut off and is given again is not asked about a second time', () => {
  const again = picked('b.zip')
  const facts = { name: 'b.zip', directory: '', bytes: 1, modified: 1 }
  const lost = new Map(
    chosen(none, [{ ...facts, unpack: true }]).map((item) => [item.key, { ...item, state: 'lost' as const }]),
  )
  assert.deepEqual([questionOf([again], there, lost).zips, questionOf([again], there, lost).taken], [[], []])
})
