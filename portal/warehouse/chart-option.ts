import type { ChartColors } from './chart-colors.ts'
import type { Drawing, Series } from './drawing.ts'
import { formatValue, shortValue, titleOf } from './numbers.ts'
import type { View } from './question.ts'

export interface ChartAsk {
  readonly drawing: Drawing
  readonly view: Exclude<View, 'table'>
  readonly log: boolean
  readonly colors: ChartColors
  /** What those hear who don't see it. */
  readonly description: string
}

const marks = [
  'circle',
  'rect',
  'triangle',
  'diamond',
  'roundRect',
  'emptyCircle',
  'emptyRect',
  'emptyTriangle',
  'emptyDiamond',
  'pin',
]
export const panelHeight = 340
const legendHeight = 44

/** Metrics of one unit share a panel; other units would only seem to be comparable with them. */
export function panelsOf({ series }: Drawing): { readonly title: string; readonly series: readonly Series[] }[] {
  const byUnit = Map.groupBy(series, ({ metric }) => metric.unit || metric.label)
  return [...byUnit.values()].map((together) => ({
    title:
      new Set(together.map(({ metric }) => metric.name)).size === 1
        ? titleOf(together[0]!.metric)
        : (together[0]?.metric.unit ?? ''),
    series: together,
  }))
}

export const chartHeight = (drawing: Drawing): number =>
  Math.max(1, panelsOf(drawing).length) * panelHeight + legendHeight

/** What ECharts draws, as plain data. */
export function chartOption(ask: ChartAsk) {
  const { drawing, view, colors, description } = ask
  const panels = panelsOf(drawing)
  const isTime = drawing.categories.some(({ period }) => period !== null)
  // Groups have long names: their bars lie.
  const isLying = !isTime
  const scale = (i: number) => valueAxis(ask, panels[i]?.title ?? '', i, isLying)
  const names = (i: number) => ({
    type: 'category' as const,
    gridIndex: i,
    data: drawing.categories.map(({ name }) => name),
    inverse: isLying,
    boundaryGap: view !== 'line',
    axisLabel: {
      color: colors.dimmed,
      hideOverlap: true,
      ...(isLying && { width: 150, overflow: 'truncate' as const }),
    },
    axisLine: { lineStyle: { color: colors.dimmed } },
    axisTick: { show: false },
  })
  const many = drawing.series.length > 1
  return {
    backgroundColor: 'transparent',
    textStyle: { color: colors.text, fontFamily: 'system-ui, sans-serif' },
    animation: false,
    aria: { enabled: true, label: { description } },
    legend: many
      ? {
          type: 'scroll' as const,
          bottom: 0,
          textStyle: { color: colors.text },
          pageTextStyle: { color: colors.text },
          pageIconColor: colors.text,
          pageIconInactiveColor: colors.line,
        }
      : { show: false },
    grid: panels.map((_, i) => ({
      left: 12,
      right: 24,
      top: 38 + i * panelHeight,
      height: panelHeight - 78,
      containLabel: true,
    })),
    xAxis: panels.map((_, i) => (isLying ? scale(i) : names(i))),
    yAxis: panels.map((_, i) => (isLying ? names(i) : scale(i))),
    series: panels.flatMap((panel, i) => panel.series.map((series, j) => drawn(ask, series, i, j))),
  }
}

function valueAxis({ log, view, colors }: ChartAsk, name: string, gridIndex: number, isLying: boolean) {
  return {
    type: (log && view !== 'stacked' ? 'log' : 'value') as 'value',
    gridIndex,
    name,
    nameTextStyle: { color: colors.dimmed, align: isLying ? ('right' as const) : ('left' as const) },
    nameLocation: 'end' as const,
    axisLabel: { color: colors.dimmed, formatter: shortValue, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.line } },
  }
}

function drawn({ view, log, drawing, colors }: ChartAsk, series: Series, panel: number, place: number) {
  const color = series.others ? colors.others : colors.series[place % colors.series.length]!
  const isLog = log && view !== 'stacked'
  const data = series.values.map((value) => (isLog && value !== null && value <= 0 ? null : value))
  const common = {
    id: series.key,
    name: series.name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    data,
    color,
    emphasis: { focus: 'series' as const },
  }
  const mark = {
    symbol: marks[place % marks.length]!,
    symbolSize: 7,
    showSymbol: drawing.categories.length <= 62,
    connectNulls: false,
  }
  if (view === 'line') return { ...common, ...mark, type: 'line' as const, lineStyle: { width: 2 } }
  return { ...common, type: 'bar' as const, barMaxWidth: 42, ...(view === 'stacked' && { stack: `${panel}` }) }
}

/** What a value is called when it is pointed at. */
export const tooltipLine = (series: Series, value: number | null): { name: string; value: string } => ({
  name: series.name,
  value: formatValue(value, series.metric) + (series.metric.unit === '%' ? ' %' : ''),
})
