import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readSearch, type Search, writeSearch } from './search.ts'

test('what is written into an address is read out of it again', () => {
  const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((key) => !(key in Object.prototype))
  const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string(), { minLength: 2, maxLength: 4 }))
  fc.assert(
    fc.property(fc.dictionary(word, value), (search) => {
      assert.deepEqual({ ...readSearch(writeSearch(search)) }, { ...search } as Search)
    }),
  )
})

test('an address can be read by people', () => {
  assert.equal(
    writeSearch({ metrics: 'a,b', filter: ['origin:ORD,ATL', 'hour!:7'] }),
    '?metrics=a,b&filter=origin:ORD,ATL&filter=hour%21:7',
  )
  assert.equal(writeSearch({ gone: undefined }), '')
})

test('no word of an address reaches an object’s own', () => {
  assert.deepEqual(readSearch('?__proto__=1&constructor=2&a=3'), { a: '3' })
})
