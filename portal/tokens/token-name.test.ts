import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freeName } from './token-name.ts'

test('a token that nobody names gets the first name that is free', () => {
  assert.equal(freeName([]), 'API Token')
  assert.equal(freeName(['API Token 2']), 'API Token')
  assert.equal(freeName(['API Token', 'notebook', 'API Token 2']), 'API Token 3')
  assert.equal(freeName(['Start usage'], 'Start usage'), 'Start usage 2')
})
