import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { firstQuestion, type Question } from '#portal/warehouse/question.ts'
import { sampleModel } from '#portal/warehouse/sample-model.ts'
import { blocksOfQuestion, changedQuery, questionOf } from './block-question.ts'
import type { BlockQuery } from './definition.ts'

const query: BlockQuery = {
  model: 'jobs',
  metrics: ['jobs'],
  dimensions: ['queue'],
  filters: [
    { dimension: 'queue', values: ['debug'], exclude: true },
    { dimension: 'user', values: { parameter: 'who' }, exclude: false },
  ],
  period: { parameter: 'period' },
  unit: 'auto',
  series: false,
  order: [],
  limit: 10,
  others: true,
  totals: true,
}

describe('the query of a block under the controls of Explore', () => {
  test('what is changed is changed, and what the controls know nothing of stays', () => {
    assert.deepEqual(questionOf(query).filters, [{ dimension: 'queue', values: ['debug'], exclude: true }])
    assert.equal(questionOf(query).period, null)
    const changed = changedQuery(query, { metrics: ['wait'], filters: [], limit: null, others: false })
    const { limit: _, ...limitless } = query
    assert.deepEqual(changed, { ...limitless, metrics: ['wait'], filters: [query.filters[1]], others: false })
    assert.deepEqual(changedQuery(query, {}), query)
  })

  test('a period chosen takes the place of the parameter; none leaves none', () => {
    assert.equal(changedQuery(query, { period: 'last_30_days' }).period, 'last_30_days')
    assert.ok(!('period' in changedQuery(query, { period: null })))
  })
})

describe('a question of Explore as a report', () => {
  const question: Question = {
    ...firstQuestion(sampleModel),
    dimensions: ['queue'],
    filters: [{ dimension: 'user', values: ['ada'], exclude: false }],
    period: { start: '2026-01-01', end: '2026-01-31' },
    limit: 5,
    others: true,
    view: 'stacked',
  }

  test('is drawn as it was, with its numbers below', () => {
    const [chart, table] = blocksOfQuestion('jobs', question, 'Jobs by queue')
    assert.ok(chart?.type === 'chart' && table?.type === 'table')
    assert.equal(chart.chart, 'stacked_bar')
    assert.equal(chart.query.limit, 5)
    assert.deepEqual(chart.query.filters, question.filters)
    assert.deepEqual(table.query.period, question.period)
    assert.equal(table.query.totals, true)
    assert.notEqual(chart.id, table.id)
  })

  test('asked for as a table it is one', () => {
    const blocks = blocksOfQuestion('jobs', { ...question, view: 'table', limit: null }, 'Jobs')
    assert.deepEqual(
      blocks.map(({ type }) => type),
      ['table'],
    )
    assert.ok(blocks[0]?.type === 'table' && !('limit' in blocks[0].query) && !blocks[0].query.others)
  })
})
