import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedStates, deliveryHelp, destinationWords } from './delivery-words.ts'

test('where something went is said in words, with the name that a webhook or folder has', () => {
  assert.deepEqual(['mail', 'inbox', 'webhook:ci', 'folder:monthly/usage'].map(destinationWords), [
    'Mail',
    'Inbox',
    'Webhook ci',
    'Folder monthly/usage',
  ])
})

test('deliveries are counted by how they ended, those that arrived first, and nobody is counted as none', () => {
  assert.equal(countedStates({ failed: 1, delivered: 3, pending: 0 }), '3 delivered, 1 failed')
  assert.equal(countedStates({ unconfirmed: 2, skipped: 1 }), '2 unconfirmed, 1 left out')
  assert.equal(countedStates({}), '')
})

test('what is unconfirmed is explained: it may have arrived', () => {
  assert.match(deliveryHelp.unconfirmed ?? '', /may have arrived/)
})
