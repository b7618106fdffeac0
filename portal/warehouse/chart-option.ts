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
  /** Texts around a chart that leaves the page, and the room that they take. */
  readonly frame?: {
    readonly head: number
    readonly foot: number
    readonly title: string
    readonly subtitle: string
    readonly source: string
  }
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
const legendHeight = 44
const leastHeight = 340

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

const isOverTime = ({ categories }: Drawing): boolean => categories.some(({ period }) => period !== null)

/** Lying bars take as much room as they need to be told apart. */
function panelHeightOf(drawing: Drawing, view: ChartAsk['view']): number {
  if (isOverTime(drawing)) return leastHeight
  const bars = view === 'stacked' ? 1 : Math.max(...panelsOf(drawing).map(({ series }) => series.length), 1)
  return Math.max(leastHeight, 80 + drawing.categories.length * Math.min(60, Math.max(24, bars * 9)))
}

export const chartHeight = (drawing: Drawing, view: ChartAsk['view']): number =>
  Math.max(1, panelsOf(drawing).length) * panelHeightOf(drawing, view) + legendHeight

/** What ECharts draws, as plain data. */
export function chartOption(ask: ChartAsk) {
  const { drawing, view, colors, description, frame } = ask
  const panels = panelsOf(drawing)
  const panelHeight = panelHeightOf(drawing, view)
  // Groups have long names: their bars lie.
  const isLying = !isOverTime(drawing)
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
  return {
    backgroundColor: frame ? colors.background : 'transparent',
    textStyle: { color: colors.text, fontFamily: 'system-ui, sans-serif' },
    animation: false,
    aria: { enabled: !frame, label: { description } },
    ...(frame && { title: framing(frame, colors) }),
    legend: legend(ask),
    grid: panels.map((_, i) => ({
      left: 12,
      right: 24,
      top: (frame?.head ?? 0) + 38 + i * panelHeight,
      height: panelHeight - (isLying ? 70 : 54),
      containLabel: true,
    })),
    xAxis: panels.map((_, i) => (isLying ? scale(i) : names(i))),
    yAxis: panels.map((_, i) => (isLying ? names(i) : scale(i))),
    series: panels.flatMap((panel, i) => {
      // A group and its past have one colour.
      const groups = panel.series.filter(({ isBefore }) => !isBefore).map(({ key }) => key)
      return panel.series.map((series) => drawn(ask, series, i, groups.indexOf(series.key.replace(/ before$/, ''))))
    }),
  }
}

const framing = ({ title, subtitle, source }: NonNullable<ChartAsk['frame']>, colors: ChartColors) => [
  {
    text: title,
    subtext: subtitle,
    left: 12,
    top: 10,
    textStyle: { color: colors.text, fontSize: 18 },
    subtextStyle: { color: colors.dimmed },
  },
  {
    text: source,
    left: 12,
    bottom: 8,
    textStyle: { color: colors.dimmed, fontSize: 12, fontWeight: 'normal' as const },
  },
]

/** Turned page by page where the chart is in a page; all of it where nobody can turn. */
function legend({ drawing, colors, frame }: ChartAsk) {
  const text = { textStyle: { color: colors.text, width: 190, overflow: 'truncate' as const } }
  if (drawing.series.length < 2) return { show: false }
  if (frame) return { ...text, type: 'plain' as const, bottom: frame.foot, left: 12, right: 12 }
  const pager = {
    pageTextStyle: { color: colors.text },
    pageIconColor: colors.text,
    pageIconInactiveColor: colors.line,
  }
  return { ...text, ...pager, type: 'scroll' as const, bottom: 0 }
}

function valueAxis({ log, view, colors }: ChartAsk, name: string, gridIndex: number, isLying: boolean) {
  return {
    type: (log && view !== 'stacked' ? 'log' : 'value') as 'value',
    gridIndex,
    name,
    nameTextStyle: { color: colors.dimmed, align: isLying ? ('center' as const) : ('left' as const) },
    nameLocation: isLying ? ('middle' as const) : ('end' as const),
    ...(isLying && { nameGap: 28 }),
    axisLabel: { color: colors.dimmed, formatter: shortValue, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.line } },
  }
}

function drawn({ view, log, drawing, colors }: ChartAsk, series: Series, panel: number, place: number) {
  const color = series.others ? colors.others : colors.series[place % colors.series.length]!
  const isLog = log && view !== 'stacked'
  const common = {
    id: series.key,
    name: series.name,
    xAxisIndex: panel,
    yAxisIndex: panel,
    // A logarithm knows nothing at zero and below.
    data: series.values.map((value) => (isLog && value !== null && value <= 0 ? null : value)),
    color,
    emphasis: { focus: 'series' as const },
  }
  const past = series.isBefore
  if (view === 'line')
    return {
      ...common,
      type: 'line' as const,
      symbol: marks[place % marks.length]!,
      symbolSize: 7,
      showSymbol: drawing.categories.length <= 62 && !past,
      connectNulls: false,
      lineStyle: { width: 2, type: past ? ('dashed' as const) : ('solid' as const), opacity: past ? 0.75 : 1 },
    }
  return {
    ...common,
    type: 'bar' as const,
    barMaxWidth: 42,
    itemStyle: past ? { opacity: 0.45, borderColor: color, borderType: 'dashed' as const } : {},
    ...(view === 'stacked' && { stack: past ? `${panel} before` : `${panel}` }),
  }
}

/** What a value is called when it is pointed at. */
export function tooltipLine(series: Series, value: number | null, hasPanels: boolean): { name: string; value: string } {
  const { metric, isBefore } = series
  const name = hasPanels && !series.name.startsWith(metric.label) ? `${metric.label}: ${series.name}` : series.name
  return {
    name: isBefore ? `${name} (before)` : name,
    value: formatValue(value, metric) + (metric.unit === '%' ? ' %' : ''),
  }
}
