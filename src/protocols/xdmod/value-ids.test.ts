import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '#src/problem/problem.ts'
import { readValueIds, writeValueId } from './value-ids.ts'

test('ids joined by commas come back as they were, commas in them included', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ maxLength: 20 }), { minLength: 1 }), (ids) => {
      assert.deepEqual(readValueIds(ids.map(writeValueId).join(',')), ids)
    }),
  )
})

test('ids that people write themselves stay as they are', () => {
  assert.deepEqual(readValueIds('1,4,50%,a%20b'), ['1', '4', '50%', 'a%20b'])
})

test('too many and too long ids are refused, not cut', () => {
  assert.throws(() => readValueIds(Array.from({ length: 10_001 }, (_, i) => i).join(',')), Problem)
  assert.throws(() => readValueIds('x'.repeat(1001)), Problem)
})
