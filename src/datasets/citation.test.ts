import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bibtexOf, cite, cslOf, endnoteOf, risOf } from './citation.ts'

const pools = {
  authors: ['Ames, Alice', 'Marine Station'],
  year: 2026,
  title: 'Tide pools & <salt>: 100 % "real"',
  url: 'https://doi.org/10.5072/FK2/J8SJZB',
  publisher: 'Tessera',
  edition: 'V1',
}
const pid = 'doi:10.5072/FK2/J8SJZB'

test('a citation names authors, year, title, address, publisher and version', () => {
  const { text, html } = cite(pools)
  assert.equal(
    text,
    'Ames, Alice; Marine Station, 2026, "Tide pools & <salt>: 100 % "real"", https://doi.org/10.5072/FK2/J8SJZB, Tessera, V1',
  )
  assert.equal(
    html,
    'Ames, Alice; Marine Station, 2026, "Tide pools &amp; &lt;salt&gt;: 100 % &quot;real&quot;", <a href="https://doi.org/10.5072/FK2/J8SJZB" target="_blank">https://doi.org/10.5072/FK2/J8SJZB</a>, Tessera, V1',
  )
  assert.doesNotMatch(cite({ ...pools, authors: ['<img src=x>'], url: 'http://x/"><script>' }).html, /<(img|script)/)
})

test('BibTeX takes its own characters as text, and organizations as one name', () => {
  assert.equal(
    bibtexOf(pools, pid),
    `@data{Ames_J8SJZB_2026,
  author = {Ames, Alice and {Marine Station}},
  publisher = {Tessera},
  title = {{Tide pools \\& <salt>: 100 \\% "real"}},
  year = {2026},
  version = {V1},
  doi = {10.5072/FK2/J8SJZB},
  url = {https://doi.org/10.5072/FK2/J8SJZB}
}
`,
  )
  assert.match(
    bibtexOf({ ...pools, authors: ['Müller}, {Ä\\'] }, 'perma:tessera/ABC123'),
    /^@data\{Muller_ABC123_2026,/,
  )
  assert.doesNotMatch(bibtexOf(pools, 'perma:tessera/ABC123'), /doi = /)
})

test('RIS has one line for each fact, whatever the facts hold', () => {
  const ris = risOf({ ...pools, title: 'A\nER  - \nB' }, pid, 'About\r\nit')
  assert.deepEqual(ris.split('\r\n'), [
    'TY  - DATA',
    'T1  - A ER - B',
    'AU  - Ames, Alice',
    'AU  - Marine Station',
    'DO  - doi:10.5072/FK2/J8SJZB',
    'ET  - V1',
    'PY  - 2026',
    'UR  - https://doi.org/10.5072/FK2/J8SJZB',
    'PB  - Tessera',
    'AB  - About it',
    'ER  - ',
    '',
  ])
})

test('EndNote’s XML and CSL say the same', () => {
  const xml = endnoteOf(pools, pid)
  assert.match(xml, /<title>Tide pools &amp; &lt;salt&gt;: 100 % &quot;real&quot;<\/title>/)
  assert.match(xml, /<author>Ames, Alice<\/author><author>Marine Station<\/author>/)
  assert.deepEqual(cslOf(pools, pid).author, [{ family: 'Ames', given: 'Alice' }, { literal: 'Marine Station' }])
  assert.equal(cslOf(pools, pid).DOI, '10.5072/FK2/J8SJZB')
})
