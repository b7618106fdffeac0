import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldLabel, foundSnippets } from './found-words.ts'

test('words that were found stand out in title and description, and elsewhere with the name of the field', () => {
  const found = foundSnippets({
    name: 'Tide pools',
    description: 'What lives in tide pools, and how.',
    matches: [
      { field: 'title', snippets: [{ text: 'Tide pools', marks: [[0, 4]] }] },
      {
        field: 'dsDescriptionValue',
        snippets: [
          { text: 'in tide pools', marks: [[3, 7]] },
          { text: 'low tide', marks: [[4, 8]] },
        ],
      },
      { field: 'keywordValue', snippets: [{ text: 'tide', marks: [[0, 4]] }] },
    ],
  })
  assert.deepEqual(found.title.marks, [[0, 4]])
  const { text, marks } = found.description
  assert.equal(text, 'in tide pools … low tide')
  assert.deepEqual(
    marks.map(([start, end]) => text.slice(start, end)),
    ['tide', 'tide'],
  )
  assert.deepEqual(
    found.elsewhere.map(({ field }) => fieldLabel(field)),
    ['Keyword'],
  )
})

test('a piece of a title never stands for the whole, and what has no match is shown as it is', () => {
  const found = foundSnippets({
    name: 'A very long title about tide pools',
    description: 'Told.',
    matches: [{ field: 'title', snippets: [{ text: 'about tide pools', marks: [[6, 10]] }] }],
  })
  assert.deepEqual(found.title, { text: 'A very long title about tide pools', marks: [] })
  assert.deepEqual(found.description, { text: 'Told.', marks: [] })
  assert.equal(fieldLabel('productionPlace'), 'Production place')
})
