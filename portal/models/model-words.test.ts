import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysText, findFields, freshnessWords, isBehind } from './model-words.ts'

const freshness = {
  version: 3,
  refreshed_at: '2026-01-01T00:00:00.000Z',
  age_seconds: 60,
  fresh_within_seconds: 172_800,
  stale: false,
  outdated: false,
  source_time: null,
  rows: 7,
  first_day: '2025-01-01',
  last_day: '2025-12-31',
}
const manager = { query: true, raw: true, options: false, refresh: true }
const viewer = { ...manager, raw: false, refresh: false }

test('what is wrong with a model’s data is said with what the reader can do about it', () => {
  const never = { freshness: null }
  assert.match(freshnessWords({ ...never, may: manager }).says, /Refresh it to read its sources/)
  assert.match(freshnessWords({ ...never, may: viewer }).says, /Ask somebody who may refresh it\.$/)
  const stale = freshnessWords({ freshness: { ...freshness, stale: true }, may: viewer })
  assert.deepEqual([stale.standing, stale.label], ['stale', 'Stale'])
  assert.match(stale.says, /older than the 2 days that it promises\. Ask/)
  const outdated = freshnessWords({ freshness: { ...freshness, outdated: true }, may: manager })
  assert.equal(outdated.standing, 'outdated')
  assert.match(outdated.says, /model file has changed/)
  const both = freshnessWords({ freshness: { ...freshness, stale: true, outdated: true }, may: manager })
  assert.match(both.says, /older than.*has changed/)
})

test('a model that keeps its promise, or makes none, is not complained about', () => {
  assert.deepEqual(freshnessWords({ freshness, may: viewer }), {
    standing: 'fresh',
    label: 'Fresh',
    says: 'It promises data that are no older than 2 days.',
  })
  const free = freshnessWords({ freshness: { ...freshness, fresh_within_seconds: null }, may: viewer })
  assert.deepEqual([free.standing, free.label], ['fresh', 'Refreshed'])
})

test('what is read is behind until the data of the refresh that succeeded are those that are read', () => {
  const run = { state: 'succeeded', started_at: '2026-01-02T00:00:00.000Z' } as const
  assert.equal(isBehind(null, run), true)
  assert.equal(isBehind(freshness, run), true)
  assert.equal(isBehind({ ...freshness, refreshed_at: '2026-01-02T00:00:09.000Z' }, run), false)
  assert.equal(isBehind(freshness, { ...run, state: 'failed' }), false)
  assert.equal(isBehind(null, { state: 'queued', started_at: null }), false)
})

test('days are told as they stand in the warehouse, in whatever zone they are read', () => {
  assert.equal(daysText(freshness), '1 Jan 2025 to 31 Dec 2025')
  assert.equal(daysText({ ...freshness, last_day: '2025-01-01' }), '1 Jan 2025')
  assert.equal(daysText({ ...freshness, first_day: null, last_day: null }), 'It knows no days')
})

test('a field is found by its name, label or description, by all words in any order', () => {
  const fields = [
    { name: 'total_cpu', label: 'CPU Hours: Total', description: 'Cores times wall time.' },
    { name: 'avg_wait', label: 'Wait Hours: Per Job', description: 'How long a job waited.' },
  ]
  const found = (asked: string) => findFields(fields, asked).map(({ name }) => name)
  assert.deepEqual(found('  '), ['total_cpu', 'avg_wait'])
  assert.deepEqual(found('total CPU'), ['total_cpu'])
  assert.deepEqual(found('waited hours'), ['avg_wait'])
  assert.deepEqual(found('cores per job'), [])
})
