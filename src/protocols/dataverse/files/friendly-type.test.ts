import assert from 'node:assert/strict'
import { test } from 'node:test'
import { friendlyType } from './friendly-type.ts'

test('media types have names for people, whatever stands behind them', () => {
  assert.equal(friendlyType('text/plain'), 'Plain Text')
  assert.equal(friendlyType('text/plain; charset=US-ASCII'), 'Plain Text')
  assert.equal(friendlyType('TEXT/CSV'), 'Comma Separated Values')
  assert.equal(friendlyType('image/png'), 'PNG Image')
})

test('an unknown type is called by itself, or Unknown where it says nothing', () => {
  assert.equal(friendlyType('image/x-icon'), 'ICON Image')
  assert.equal(friendlyType('chemical/x-pdb'), 'chemical/x-pdb')
  for (const none of ['application/octet-stream', '', 'nonsense']) assert.equal(friendlyType(none), 'Unknown', none)
})
