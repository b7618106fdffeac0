import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aliasFrom } from './collection-words.ts'

test('an alias is made of what addresses can hold, and is never a number', () => {
  assert.equal(aliasFrom('Sandpiper Lab'), 'sandpiper-lab')
  assert.equal(aliasFrom('  Équipe Müller & Söhne! '), 'equipe-muller-sohne')
  assert.equal(aliasFrom('2026'), 'c-2026')
  assert.equal(aliasFrom('東京'), '')
  assert.equal(aliasFrom('x'.repeat(80)).length, 60)
})
