import assert from 'node:assert/strict'
import { test } from 'node:test'
import { questionOf, sinceOf } from './run-search.ts'

const now = new Date(2026, 10, 29, 15, 30)

test('today begins at the reader’s own midnight; seven days are today and six before', () => {
  assert.equal(sinceOf('1', now), new Date(2026, 10, 29).toISOString())
  assert.equal(sinceOf('7', now), new Date(2026, 10, 23).toISOString())
})

test('what is no number of days leaves nothing out', () => {
  for (const days of [undefined, 'soon', '0', '-1', '1.5', '1e9']) assert.equal(sinceOf(days, now), undefined)
})

test('what stands in the address is asked as it is, days as the moment they begin', () => {
  assert.deepEqual(questionOf({ state: 'failed', kind: 'refresh-model', days: '1' }, now), {
    state: 'failed',
    kind: 'refresh-model',
    since: new Date(2026, 10, 29).toISOString(),
  })
  assert.deepEqual(questionOf({}, now), {})
})
