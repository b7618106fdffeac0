import type { ChartColors } from '#portal/warehouse/chart-colors.ts'
import type { Drawing } from '#portal/warehouse/drawing.ts'
import { formatValue } from '#portal/warehouse/numbers.ts'
import { periodName } from '#portal/warehouse/periods.ts'
import type { Metric } from '#portal/warehouse/question.ts'
import type { DataOf } from './report-data.ts'

type ChartData = DataOf<'chart'>

const day = /^\d{4}-\d{2}-\d{2}$/

/** A chart's data in the form that Explore draws. Where all that stands along the axis are days, it runs over time. */
export function drawingOfChart({ categories, series, value_unit, decimals, unit, title }: ChartData): Drawing {
  const isTime = categories.length > 0 && categories.every(({ id }) => id !== null && day.test(id))
  const metric = { name: title, label: title, unit: value_unit, decimals, additive: true } as Metric
  return {
    categories: categories.map(({ id, label }) => ({
      name: isTime && id !== null ? periodName(id, unit) : label,
      ids: {},
      period: isTime ? id : null,
    })),
    leftOut: 0,
    series: series.map(({ name, values, others = false }, at) => ({
      key: String(at),
      name,
      metric,
      values,
      others,
      isBefore: false,
      ids: {},
    })),
  }
}

/** A pie of the first series: what is nothing or less has no piece. */
export function pieOption({ categories, series, decimals }: ChartData, colors: ChartColors, says: string) {
  const [first] = series
  const pieces = categories
    .map(({ label }, at) => ({ name: label, value: first?.values[at] ?? 0 }))
    .filter(({ value }) => value > 0)
  const whole = pieces.reduce((sum, { value }) => sum + value, 0)
  const told = (name: string): string => {
    const value = pieces.find((piece) => piece.name === name)?.value ?? 0
    return `${name}: ${formatValue(value, { decimals })} (${Math.round((100 * value) / whole)} %)`
  }
  return {
    backgroundColor: 'transparent',
    textStyle: { color: colors.text, fontFamily: 'system-ui, sans-serif' },
    animation: false,
    aria: { enabled: true, label: { description: says } },
    color: [...colors.series],
    // The numbers stand in the legend: beside small pieces they would lie over each other.
    legend: {
      type: 'scroll' as const,
      bottom: 0,
      formatter: told,
      textStyle: { color: colors.text },
      pageTextStyle: { color: colors.text },
      pageIconColor: colors.text,
      pageIconInactiveColor: colors.line,
    },
    series: [
      {
        type: 'pie' as const,
        radius: ['38%', '68%'],
        center: ['50%', '46%'],
        data: pieces,
        itemStyle: { borderColor: colors.background, borderWidth: 2 },
        label: { show: false },
      },
    ],
  }
}

/** A chart in a sentence, for those who don't see it. */
export const chartWords = ({ title, series, categories }: ChartData): string =>
  `${title}: ${series
    .map(({ name }) => name)
    .slice(0, 12)
    .join(
      ', ',
    )}${series.length > 12 ? ' and more' : ''}; ${categories[0]?.label ?? ''} to ${categories.at(-1)?.label ?? ''}. Show as table has the numbers.`
