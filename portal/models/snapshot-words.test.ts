import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changedText, rowsChange, schemaChangeText } from './snapshot-words.ts'

test('a refresh says by how many rows it differs from the one before; the first differs from none', () => {
  assert.equal(rowsChange({ rows: 1300, rows_before: 100 }), '+1,200')
  assert.equal(rowsChange({ rows: 1, rows_before: 4 }), '−3')
  assert.equal(rowsChange({ rows: 4, rows_before: 4 }), 'as before')
  assert.equal(rowsChange({ rows: 4, rows_before: null }), '')
})

test('rows are told apart where the model has a key, and not otherwise', () => {
  const of = (added: number | null, removed: number | null, changed: number | null, rows_before: number | null = 1) =>
    changedText({ rows_before, added, removed, changed })
  assert.equal(of(1200, 0, 3), '1,200 added, 3 changed')
  assert.equal(of(0, 0, 0), 'The same rows')
  assert.equal(of(null, null, null), '')
  assert.equal(of(null, null, null, null), 'The first data')
})

test('a change of columns is said in words', () => {
  const change = { table: 'jobs', column: 'queue', from: 'VARCHAR', to: 'INTEGER' }
  assert.equal(schemaChangeText({ ...change, change: 'added', from: null }), 'jobs.queue is new (INTEGER)')
  assert.equal(schemaChangeText({ ...change, change: 'removed', to: null }), 'jobs.queue is gone')
  assert.equal(schemaChangeText({ ...change, change: 'type_changed' }), 'jobs.queue was VARCHAR, and is INTEGER')
})
