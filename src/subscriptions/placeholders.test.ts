import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workTime } from '#test/work-time.ts'
import { escapeMarkdown, fillPlaceholders, unknownPlaceholders } from './placeholders.ts'

const values = {
  report: 'Usage',
  date: '29 November 2026',
  period: 'last month',
  rows: '12',
  recipient: '{{report}} $& <b>',
  subscription: 'Weekly',
  parameters: { queue: 'gpu' },
}

test('what stands in a value is never taken for a placeholder or a pattern', () => {
  assert.equal(
    fillPlaceholders('To {{recipient}}: {{ rows }} rows of {{parameter.queue}}', values),
    'To {{report}} $& <b>: 12 rows of gpu',
  )
})

test('a placeholder that nothing stands for is found, also one that every object has', () => {
  assert.deepEqual(
    unknownPlaceholders('{{report}} {{ reprot }} {{parameter.queue}} {{parameter.constructor}} {{toString}} {{}}', [
      'queue',
    ]),
    ['reprot', 'parameter.constructor', 'toString', ''],
  )
  assert.equal(
    fillPlaceholders('{{toString}} {{parameter.constructor}}', values),
    '{{toString}} {{parameter.constructor}}',
  )
})

test('a template or value that is made to be slow is done at once', () => {
  const worked = workTime()
  const blank = ' '.repeat(20_000)
  for (const bad of [`{{${blank}`, `{{${blank}x`, '{{ '.repeat(7000), '{'.repeat(20_000), `{{${'\n'.repeat(20_000)}`]) {
    assert.deepEqual(unknownPlaceholders(bad, []), [])
    assert.equal(fillPlaceholders(bad, values), bad)
  }
  escapeMarkdown(`a${'\t'.repeat(20_000)}b`)
  assert.ok(worked() < 1000)
  assert.deepEqual(unknownPlaceholders(`{{${blank}odd${blank}}}`, []), ['odd'])
})
