import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSearch, writeSearch } from '#portal/kit/search.ts'
import { readFound, toggleFacet, writeFound } from './search-words.ts'

const addressOf = (found: Parameters<typeof writeFound>[0]): string => writeSearch(writeFound(found))

test('a search stands in the address and comes back out of it the same', () => {
  for (const address of [
    '',
    '?q=tide+pools',
    '?q=tide&type=dataset&subject=Physics&subject=Law&sort=name-az&page=3',
    '?author=Marsh,+Sandra&year=2026&state=draft',
  ]) {
    const found = readFound(readSearch(address))
    assert.deepEqual(readFound(readSearch(addressOf(found))), found, address)
  }
  assert.equal(addressOf(readFound(readSearch('?q=tide&sort=relevance&page=1'))), '?q=tide')
})

test('with words the best match comes first, without them what is new', () => {
  assert.equal(readFound({}).order, 'newest')
  assert.equal(readFound({ q: 'tide' }).order, 'relevance')
  assert.equal(readFound({ q: 'tide', sort: 'newest' }).order, 'newest')
})

test('what makes no sense in an address is passed over', () => {
  const found = readFound({ type: 'person', page: '-1', sort: '__proto__', subject: ['', 'Law', 'Law'], colour: 'red' })
  assert.deepEqual(found, { q: '', kind: null, facets: { subject: ['Law'] }, order: 'newest', page: 1 })
})

test('a facet taken in and out again leaves the search as it was, from its first page', () => {
  const found = readFound({ q: 'tide', page: '4', subject: 'Law' })
  const more = toggleFacet(found, 'subject', 'Physics')
  assert.deepEqual([more.facets, more.page], [{ subject: ['Law', 'Physics'] }, 1])
  assert.deepEqual(toggleFacet(more, 'subject', 'Physics'), { ...found, page: 1 })
  assert.deepEqual(toggleFacet(found, 'subject', 'Law').facets, {})
})
