import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metadataSections } from './metadata-rows.ts'

const field = (name: string, displayName: string, type = 'TEXT', children?: object[]) => ({
  name,
  display_name: displayName,
  title: displayName,
  type,
  ...(children && { children }),
})
const blocks = [
  {
    name: 'citation',
    display_name: 'Citation Metadata',
    fields: [
      field('title', 'Title'),
      field('author', 'Author', 'NONE', [
        field('authorName', 'Name'),
        field('authorIdentifierScheme', 'Scheme'),
        field('authorIdentifier', 'Identifier'),
      ]),
      field('alternativeURL', 'Alternative URL', 'URL'),
      field('subject', 'Subject'),
      field('dsDescription', 'Description', 'NONE', [field('dsDescriptionValue', 'Text', 'TEXTBOX')]),
    ],
  },
  { name: 'geospatial', display_name: 'Geospatial', fields: [field('country', 'Country')] },
] as Parameters<typeof metadataSections>[0]

test('metadata are shown in the order of their definitions; blocks and fields that are empty are not', () => {
  const [citation, ...others] = metadataSections(blocks, {
    citation: { subject: ['Law', 'Physics'], title: 'Tide pools', author: [], alternativeURL: '' },
    geospatial: {},
    unknown: { a: 'b' },
  })
  assert.equal(others.length, 0)
  assert.deepEqual(
    citation?.rows.map(({ label, values }) => [label, values.flat().map(({ text }) => text)]),
    [
      ['Title', ['Tide pools']],
      ['Subject', ['Law', 'Physics']],
    ],
  )
})

test('identifiers lead to where they are looked up, and nothing leads anywhere but to the web', () => {
  const partsOf = (author: object) =>
    metadataSections(blocks, {
      citation: { author: [{ authorName: 'Marsh', ...author }] },
    })[0]?.rows[0]?.values[0]?.map(({ text, href }) => [text, href])
  assert.deepEqual(partsOf({ authorIdentifierScheme: 'ORCID', authorIdentifier: '0000-0002-1825-0097' }), [
    ['Marsh', null],
    ['ORCID', null],
    ['0000-0002-1825-0097', 'https://orcid.org/0000-0002-1825-0097'],
  ])
  assert.deepEqual(partsOf({ authorIdentifier: 'javascript:alert(1)' })?.[1], ['javascript:alert(1)', null])
  for (const alternativeURL of ['javascript:alert(1)', 'data:text/html,x', 'https://'])
    assert.equal(
      metadataSections(blocks, { citation: { alternativeURL } })[0]?.rows[0]?.values[0]?.[0]?.href,
      null,
      alternativeURL,
    )
})

test('metadata of another shape than the definitions are passed over, not fallen over', () => {
  for (const metadata of [null, [], 'x', { citation: 'x' }, { citation: { title: 7, author: 'x', subject: [{}] } }])
    assert.doesNotThrow(() => metadataSections(blocks, metadata))
})
