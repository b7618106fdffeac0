import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  changed,
  chosen,
  cleanDirectory,
  countsOf,
  directoryOf,
  keptName,
  keyOfChosen,
  nextToSend,
  revived,
  type UploadItems,
} from './upload-items.ts'

const file = (name: string, bytes = 10) => ({ name, directory: '', bytes, modified: 1 })
const none: UploadItems = new Map()

test('no more than so many are sent at once, in the order in which they were chosen', () => {
  let items = chosen(
    none,
    ['a', 'b', 'c', 'd'].map((name) => file(name)),
  )
  assert.deepEqual(
    nextToSend(items, 3).map(({ name }) => name),
    ['a', 'b', 'c'],
  )
  items = changed(items, keyOfChosen(file('a')), { state: 'sending' })
  assert.deepEqual(
    nextToSend(items, 2).map(({ name }) => name),
    ['b'],
  )
})

test('a file that is chosen again while it is on its way goes on; one that was lost begins where it had stopped', () => {
  const key = keyOfChosen(file('a'))
  const sending = changed(chosen(none, [file('a')]), key, { state: 'sending', sent: 7 })
  assert.equal(chosen(sending, [file('a')]).get(key)?.state, 'sending')
  const lost = chosen(changed(sending, key, { state: 'lost' }), [file('a')]).get(key)
  assert.deepEqual([lost?.state, lost?.sent], ['waiting', 7])
  assert.equal(chosen(sending, [file('a', 11)]).size, 2, 'of another size it is another file')
})

test('loaded anew, what was all sent goes on, the rest needs its file again, and what was done is gone', () => {
  const made = chosen(
    none,
    ['done', 'sent', 'sending', 'refused', 'paused'].map((name) => file(name)),
  )
  const kept = [...made.values()].map((item) => ({
    ...item,
    state: item.name as 'done',
    upload: item.name === 'sent' ? 'u1' : null,
  }))
  assert.deepEqual(
    [...revived(kept).values()].map(({ name, state }) => [name, state]),
    [
      ['sent', 'sent'],
      ['sending', 'lost'],
      ['refused', 'refused'],
      ['paused', 'lost'],
    ],
  )
})

test('what is on its way is counted, in files and in bytes', () => {
  let items = chosen(none, [file('a', 100), file('b', 50), file('c', 0)])
  items = changed(items, keyOfChosen(file('a', 100)), { state: 'sending', sent: 30 })
  items = changed(items, keyOfChosen(file('b', 50)), { state: 'done' })
  assert.deepEqual(countsOf(items), { total: 3, done: 1, underWay: 2, paused: 0, open: 0, bytes: 150, sentBytes: 80 })
})

test('folders are kept, and never lead out', () => {
  assert.equal(directoryOf('photos/2026/may/a.jpg'), 'photos/2026/may')
  assert.equal(directoryOf('a.jpg'), '')
  assert.equal(cleanDirectory('/a//b/../c\\d/'), 'a/b/c/d')
  assert.equal(cleanDirectory('größe: x/#1'), 'größe. x/.1')
})

test('a name keeps its letters; what may not stand in it becomes a line', () => {
  assert.equal(keptName('größe & <b>; a:b?.txt'), 'größe & _b__ a_b_.txt')
})
