import { cleanLine, shorten } from './clean-text.ts'
import type { ChartBlock, ChartSeries } from './document.ts'
import { countedText, countText, formatNumber } from './figures.ts'

const kinds = {
  bar: 'Bar chart',
  stacked_bar: 'Stacked bar chart',
  line: 'Line chart',
  area: 'Area chart',
  pie: 'Pie chart',
} as const

const mostSeries = 8

/** What those hear who don't see the chart: what it is of, and where each series lies. */
export function describeChart({ title, chart }: ChartBlock): string {
  const { type, categories, series, unit, decimals } = chart
  const name = (text: string): string => shorten(cleanLine(text), 60)
  const of = (value: number): string => `${formatNumber(value, decimals ?? null)}${unit === '' ? '' : ` ${name(unit)}`}`
  const groups =
    categories.length === 0
      ? 'without data'
      : categories.length === 1
        ? name(categories[0]!)
        : `${countText(categories.length)} groups, ${name(categories[0]!)} to ${name(categories.at(-1)!)}`
  const ends = (each: ChartSeries): string => {
    const there = each.values.flatMap((value, i) => (value === null || !Number.isFinite(value) ? [] : [{ value, i }]))
    if (there.length === 0) return 'nothing'
    const least = there.reduce((one, other) => (other.value < one.value ? other : one))
    const most = there.reduce((one, other) => (other.value > one.value ? other : one))
    const at = (i: number): string => name(categories[i] ?? '')
    return least.value === most.value
      ? of(most.value)
      : `from ${of(least.value)} (${at(least.i)}) to ${of(most.value)} (${at(most.i)})`
  }
  const told = series
    .slice(0, mostSeries)
    .map((each) => (series.length === 1 ? ends(each) : `${name(each.name)} ${ends(each)}`))
  const rest = series.length - told.length
  return [
    `${kinds[type]}${title === '' ? '' : `: ${name(title)}`}, ${groups}.`,
    ...(told.length > 0
      ? [`Values: ${told.join('; ')}${rest > 0 ? `; and ${countedText(rest, 'more series', 'more series')}` : ''}.`]
      : []),
  ].join(' ')
}
