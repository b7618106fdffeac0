import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  adviceFor,
  countWords,
  isOpen,
  lateness,
  lengthOf,
  type Run,
  reasonOf,
  titleOf,
  triggerWords,
} from './run-words.ts'

const trigger = (type: Run['trigger']['type'], account: string | null) => ({
  trigger: { type, account, account_id: null, token_id: null, cause: null, address: null },
})

test('a run is named by what it does to what', () => {
  assert.equal(titleOf({ kind: 'refresh-model', subject: { type: 'model', id: 'jobs' } }), 'Refresh model jobs')
  assert.equal(countWords('rows_before'), 'Rows before')
})

test('only a run that waits or works may still change', () => {
  const states = ['queued', 'running', 'succeeded', 'partially_failed', 'failed', 'cancelled', 'skipped', 'timed_out']
  assert.deepEqual(
    states.filter((state) => isOpen({ state: state as Run['state'] })),
    ['queued', 'running'],
  )
})

test('who led to a run is said in words, also when nobody did', () => {
  assert.equal(triggerWords(trigger('manual', 'ada')), 'ada')
  assert.equal(triggerWords(trigger('api', 'ada')), 'ada, with an API token')
  assert.equal(triggerWords(trigger('api', null)), 'Somebody, with an API token')
  assert.equal(triggerWords(trigger('schedule', 'first start')), 'By itself (first start)')
  assert.equal(triggerWords(trigger('schedule', null)), 'By schedule')
  assert.equal(triggerWords(trigger('dependency', null)), 'Another run led to it')
})

test('a reason is what somebody wrote, not the number of a request', () => {
  const caused = (cause: string | null) => reasonOf({ trigger: { ...trigger('manual', 'ada').trigger, cause } })
  assert.deepEqual(['new logs', 'cda1c39412af-4', 'ada', null].map(caused), ['new logs', null, null, null])
})

test('a run that has not begun has no length; one that runs grows; one that ended stays', () => {
  const started_at = '2026-01-01T00:00:00.000Z'
  const now = Date.parse('2026-01-01T00:00:09.000Z')
  assert.equal(lengthOf({ started_at: null, finished_at: null }, now), null)
  assert.equal(lengthOf({ started_at, finished_at: null }, now), 9000)
  assert.equal(lengthOf({ started_at, finished_at: '2026-01-01T00:00:02.000Z' }, now), 2000)
})

test('every failure says what to do next, also one that this page has not heard of', () => {
  assert.match(adviceFor({ code: 'refresh-refused', retryable: false }), /still read/)
  assert.match(adviceFor({ code: 'internal', retryable: true }), /Ask for it again/)
  assert.match(adviceFor({ code: 'never-heard-of', retryable: false }), /will not help/)
})

test('a run that began within a minute of its time was on time; one that is made up for says how late it was', () => {
  const scheduled_for = '2026-01-01T06:00:00.000Z'
  const begun = (started_at: string | null) => lateness({ scheduled_for, started_at })
  assert.equal(begun('2026-01-01T06:00:12.000Z'), null)
  assert.equal(begun('2026-01-01T08:00:00.000Z'), 7_200_000)
  assert.equal(begun(null), null)
  assert.equal(lateness({ scheduled_for: null, started_at: scheduled_for }), null)
})
