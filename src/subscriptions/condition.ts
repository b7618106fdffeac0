import type { Condition } from './definition.ts'
import type { MadeReport } from './report-maker.ts'

/** Why a report is not sent; null when it is. Without figures: they are the owner's to read, and this is read by others. */
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
  const missed = `The threshold of ${block} was not reached.`
  if (is === 'above') return now > value ? null : missed
  if (is === 'below') return now < value ? null : missed
  const before = lastValue(block)
  if (before === undefined || before === 0) return `${block} has no value before to be compared with.`
  const change = (100 * (now - before)) / Math.abs(before)
  const reached = is === 'up_by_percent' ? change >= value : -change >= value
  return reached ? null : missed
}
