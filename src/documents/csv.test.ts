import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { csv } from './csv.ts'
import type { Document, TableBlock } from './document.ts'
import { sampleDocument, sampleTable } from './sample-document.ts'

const table: TableBlock = {
  kind: 'table',
  title: 'T',
  columns: [
    { name: 'who', label: 'Who', type: 'text' },
    { name: 'hours', label: 'Hours', type: 'number', unit: 'core hours' },
    { name: 'at', label: 'At', type: 'timestamp' },
    { name: 'tags', label: 'Tags', type: 'text', multiple: true },
  ],
  rows: [
    ['=1+1', -1.23456789, '2026-07-01T10:00:00Z', ['a', 'b']],
    ['say "hi", you', null, null, []],
    ['\tx', '-123456789012345678901', 'no time', null],
    [' lead', 5, null, null],
  ],
  totals: ['Total', 1, null, null],
}
const of = (...blocks: Document['blocks']): Document => ({ ...sampleDocument(), blocks })

test('CSV for machines holds the values whole', async () => {
  const [head, ...rows] = parse(await text(csv(of(table), false))) as string[][]
  assert.deepEqual(head, ['who', 'hours', 'at', 'tags'])
  assert.deepEqual(rows, [
    ['=1+1', '-1.23456789', '2026-07-01T10:00:00Z', 'a; b'],
    ['say "hi", you', '', '', ''],
    ['\tx', '-123456789012345678901', 'no time', ''],
    [' lead', '5', '', ''],
  ])
})

test('CSV for spreadsheets begins with a mark, tells local times, and has no text that is a formula', async () => {
  const whole = await text(csv(of(table), true))
  const [head, ...rows] = parse(whole, { bom: true }) as string[][]
  assert.deepEqual(head, ['Who', 'Hours (core hours)', 'At', 'Tags'])
  assert.deepEqual(
    rows.map(([who]) => who),
    ["'=1+1", 'say "hi", you', "'\tx", ' lead', 'Total'],
  )
  assert.equal(rows[0]![2], '2026-07-01 12:00')
  assert.equal(rows[0]![1], '-1.23456789', 'a number is no formula')
  assert.equal(rows[2]![1], '-123456789012345678901')
})

test('several tables and charts come one after the other, each under its title, and what is missing is told at the end', async () => {
  const cut = { ...sampleTable(3), cut: { shown: 3, of: 10 } }
  const whole = await text(
    csv({ ...of(...sampleDocument().blocks.slice(0, -1), cut), notes: ['Two groups are left out.'] }, false),
  )
  const lines = whole.split('\r\n')
  assert.equal(lines[0], 'Core hours by queue')
  assert.match(lines[1]!, /^group,series_1/)
  assert.ok(lines.includes('Usage by principal investigator'))
  assert.deepEqual(lines.slice(-3), [
    '# Two groups are left out.',
    '# “Usage by principal investigator” shows the first 3 of 10 rows.',
    '',
  ])
})
