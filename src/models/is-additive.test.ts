import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileText } from '#test/small-model.ts'
import { isAdditive } from './is-additive.ts'

test('sums, counts and what is linear in them add up; averages, shares, extremes and distinct counts do not', async () => {
  const { catalogue } = await compileText(`
version: 1
name: small
label: Small
description: Rows
facts: rows
tables:
  - { name: rows, files: rows.csv, columns: { a: double, b: double } }
dimensions:
  - { name: a, label: A, description: A., expr: a, type: integer }
metrics:
  - { name: n, label: N, description: N., agg: count }
  - { name: s, label: S, description: S., agg: sum, expr: b }
  - { name: scaled, label: Scaled, description: S., expr: (s + n) * 2 / (60 * 60) }
  - { name: share, label: Share, description: S., expr: 100 * s / n }
  - { name: shifted, label: Shifted, description: S., expr: s + 1 }
  - { name: most, label: Most, description: M., agg: max, expr: b }
  - { name: different, label: Different, description: D., agg: count_distinct, expr: b }
`)
  const additive = catalogue.metrics.filter((metric) => isAdditive(catalogue, metric)).map(({ name }) => name)
  assert.deepEqual(additive, ['n', 's', 'scaled'])
})
