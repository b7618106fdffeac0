import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Citable, citationFiles, fileStem } from './citations.ts'

const tides: Citable = {
  title: 'Tide pools of Inchkeith: 50 % more & other_tales',
  authors: ['Marsh, Sandra', 'Sandpiper Lab'],
  year: '2026',
  publisher: 'Tessera',
  version: '1.0',
  pid: 'doi:10.5072/FK2/J8SJZB',
  address: 'https://doi.org/10.5072/FK2/J8SJZB',
  keywords: ['tide', 'snail'],
  description: 'What lives\nin them.',
}
const as = (name: string, citable = tides): string =>
  citationFiles(citable).find((file) => file.name === name)?.text ?? ''

test('a citation in BibTeX has what TeX would take for its own written out', () => {
  assert.equal(
    as('BibTeX'),
    `@data{doi-10.5072-FK2-J8SJZB_2026,
  author = {{Marsh, Sandra} and {Sandpiper Lab}},
  publisher = {Tessera},
  title = {{Tide pools of Inchkeith: 50 \\% more \\& other\\_tales}},
  year = {2026},
  version = {1.0},
  doi = {10.5072/FK2/J8SJZB},
  url = {https://doi.org/10.5072/FK2/J8SJZB}
}
`,
  )
})

test('a citation in RIS has one line for each fact, whatever line breaks stand in them', () => {
  const lines = as('RIS').split('\r\n')
  assert.deepEqual(lines.slice(0, 5), [
    'TY  - DATA',
    'TI  - Tide pools of Inchkeith: 50 % more & other_tales',
    'AU  - Marsh, Sandra',
    'AU  - Sandpiper Lab',
    'PY  - 2026',
  ])
  assert.ok(lines.includes('AB  - What lives in them.'))
  assert.deepEqual(lines.slice(-2), ['ER  - ', ''])
  assert.match(as('RIS', { ...tides, title: 'Two\r\nER  - ' }), /^TY {2}- DATA\r\nTI {2}- Two ER -\r\n/)
})

test('a citation in CSL JSON tells people from institutions', () => {
  const [item] = JSON.parse(as('CSL JSON')) as [{ author: object[]; DOI: string; issued: object }]
  assert.deepEqual(item.author, [{ family: 'Marsh', given: 'Sandra' }, { literal: 'Sandpiper Lab' }])
  assert.deepEqual(item.issued, { 'date-parts': [[2026]] })
})

test('a draft without a DOI has no year and no DOI in any form', () => {
  const draft = { ...tides, year: null, version: 'DRAFT', pid: 'perma:tessera/J8SJZB' }
  for (const { name, text } of citationFiles(draft)) assert.doesNotMatch(text, /\b(year|PY|issued|doi|DO) /i, name)
  assert.equal(fileStem(draft.pid), 'perma-tessera-J8SJZB')
})
