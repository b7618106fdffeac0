import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foldersIn, stepsTo } from './folders.ts'

const directories = [
  { directory: '', count: 2, bytes: 10 },
  { directory: 'raw', count: 1, bytes: 5 },
  { directory: 'raw/10', count: 3, bytes: 7 },
  { directory: 'raw/9/deep', count: 4, bytes: 9 },
  { directory: 'rawer', count: 1, bytes: 1 },
]

test('a folder counts what lies in it and below, even where it holds no file itself', () => {
  assert.deepEqual(foldersIn(directories, ''), [
    { name: 'raw', path: 'raw', count: 8, bytes: 21 },
    { name: 'rawer', path: 'rawer', count: 1, bytes: 1 },
  ])
  assert.deepEqual(foldersIn(directories, 'raw'), [
    { name: '9', path: 'raw/9', count: 4, bytes: 9 },
    { name: '10', path: 'raw/10', count: 3, bytes: 7 },
  ])
  assert.deepEqual(foldersIn(directories, 'raw/10'), [])
  assert.deepEqual(foldersIn(directories, 'no/such'), [])
})

test('the way to a directory has a step for each folder', () => {
  assert.deepEqual(stepsTo('raw/9'), [
    { name: 'raw', path: 'raw' },
    { name: '9', path: 'raw/9' },
  ])
  assert.deepEqual(stepsTo(''), [])
})
