import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileName, uniqueNames } from './file-name.ts'

test('a title gives way to what tells a file from others, counted in letters and in bytes', () => {
  assert.equal(fileName('Usage', ['2026-11-29', 'Physics'], 'pdf'), 'Usage 2026-11-29 Physics.pdf')
  assert.equal(fileName('../a/b\u202e', [], 'csv'), 'a b.csv')
  assert.equal(fileName('...', [], 'csv'), 'report.csv')
  for (const letter of ['x', 'é', '報', '𝕏'])
    for (const more of ['2026-11-29', letter.repeat(90)]) {
      const name = fileName(letter.repeat(300), [more], 'xlsx')
      assert.ok(name.endsWith(`${more}.xlsx`) || Buffer.byteLength(more) > 140, name)
      assert.ok([...name].length <= 125, name)
      const unique = uniqueNames()
      for (const one of [unique(name), unique(name)]) assert.ok(Buffer.byteLength(one) <= 255, one)
    }
})
