import type { Condition } from './definition.ts'
import type { MadeReport } from './report-maker.ts'

/** Why a report is not sent; null when it is. */
export function whyNot(
  condition: Condition | null,
  made: Pick<MadeReport, 'rows' | 'values'>,
  lastValue: (block: string) => number | undefined,
): string | null {
  if (condition?.only_if_rows && made.rows === 0) return 'The report has no rows.'
  if (!condition?.threshold) return null
  const { block, is, value } = condition.threshold
  const now = made.values[block]
  if (now === undefined) return `The number ${block} has no value.`
  if (is === 'above') return now > value ? null : `${block} is ${now}, not above ${value}.`
  if (is === 'below') return now < value ? null : `${block} is ${now}, not below ${value}.`
  const before = lastValue(block)
  if (before === undefined || before === 0) return `${block} has no value before to be compared with.`
  const change = (100 * (now - before)) / Math.abs(before)
  const reached = is === 'up_by_percent' ? change >= value : -change >= value
  return reached
    ? null
    : `${block} changed by ${change.toFixed(1)} % (from ${before} to ${now}), not ${is === 'up_by_percent' ? 'up' : 'down'} by ${value} %.`
}
