import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEntry } from './read-entry.ts'

const entry = (inside: string) => `<?xml version="1.0"?>
<entry xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/">${inside}</entry>`

test('an entry as clients write it', () => {
  const read = readEntry(
    entry(`
   <dcterms:title>Roasting at Home &amp; &#x65e5;&#26412;</dcterms:title>
   <dcterms:creator affiliation="Coffee Bean State University">Peets, John</dcterms:creator>
   <dcterms:creator>Stumptown, Jane</dcterms:creator>
   <dcterms:publisher>Coffee Bean State University</dcterms:publisher>
   <dcterms:date>2013-07-11</dcterms:date>
   <dcterms:description>Considerations before you start &lt;b&gt;</dcterms:description>
   <dcterms:subject>coffee beverage</dcterms:subject>
   <dcterms:contributor type="Contact">peets@mailinator.com</dcterms:contributor>
   <dcterms:isReferencedBy>Peets, J. (2013)</dcterms:isReferencedBy>
   <dcterms:rights>Creative Commons CC-BY 3.0</dcterms:rights>`),
  )
  assert.deepEqual(read.titles, ['Roasting at Home & 日本'])
  assert.deepEqual(read.creators, [
    { name: 'Peets, John', affiliation: 'Coffee Bean State University' },
    { name: 'Stumptown, Jane', affiliation: null },
  ])
  assert.deepEqual(read.descriptions, ['Considerations before you start <b>'])
  assert.deepEqual(read.contributors, [{ name: 'peets@mailinator.com', type: 'Contact' }])
  assert.deepEqual([read.rights, read.license], ['Creative Commons CC-BY 3.0', null])
  assert.deepEqual([read.dates, read.subjects], [['2013-07-11'], ['coffee beverage']])
})

test('the prefix is the client’s choice, a number stays a text, and an empty element is none', () => {
  const read = readEntry(
    '<e:entry xmlns:e="a" xmlns:x="b"><x:title>2026</x:title><x:subject> </x:subject><x:subject/></e:entry>',
  )
  assert.deepEqual([read.titles, read.subjects], [['2026'], []])
})

test('document types, entities and what is no entry are refused', () => {
  const bomb = '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><entry><title>&lol2;</title></entry>'
  const file = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><entry/>'
  const named = entry('<title>a</title><__proto__>b</__proto__>')
  for (const text of [bomb, file, named, '', 'no xml', '<entry>', '<feed/>', '<entry><title></entry>', '[]'])
    assert.throws(() => readEntry(text), { name: 'Problem' }, text)
  assert.deepEqual(readEntry(entry('<title>&unknown; &#0; &#xffffff;</title>')).titles, ['&unknown; &#0; &#xffffff;'])
})
