import assert from 'node:assert/strict'
import { test } from 'node:test'
import { placeOfText } from './use-editor.ts'

test('what is typed into one text is one place; anything else that differs is none', () => {
  const block = { id: 'a', title: 'Jobs', metrics: ['count'] }
  const draft = { title: '', definition: { blocks: [block, { ...block, id: 'b' }] } }
  const typed = { ...draft, definition: { blocks: [block, { ...block, id: 'b', title: 'Jobs ended' }] } }
  assert.equal(placeOfText(draft, typed), '/definition/blocks/1/title')
  assert.equal(placeOfText(draft, { ...draft, title: 'T' }), '/title')
  assert.equal(placeOfText(draft, { ...typed, title: 'T' }), null)
  assert.equal(placeOfText(draft, { ...draft, definition: { blocks: [block] } }), null)
  assert.equal(placeOfText(draft, { ...draft, description: 'new' }), null)
  assert.equal(placeOfText(draft, draft), null)
})
