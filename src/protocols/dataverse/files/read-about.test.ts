import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#src/problem/problem.ts'
import { readAbout, readManyAbout } from './read-about.ts'

test('what each client says of a file', () => {
  // DVUploader; its metadata has no name.
  assert.deepEqual(readAbout('{"description": "Told", "categories": ["DATA"], "restrict": false, "tabIngest": true}'), {
    description: 'Told',
    categories: ['DATA'],
    restrict: false,
  })
  // pyDataverse sends what it knows of the file besides.
  assert.deepEqual(
    readAbout('{"pid": "doi:1/2", "filename": "a.csv", "directoryLabel": "raw", "label": null, "restrict": "True"}'),
    { directoryLabel: 'raw', restrict: true },
  )
  // The TypeScript client, of content that is there already.
  assert.deepEqual(
    readManyAbout(
      '[{"storageIdentifier":"up://1","fileName":"a","mimeType":"text/csv","checksum":{"@type":"MD5","@value":"aa"}}]',
    ),
    [{ storageIdentifier: 'up://1', fileName: 'a', mimeType: 'text/csv', checksum: { type: 'MD5', value: 'aa' } }],
  )
  assert.deepEqual(readAbout('{"categories": [{"name": "Data"}, " Data", ""], "dataFileTags": ["Survey"]}'), {
    categories: ['Data'],
    tags: ['Survey'],
  })
})

test('what cannot be read is refused in the words that clients know', () => {
  const told = (text: string) => {
    try {
      return readAbout(text)
    } catch (error) {
      return error instanceof Problem && error.details.detail
    }
  }
  for (const text of ['', '{', '[]', '5', 'null']) assert.equal(told(text), 'Error in parsing provided json', text)
  assert.match(String(told('{"description": 5}')), /^Error in parsing provided json: description is not a text/)
  assert.match(String(told('{"restrict": "perhaps"}')), /^Error in parsing provided json: restrict/)
  assert.equal(
    told('{"dataFileTags": ["Survey", "Birds"]}'),
    'Not a valid Tabular Data Tag:  [Birds]. Please use one of the following: Survey, Time Series, Panel, Event, Genomics, Network, Geospatial',
  )
})
