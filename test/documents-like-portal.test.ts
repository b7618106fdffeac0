import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lightColors } from '#portal/warehouse/chart-colors.ts'
import { formatPercent, formatValue, shortValue, titleOf } from '#portal/warehouse/numbers.ts'
import { chartColors } from '#src/documents/chart-colors.ts'
import { formatChange, formatNumber, shortNumber, withUnit } from '#src/documents/figures.ts'

test('documents draw in the colours of the portal, and write numbers as it does', () => {
  assert.deepEqual(chartColors, lightColors)
  for (const value of [0, 1.005, -2.5, 1234567.891, 1e21])
    for (const decimals of [null, 0, 1, 3])
      assert.equal(formatNumber(value, decimals), formatValue(value, { decimals }))
  for (const value of [0, 0.5, 9999, 12_345_678]) assert.equal(shortNumber(value), shortValue(value))
  assert.equal(formatChange(12.34), formatPercent(12.34))
  for (const unit of ['', 'h', 'core hours'])
    assert.equal(withUnit('Core hours', unit), titleOf({ label: 'Core hours', unit }))
})
