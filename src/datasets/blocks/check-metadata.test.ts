import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { plainMetadata } from '#test/datasets.ts'
import { blocks, fieldNamed } from './blocks.ts'
import { checkMetadata, normalizeMetadata } from './check-metadata.ts'

const rulesOf = (metadata: unknown, options = {}) =>
  checkMetadata(blocks, metadata, options).map(({ pointer, rule }) => `${rule} ${pointer}`)
const withField = (field: string, value: unknown) => rulesOf(plainMetadata({ [field]: value }))

test('names of fields are one of a kind over all blocks, and compounds are one level deep', () => {
  const names = blocks.flatMap(({ fields }) =>
    fields.flatMap((field) => [field.name, ...(field.children ?? []).map(({ name }) => name)]),
  )
  assert.equal(new Set(names).size, names.length)
  for (const name of names) assert.equal(fieldNamed(name)?.field.name, name)
  for (const { fields } of blocks)
    for (const { children = [] } of fields) assert.ok(children.every((child) => child.children === undefined))
  assert.ok(fieldNamed('language')?.field.vocabulary?.includes('Spanish, Castilian'))
  assert.equal(fieldNamed('country')?.field.vocabulary?.length, 249)
  assert.equal(fieldNamed('authorName')?.parent?.name, 'author')
})

test('the least that a dataset can say of itself is enough', () => {
  assert.deepEqual(rulesOf(plainMetadata()), [])
})

test('everything that is missing is named at once, by the field that has to be filled in', () => {
  assert.deepEqual(
    checkMetadata(blocks, { citation: {} }).map(({ pointer, detail }) => [pointer, detail]),
    [
      ['/citation/title', 'Title is required.'],
      ['/citation/author/0/authorName', 'Author Name is required.'],
      ['/citation/datasetContact/0/datasetContactEmail', 'Point of Contact E-mail is required.'],
      ['/citation/dsDescription/0/dsDescriptionValue', 'Description Text is required.'],
      ['/citation/subject', 'Subject is required.'],
    ],
  )
  assert.deepEqual(rulesOf({}), rulesOf({ citation: {} }))
  assert.deepEqual(withField('title', '  \n'), ['required /citation/title'])
  assert.deepEqual(withField('author', [{ authorName: 'A' }, { authorAffiliation: 'Example U' }]), [
    'required /citation/author/1/authorName',
  ])
  assert.deepEqual(withField('author', [{ authorName: 'A' }, {}]), [], 'what is empty is not there')
  assert.deepEqual(rulesOf({ citation: { title: 'Only that' } }, { draft: true }), [])
  assert.deepEqual(rulesOf({ citation: {} }, { draft: true }), ['required /citation/title'])
})

test('a child that is required is so only where its compound is filled in', () => {
  assert.deepEqual(withField('producer', [{ producerAffiliation: 'Example U' }]), [
    'required /citation/producer/0/producerName',
  ])
  assert.deepEqual(withField('producer', [{ producerName: 'P' }]), [])
})

test('a collection may ask for more', () => {
  const required = new Set(['country', 'kindOfData'])
  assert.deepEqual(rulesOf(plainMetadata(), { required }), [
    'required /citation/kindOfData',
    'required /geospatial/geographicCoverage/0/country',
  ])
  const more = {
    ...plainMetadata({ kindOfData: ['survey'] }),
    geospatial: { geographicCoverage: [{ country: 'Peru' }] },
  }
  assert.deepEqual(rulesOf(more, { required }), [])
  const city = { ...plainMetadata({ kindOfData: ['survey'] }), geospatial: { geographicCoverage: [{ city: 'Lima' }] } }
  assert.deepEqual(rulesOf(city, { required }), ['required /geospatial/geographicCoverage/0/country'])
})

test('what does not fit its field is refused where it stands', () => {
  for (const [field, value, wanted] of [
    ['title', ['a'], 'single /citation/title'],
    ['title', { a: 'b' }, 'type /citation/title'],
    ['title', 5, 'type /citation/title'],
    ['title', 'x'.repeat(5001), 'length /citation/title'],
    ['subject', 'Law', 'multiple /citation/subject'],
    ['subject', ['Law', 'Birds'], 'vocabulary /citation/subject/1'],
    ['subject', [['Law']], 'type /citation/subject/0'],
    ['author', { authorName: 'A' }, 'multiple /citation/author'],
    ['author', ['A'], 'type /citation/author/0'],
    ['author', [{ authorName: 'A', shoe: '43' }], 'unknown /citation/author/0/shoe'],
    ['author', [{ authorName: ['A'] }], 'single /citation/author/0/authorName'],
    [
      'author',
      [{ authorName: 'A', authorIdentifierScheme: 'Passport' }],
      'vocabulary /citation/author/0/authorIdentifierScheme',
    ],
    ['productionDate', '2026-02-30', 'format /citation/productionDate'],
    ['productionDate', '2026-13', 'format /citation/productionDate'],
    ['productionDate', 'yesterday', 'format /citation/productionDate'],
    ['alternativeURL', 'javascript:alert(1)', 'format /citation/alternativeURL'],
    ['alternativeURL', 'example.org', 'format /citation/alternativeURL'],
    ['datasetContact', [{ datasetContactEmail: 'alice' }], 'format /citation/datasetContact/0/datasetContactEmail'],
    ['a/b~c', 'x', 'unknown /citation/a~1b~0c'],
  ] as const)
    assert.deepEqual(withField(field, value), [wanted], `${field} ${JSON.stringify(value)}`)
  assert.deepEqual(rulesOf({ ...plainMetadata(), birds: {} }), ['unknown /birds'])
  assert.deepEqual(rulesOf({ ...plainMetadata(), geospatial: [] }), ['type /geospatial'])
  assert.deepEqual(rulesOf('text'), ['type '])
  assert.deepEqual(rulesOf(null), ['type '])
  const size = { socialscience: { targetSampleSize: { targetSampleActualSize: 'many' } } }
  assert.deepEqual(rulesOf({ ...plainMetadata(), ...size }), [
    'format /socialscience/targetSampleSize/targetSampleActualSize',
  ])
})

test('dates are years, months and days, also guessed ones and those before Christ', () => {
  for (const date of [
    '2026',
    '2026-11',
    '2026-11-29',
    '2024-02-29',
    '-0044',
    '-0044-03-15',
    '44 BC',
    '[1850?]',
    '[1850]',
  ])
    assert.deepEqual(withField('productionDate', date), [], date)
  assert.deepEqual(withField('productionDate', '2023-02-29'), ['format /citation/productionDate'])
})

test('what is kept is trimmed, in the order of the fields, without what is empty', () => {
  const kept = normalizeMetadata(blocks, {
    geospatial: { geographicUnit: ['', '  '], geographicBoundingBox: [{ westLongitude: -3.1, eastLongitude: ' 4 ' }] },
    citation: {
      subject: ['Law'],
      title: '  T ',
      subtitle: '',
      author: [{}, { authorAffiliation: '', authorName: ' A ' }],
    },
    socialscience: {},
  })
  assert.equal(
    JSON.stringify(kept),
    '{"citation":{"title":"T","author":[{"authorName":"A"}],"subject":["Law"]},"geospatial":{"geographicBoundingBox":[{"westLongitude":"-3.1","eastLongitude":"4"}]}}',
  )
})

test('whatever is given, the check ends with findings and never throws; what it takes can be kept, and then stays as it is', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(fc.string(), fc.constantFrom('authorName', 'keywordValue', '__proto__x', 'constructor')),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any
  const names = fc.constantFrom(
    'title',
    'subject',
    'author',
    'keyword',
    'language',
    'productionDate',
    'toString',
    'nothing',
  )
  fc.assert(
    fc.property(fc.dictionary(names, value, { maxKeys: 4 }), (citation) => {
      const metadata = { citation: { ...plainMetadata().citation, ...citation } }
      if (checkMetadata(blocks, metadata).length > 0) return
      const kept = normalizeMetadata(blocks, metadata)
      assert.deepEqual(checkMetadata(blocks, kept), [])
      assert.deepEqual(normalizeMetadata(blocks, kept), kept)
    }),
    { numRuns: 500 },
  )
})
