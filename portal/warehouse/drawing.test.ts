import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lightColors } from './chart-colors.ts'
import { chartOption, panelsOf } from './chart-option.ts'
import { asksBefore, joinBefore } from './compare.ts'
import { drawingOf, pointScope } from './drawing.ts'
import { daysOfPeriod, periodName, periodsIn, rangeBefore } from './periods.ts'
import { type Answer, type Cell, firstQuestion, type Question } from './question.ts'
import { sampleModel as model } from './sample-model.ts'
import { rowsBehind, sortRows, tableOf } from './table-rows.ts'

const column = (name: string, role: Answer['columns'][number]['role'], of: string | null = name) => ({
  name,
  label: name,
  role,
  of,
})
const queue = [column('queue_id', 'id', 'queue'), column('queue', 'label')]
const metrics = [column('jobs', 'metric'), column('wait', 'metric')]
const answer = (columns: Answer['columns'], rows: Cell[][], facts: Partial<Answer> = {}): Answer => ({
  model: 'jobs',
  snapshot: 'jobs@1',
  unit: 'month',
  period: { start: '2025-12-01', end: '2026-04-30' },
  columns,
  rows,
  totals: null,
  ...facts,
})
const question: Question = {
  ...firstQuestion(model),
  metrics: ['jobs', 'wait'],
  dimensions: ['queue'],
  limit: 2,
  others: true,
}

test('periods follow each other by their unit, and have their own names', () => {
  assert.deepEqual(periodsIn({ start: '2024-02-28', end: '2024-03-01' }, 'day'), [
    '2024-02-28',
    '2024-02-29',
    '2024-03-01',
  ])
  assert.deepEqual(periodsIn({ start: '2025-10-01', end: '2026-06-30' }, 'quarter'), [
    '2025-10-01',
    '2026-01-01',
    '2026-04-01',
  ])
  assert.deepEqual(periodsIn({ start: '2025-01-01', end: '2026-12-31' }, 'year'), ['2025-01-01', '2026-01-01'])
  assert.deepEqual(rangeBefore({ start: '2026-03-01', end: '2026-04-30' }, 'month'), {
    start: '2026-01-01',
    end: '2026-02-28',
  })
  assert.deepEqual(rangeBefore({ start: '2026-03-01', end: '2026-03-07' }, 'day'), {
    start: '2026-02-22',
    end: '2026-02-28',
  })
  assert.deepEqual(daysOfPeriod('2026-01-01', 'quarter'), { start: '2026-01-01', end: '2026-03-31' })
  assert.deepEqual(
    (['day', 'month', 'quarter', 'year'] as const).map((unit) => periodName('2026-10-01', unit)),
    ['2026-10-01', 'Oct 2026', '2026 Q4', '2026'],
  )
})

test('a period without rows is zero for what adds up, a gap for averages, and unknown beyond the data', () => {
  const months = answer(
    [column('period', 'period', null), ...metrics],
    [
      ['2026-01-01', 5, 1.5],
      ['2026-03-01', 7, 2.5],
    ],
  )
  const { categories, series } = drawingOf(months, model)
  assert.deepEqual(
    categories.map(({ name }) => name),
    ['Dec 2025', 'Jan 2026', 'Feb 2026', 'Mar 2026', 'Apr 2026'],
  )
  assert.deepEqual(
    series.map(({ values }) => values),
    [
      [null, 5, 0, 7, null],
      [null, 1.5, null, 2.5, null],
    ],
  )
})

const byQueue = answer(
  [column('period', 'period', null), ...queue, ...metrics],
  [
    ['2026-01-01', 'b', 'B', 3, 1],
    ['2026-01-01', null, 'Others', 90, 1],
    ['2026-02-01', 'a', 'A', 10, 1],
  ],
)

test('groups come by size with Others last; metrics of different units have panels of their own', () => {
  const drawing = drawingOf(byQueue, model)
  assert.deepEqual(
    drawing.series.map(({ name, metric }) => `${metric.name} ${name}`),
    ['jobs A', 'jobs B', 'jobs Others', 'wait A', 'wait B', 'wait Others'],
  )
  assert.deepEqual(
    panelsOf(drawing).map(({ title }) => title),
    ['Jobs', 'Wait (Hours)'],
  )
  const option = chartOption({ drawing, view: 'line', log: true, colors: lightColors, description: '' })
  // A logarithm has no place for zero.
  assert.deepEqual(option.series[0]?.data, [null, null, 10, null, null])
  assert.equal(new Set(option.series.map(({ color }) => color)).size, 3)
})

test('the range before is asked about the groups of now, and about Others as they are now', () => {
  const asks = asksBefore(question, byQueue, model)
  assert.deepEqual(asks?.groups, {
    model: 'jobs',
    metrics: ['jobs', 'wait'],
    dimensions: ['queue'],
    filters: [{ dimension: 'queue', values: ['b', 'a'] }],
    period: { start: '2025-07-01', end: '2025-11-30' },
    unit: 'month',
    series: true,
  })
  assert.deepEqual(asks.others?.filters, [{ dimension: 'queue', values: ['b', 'a'], exclude: true }])
  assert.equal(asks.others.dimensions, undefined)
})

test('what was before stands beside what is now, by group and by period', () => {
  const then = answer(byQueue.columns, [['2025-08-01', 'b', 'B', 6, 2]], {
    period: { start: '2025-07-01', end: '2025-11-30' },
  })
  const rest = answer([column('period', 'period', null), ...metrics], [['2025-08-01', 45, 3]], { period: then.period })
  const before = joinBefore(byQueue, then, rest)
  const { columns, rows } = tableOf(byQueue, before, model)
  assert.deepEqual(columns.map(({ key }) => key).slice(2, 6), [
    'jobs',
    'jobs before',
    'jobs difference',
    'jobs percent',
  ])
  assert.deepEqual(
    rows.map(({ cells }) => cells.slice(0, 6)),
    [
      ['2026-01-01', 'B', 3, 6, -3, -50],
      ['2026-01-01', 'Others', 90, 45, 45, 100],
      ['2026-02-01', 'A', 10, 0, 10, null],
    ],
  )
  const past = drawingOf(byQueue, model, before).series.find(({ key }) => key === 'wait ["b"] before')
  assert.deepEqual([past?.isBefore, past?.values], [true, [null, 2, null, null, null]])
})

test('a row and a point lead to the raw rows that were counted there', () => {
  const { rows } = tableOf(byQueue, null, model)
  const january = { start: '2026-01-01', end: '2026-01-31' }
  const scope = { filters: [{ dimension: 'user', values: ['ada'], exclude: false }], period: null }
  const b = { dimension: 'queue', values: ['b'], exclude: false }
  assert.deepEqual(rowsBehind(scope, rows[0]!), { filters: [...scope.filters, b], period: january })
  assert.deepEqual(rowsBehind(scope, rows[1]!)?.filters[1], { dimension: 'queue', values: ['b', 'a'], exclude: true })
  const drawing = drawingOf(byQueue, model)
  assert.deepEqual(pointScope(drawing, 'jobs ["b"]', 1, scope, byQueue), {
    filters: [...scope.filters, b],
    period: january,
  })
  assert.equal(pointScope(drawing, 'jobs [null]', 1, scope, byQueue), null)
})

test('of groups in groups, the first dimension runs along the axis', () => {
  const two = answer(
    [...queue, column('user_id', 'id', 'user'), column('user', 'label'), column('jobs', 'metric')],
    [
      ['a', 'A', '1', 'Ada', 4],
      ['b', 'B', '2', 'Bo', 2],
      ['a', 'A', '2', 'Bo', 1],
    ],
  )
  const { categories, series } = drawingOf(two, model)
  assert.deepEqual(
    categories.map(({ name }) => name),
    ['A', 'B'],
  )
  assert.deepEqual(
    series.map(({ name, values }) => [name, values]),
    [
      ['Ada', [4, null]],
      ['Bo', [1, 2]],
    ],
  )
})

test('a table is sorted by number or by text, with nothing last', () => {
  const rows = [
    [2, 'b10'],
    [null, 'b9'],
    [10, 'a'],
  ].map((cells) => ({ cells, filters: null, days: null }))
  assert.deepEqual(
    sortRows(rows, 0, false).map(({ cells }) => cells[0]),
    [2, 10, null],
  )
  assert.deepEqual(
    sortRows(rows, 0, true).map(({ cells }) => cells[0]),
    [10, 2, null],
  )
  assert.deepEqual(
    sortRows(rows, 1, false).map(({ cells }) => cells[1]),
    ['a', 'b9', 'b10'],
  )
})
