import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { CompoundValue, Field, FieldValue, Metadata } from '#src/datasets/blocks/block.ts'
import { blocks } from '#src/datasets/blocks/blocks.ts'
import {
  readTypedBlocks,
  readTypedFields,
  type TypedField,
  typedBlocks,
  UnreadableMetadata,
  withAdded,
  withRemoved,
  withReplaced,
} from './metadata-json.ts'

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }).map((one) => `x${one}y`.trim())
const primitive = (field: Field): fc.Arbitrary<string> =>
  field.vocabulary ? fc.constantFrom(...field.vocabulary) : text
const several = <T>(field: Field, one: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  field.multiple ? fc.array(one, { minLength: 1, maxLength: 3 }) : one

const compoundOf = (children: readonly Field[]): fc.Arbitrary<CompoundValue> =>
  fc
    .record(Object.fromEntries(children.map((child) => [child.name, several(child, primitive(child))])), {
      requiredKeys: [],
    })
    .filter((value) => Object.keys(value).length > 0)
    // In the order of the definition, which is that of all metadata at rest.
    .map((value) =>
      Object.fromEntries(children.flatMap(({ name }) => (name in value ? [[name, value[name]]] : []))),
    ) as never

const anyValue = (field: Field): fc.Arbitrary<FieldValue> =>
  several<unknown>(field, field.children ? compoundOf(field.children) : primitive(field)) as fc.Arbitrary<FieldValue>

/** Any metadata that could be kept. */
const metadata: fc.Arbitrary<Metadata> = fc
  .subarray(
    blocks.flatMap(({ name, fields }) => fields.map((field) => ({ block: name, field }))),
    { maxLength: 12 },
  )
  .chain((chosen) =>
    fc.tuple(...chosen.map(({ block, field }) => anyValue(field).map((value) => ({ block, field, value })))),
  )
  .map((parts) => {
    const made: Record<string, Record<string, FieldValue>> = {}
    for (const { block, field, value } of parts) made[block] = { ...made[block], [field.name]: value }
    return made
  })

const fieldsOf = (given: Metadata): TypedField[] =>
  Object.values(typedBlocks(blocks, given)).flatMap(({ fields }) => fields)

describe('metadata', () => {
  test('written for Dataverse’s clients and read from them are the same', () => {
    fc.assert(
      fc.property(metadata, (given) => {
        const sent = JSON.parse(JSON.stringify(typedBlocks(blocks, given)))
        assert.deepEqual(readTypedBlocks(sent), given)
      }),
    )
  })

  test('are written with the four members of every field in their order, and scalars as texts', () => {
    const check = (field: TypedField): void => {
      assert.deepEqual(Object.keys(field), ['typeName', 'multiple', 'typeClass', 'value'])
      assert.equal(Array.isArray(field.value), field.multiple)
      for (const one of [field.value].flat() as unknown[])
        if (field.typeClass === 'compound')
          for (const [key, child] of Object.entries(one as Record<string, TypedField>)) {
            assert.equal(child.typeName, key)
            check(child)
          }
        else assert.equal(typeof one, 'string')
    }
    fc.assert(fc.property(metadata, (given) => fieldsOf(given).forEach(check)))
  })

  test('never have blocks without a field', () => {
    assert.deepEqual(typedBlocks(blocks, { citation: { title: 'T' }, geospatial: {} }), {
      citation: {
        displayName: 'Citation Metadata',
        name: 'citation',
        fields: [{ typeName: 'title', multiple: false, typeClass: 'primitive', value: 'T' }],
      },
    })
  })

  test('added to themselves or replaced by themselves stay as they are', () => {
    fc.assert(
      fc.property(metadata, (given) => {
        assert.deepEqual(withAdded(given, given), given)
        assert.deepEqual(withReplaced(given, given), given)
        assert.deepEqual(withAdded({}, given), given)
      }),
    )
  })

  test('without what they hold are nothing', () => {
    fc.assert(fc.property(metadata, (given) => assert.deepEqual(withRemoved(given, given), {})))
  })
})

const field = (typeName: string, value: unknown, more: object = {}) => ({ typeName, value, ...more })
const faultOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof UnreadableMetadata) return error.message
    throw error
  }
  return 'none'
}

describe('what clients send', () => {
  test('is refused in Dataverse’s words, spaces included', () => {
    const strict = (one: unknown) => faultOf(() => readTypedFields([one], { strict: true }))
    assert.equal(strict(field('title', 'T', { multiple: true })), 'incorrect multiple   for field title')
    assert.equal(
      strict(field('author', [], { typeClass: 'primitive' })),
      'incorrect  typeClass for field author, should be compound',
    )
    assert.equal(strict(field('subject', ['Birds'])), "Value 'Birds' does not exist in type 'subject'")
    assert.equal(strict(field('title', ['T'])), 'Invalid value submitted for title. It should be a single value.')
    assert.equal(strict(field('author', 'A')), 'Invalid values submitted for author. It should be an array of values.')
    assert.equal(strict('nonsense'), 'A field has no typeName')
  })

  test('is trimmed, without what is empty, null or unknown; numbers become texts', () => {
    const sent = {
      citation: {
        fields: [
          field('title', '  T  '),
          field('subtitle', null),
          field('zzUnknown', 'x'),
          field('kindOfData', ['', ' survey ', null]),
          field('author', [
            { authorName: field('authorName', ' Ames, Alice '), authorAffiliation: field('authorAffiliation', '') },
            {},
            { authorName: null },
          ]),
          field('productionDate', 2026),
        ],
      },
    }
    assert.deepEqual(readTypedBlocks(sent), {
      citation: {
        title: 'T',
        subtitle: '',
        kindOfData: ['survey'],
        author: [{ authorName: 'Ames, Alice' }],
        productionDate: '2026',
      },
    })
  })

  test('never breaks the reader, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        faultOf(() => readTypedBlocks(anything))
        faultOf(() => readTypedBlocks({ citation: { fields: [anything] } }))
        for (const name of ['title', 'subject', 'author', 'kindOfData', '__proto__'])
          faultOf(() => readTypedBlocks({ citation: { fields: [field(name, anything)] } }))
      }),
    )
  })
})

describe('an edit', () => {
  const before: Metadata = {
    citation: { title: 'T', subject: ['Law'], author: [{ authorName: 'Ames, Alice' }] },
  }

  test('adds what is not there, and refuses to add to a single value that is', () => {
    assert.deepEqual(withAdded(before, { citation: { subject: ['Law', 'Physics'], subtitle: 'S' } }), {
      citation: { ...before.citation, subject: ['Law', 'Physics'], subtitle: 'S' },
    })
    assert.match(
      faultOf(() => withAdded(before, { citation: { title: 'Other' } })),
      /^You may not add data to a field that already has data and does not allow multiples\./,
    )
  })

  test('replaces, and never empties what is required', () => {
    assert.deepEqual(withReplaced(before, { citation: { title: 'Other', subtitle: '' } }), {
      citation: { ...before.citation, title: 'Other' },
    })
    assert.equal(
      faultOf(() => withReplaced(before, { citation: { title: '' } })),
      'Empty required value for field: Title',
    )
    assert.equal(
      faultOf(() => withReplaced(before, { citation: { author: [] } })),
      'Empty multiple required value for field: Author',
    )
  })

  test('removes only what is there', () => {
    assert.deepEqual(withRemoved(before, { citation: { subject: ['Law'] } }), {
      citation: { title: 'T', author: before.citation?.author },
    })
    assert.equal(
      faultOf(() => withRemoved(before, { citation: { author: [{ authorName: 'Bell, Bo' }] } })),
      'Delete metadata failed: Author: Bell, Bo not found.',
    )
  })
})
