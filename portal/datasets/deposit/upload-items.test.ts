import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openBook } from './upload-book.ts'
import {
  chosen,
  cleanDirectory,
  countsOf,
  directoryOf,
  keptName,
  keyOfChosen,
  listed,
  revived,
  type UploadItem,
  type UploadItems,
} from './upload-items.ts'

const file = (name: string, bytes = 10) => ({ name, directory: '', bytes, modified: 1 })
const none: UploadItems = new Map()

/** A book with these files in it, each in its state. */
const bookOf = (...given: readonly [name: string, state: UploadItem['state']][]) => {
  const book = openBook(none)
  book.put(
    chosen(
      none,
      given.map(([name]) => file(name)),
    ),
  )
  for (const [name, state] of given) book.change(keyOfChosen(file(name)), { state })
  return book
}

test('those that wait are told in the order in which they were chosen, and no more than are asked for', () => {
  const book = bookOf(['a', 'sending'], ['b', 'waiting'], ['c', 'waiting'], ['d', 'waiting'])
  const names = (most?: number) => book.first('waiting', most).map(({ name }) => name)
  assert.deepEqual([names(2), names(0), names(-1), names()], [['b', 'c'], [], [], ['b', 'c', 'd']])
  assert.deepEqual([book.count('waiting'), book.count('waiting', 'sending'), book.count('done')], [3, 4, 0])
  book.remove([keyOfChosen(file('b')), 'not there'])
  assert.deepEqual(names(2), ['c', 'd'])
  book.change(keyOfChosen(file('c')), { state: 'done' })
  assert.deepEqual([names(), book.count('done'), book.items.size], [['d'], 1, 3])
})

test('a file that is chosen again while it is on its way goes on; one that was lost begins where it had stopped', () => {
  const key = keyOfChosen(file('a'))
  const book = bookOf(['a', 'sending'])
  book.change(key, { sent: 7 })
  assert.deepEqual(chosen(book.items, [file('a')]), [])
  assert.equal(chosen(book.items, [file('a', 11)]).length, 1, 'of another size it is another file')
  book.change(key, { state: 'lost' })
  const [lost] = chosen(book.items, [file('a')])
  assert.deepEqual([lost?.state, lost?.sent], ['waiting', 7])
})

test('what somebody has to look at is listed first, and what is done not at all', () => {
  const { items } = bookOf(['a', 'waiting'], ['b', 'done'], ['c', 'refused'], ['d', 'sending'], ['e', 'failed'])
  assert.deepEqual(
    listed(items).map(({ name }) => name),
    ['c', 'e', 'a', 'd'],
  )
})

test('loaded anew, what was all sent goes on, the rest needs its file again, and what was done is gone', () => {
  const made = chosen(
    none,
    ['done', 'sent', 'sending', 'refused', 'paused'].map((name) => file(name)),
  )
  const kept = made.map((item) => ({
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
  const book = openBook(none)
  book.put(chosen(none, [file('a', 100), file('b', 50), file('c', 0), file('d', 10), file('e', 10)]))
  book.change(keyOfChosen(file('a', 100)), { state: 'sending', sent: 30 })
  book.change(keyOfChosen(file('b', 50)), { state: 'done' })
  book.change(keyOfChosen(file('d')), { state: 'refused' })
  book.change(keyOfChosen(file('e')), { state: 'failed' })
  assert.deepEqual(countsOf(book.items), {
    total: 5,
    done: 1,
    underWay: 2,
    paused: 0,
    failed: 1,
    lost: 0,
    refused: 1,
    bytes: 170,
    sentBytes: 80,
  })
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
