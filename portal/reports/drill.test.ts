import assert from 'node:assert/strict'
import { test } from 'node:test'
import { narrowed, targetOf } from './drill.ts'

test('a row leads to its own part of the question, beside the filters that the question has', () => {
  const rows = targetOf('/explore/jobs/rows?filter=queue!:debug&period=last_30_days')
  assert.deepEqual(rows, { to: '/explore/jobs/rows', search: { filter: 'queue!:debug', period: 'last_30_days' } })
  assert.deepEqual(narrowed(rows, { pi: 'a,b' }, 'month').search, {
    filter: ['queue!:debug', 'pi:a\\,b'],
    period: 'last_30_days',
  })
  assert.deepEqual(narrowed(rows, { pi: 'x', period: '2026-02-01' }, 'month').search, {
    filter: ['queue!:debug', 'pi:x'],
    start: '2026-02-01',
    end: '2026-02-28',
  })
  assert.deepEqual(narrowed(targetOf('/explore/jobs'), {}, 'day'), { to: '/explore/jobs', search: {} })
})
