import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayBeTable, previewKind, textOf } from './preview-kind.ts'

test('nothing that a browser could run is shown other than as text', () => {
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/javascript',
    'TEXT/HTML; charset=utf-8',
  ])
    assert.equal(previewKind(type), 'text', type)
  assert.equal(previewKind('application/x-shockwave-flash'), null)
})

test('pictures, texts and documents are shown each in their way, and the rest is not', () => {
  assert.equal(previewKind('image/png'), 'picture')
  assert.equal(previewKind('text/csv'), 'text')
  assert.equal(previewKind('application/pdf'), 'pdf')
  assert.equal(previewKind('application/zip'), null)
})

test('the beginning of a text ends with a whole line', () => {
  const bytes = new TextEncoder().encode('first\nsecond\nthird \u00e4')
  assert.equal(textOf(bytes.slice(0, -1), false), 'first\nsecond')
  assert.equal(textOf(bytes, true), 'first\nsecond\nthird \u00e4')
  assert.equal(textOf(new TextEncoder().encode('one long line'), false), 'one long line')
})

test('what is no text is not shown as one', () => {
  assert.equal(textOf(new Uint8Array([80, 75, 3, 4, 0, 0]), true), null)
  assert.equal(textOf(new Uint8Array(200).fill(0xe9), true), null)
})

test('tables are told by how a file is called', () => {
  for (const name of ['counts.csv', 'COUNTS.TSV', 'a.b.parquet', 'rows.ndjson', 'book.xlsx'])
    assert.ok(mayBeTable(name), name)
  for (const name of ['csv', 'notes.txt', 'counts.csv.zip', 'book.xls']) assert.ok(!mayBeTable(name), name)
})
