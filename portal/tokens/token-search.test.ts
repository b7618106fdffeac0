import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFiltered, nextSort, questionOf, revocationOf, sortedBy } from './token-search.ts'

test('an address without words asks for what lives, newest first', () => {
  assert.deepEqual(questionOf({}), { everyone: 'true', live: 'true', sort: '-created' })
  assert.equal(isFiltered({ sort: 'name' }), false)
  assert.equal(isFiltered({ state: 'any' }), true)
})

test('the words of the address become the question, days beginning at midnight UTC', () => {
  const search = { search: 'ci', state: 'closing', kind: 'service', unused_since: '2026-10-01', sort: 'expires' }
  assert.deepEqual(questionOf(search), {
    search: 'ci',
    kind: 'service',
    everyone: 'true',
    state: 'closing',
    unused_since: '2026-10-01T00:00:00.000Z',
    sort: 'expires',
  })
  assert.equal('live' in questionOf({ state: 'any' }), false)
})

test('what is no day narrows the question all the same: the server refuses it, and nothing more is found or revoked', () => {
  const question = questionOf({ expires_before: 'soon', unused_since: '2026-13-01' })
  assert.deepEqual([question.expires_before, question.unused_since], ['soon', '2026-13-01'])
  assert.deepEqual(revocationOf(questionOf({ expires_before: 'soon' })), { expires_before: 'soon', live: true })
})

test('a column sorts first as it is mostly wanted, then the other way', () => {
  assert.deepEqual(
    [nextSort('name', '-created'), nextSort('name', 'name'), nextSort('name', '-name')],
    ['name', '-name', 'name'],
  )
  assert.deepEqual([nextSort('last_used', 'name'), nextSort('last_used', '-last_used')], ['-last_used', 'last_used'])
  assert.deepEqual(
    ['name', '-name', 'created'].map((sort) => sortedBy('name', sort)),
    ['ascending', 'descending', 'none'],
  )
})

test('a bulk revocation finds what the list finds, and everything only when nothing was chosen', () => {
  const chosen = questionOf({ kind: 'service', unused_since: '2026-10-01', sort: 'name' })
  assert.deepEqual(revocationOf(chosen), { kind: 'service', unused_since: '2026-10-01T00:00:00.000Z', live: true })
  assert.deepEqual(revocationOf(questionOf({ state: 'closing' })), { state: 'closing', live: true })
  assert.deepEqual(revocationOf(questionOf({})), { all: true, live: true })
})
