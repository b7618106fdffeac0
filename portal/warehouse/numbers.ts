import type { Cell, Metric } from './question.ts'

const formats = new Map<string, Intl.NumberFormat>()
const format = (digits: number, least: number): Intl.NumberFormat => {
  const key = `${digits} ${least}`
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.NumberFormat('en', { maximumFractionDigits: digits, minimumFractionDigits: least })
  formats.set(key, made)
  return made
}
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** A value with the digits that its metric is worth; nothing counted is a dash. */
export function formatValue(value: Cell | undefined, { decimals }: Pick<Metric, 'decimals'>): string {
  if (value === null || value === undefined) return '–'
  if (typeof value !== 'number') return String(value)
  return decimals === null ? format(2, 0).format(value) : format(decimals, decimals).format(value)
}

/** For axes: `1.2M`, and small numbers as they are. */
export const shortValue = (value: number): string =>
  Math.abs(value) >= 10_000 ? short.format(value) : format(4, 0).format(value)

/** How much it is more or less than before, per hundred; null where that has no meaning. */
export const changeInPercent = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before === 0 ? null : (100 * (now - before)) / Math.abs(before)

const percent = new Intl.NumberFormat('en', { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
export const formatPercent = (value: number | null): string => (value === null ? '–' : `${percent.format(value)} %`)

/** The metric's label with its unit, unless the label says it already. */
export const titleOf = ({ label, unit }: Pick<Metric, 'label' | 'unit'>): string =>
  unit === '' || label.toLowerCase().includes(unit.toLowerCase()) ? label : `${label} (${unit})`
