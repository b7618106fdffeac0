import { chartColors as colors } from './chart-colors.ts'
import { drawable, shorten } from './clean-text.ts'
import type { ChartSeries, ChartSpec } from './document.ts'
import { countText, formatNumber, shortNumber } from './figures.ts'
import type { FontMeasure } from './fonts.ts'

/** Most series and most bars that anybody can tell apart, as in the portal. */
const mostSeries = 50
const mostBars = 100
const mostPoints = 5000
const mostPieces = 12

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

const letters = 11
const line = 17

/** Texts around a chart that stands alone. */
export interface ChartFrame {
  readonly title: string
  readonly subtitle: string
  readonly source: string
}

export interface ChartPlan {
  readonly option: Record<string, unknown>
  readonly width: number
  readonly height: number
  /** What isn't drawn, in a sentence without its subject ("shows 50 of 80 series"). */
  readonly cuts: readonly string[]
}

/** A chart as ECharts draws it, and the room that it takes. */
export function planChart(spec: ChartSpec, width: number, measure: FontMeasure, frame?: ChartFrame): ChartPlan {
  const { chart, cuts } = withinLimits(spec)
  const head = frame ? (frame.subtitle === '' ? 44 : 62) : 0
  const foot = frame && frame.source !== '' ? 26 : 0
  const parts = chart.type === 'pie' ? pie(chart, width, head, measure) : overAxis(chart, width, head, foot, measure)
  return {
    cuts,
    width,
    height: parts.height + head + foot,
    option: {
      backgroundColor: colors.background,
      textStyle: { color: colors.text, fontFamily: 'Noto Sans' },
      animation: false,
      ...(frame && { title: framing(frame, width) }),
      ...parts.option,
    },
  }
}

function withinLimits(spec: ChartSpec): { chart: ChartSpec; cuts: string[] } {
  const cuts: string[] = []
  const most = spec.type === 'pie' ? mostPieces : spec.type === 'line' || spec.type === 'area' ? mostPoints : mostBars
  let categories = spec.categories.map((name) => shorten(drawable(name), 200))
  let series = spec.series.map((each) => ({ ...each, name: shorten(drawable(each.name), 200) }))
  if (series.length > mostSeries && spec.type !== 'pie') {
    cuts.push(`shows the first ${mostSeries} of ${countText(series.length)} series`)
    series = series.slice(0, mostSeries)
  }
  if (spec.type === 'pie') return { chart: { ...spec, ...gatherPieces(categories, series.slice(0, 1), most) }, cuts }
  if (categories.length > most) {
    cuts.push(`shows the first ${countText(most)} of ${countText(categories.length)} groups`)
    categories = categories.slice(0, most)
  }
  series = series.map((each) => ({ ...each, values: categories.map((_, i) => finite(each.values[i])) }))
  return { chart: { ...spec, categories, series }, cuts }
}

/** Beyond these ECharts can't divide an axis. */
const finite = (value: number | null | undefined): number | null => {
  if (value === null || value === undefined || !(Math.abs(value) < 1e21)) return null
  return Math.abs(value) < 1e-15 ? 0 : value
}

/** Pieces too many to be told apart become one. */
function gatherPieces(categories: string[], series: ChartSeries[], most: number) {
  const [all = { name: '', values: [] }] = series
  const pieces = categories.map((name, i) => ({ name, value: Math.max(0, finite(all.values[i]) ?? 0) }))
  const shown = pieces.length > most ? pieces.slice(0, most - 1) : pieces
  const rest = pieces.slice(shown.length)
  if (rest.length > 0) {
    const value = rest.reduce((sum, piece) => sum + piece.value, 0)
    shown.push({ name: `${rest.length} others`, value })
  }
  return {
    categories: shown.map(({ name }) => name),
    series: [{ ...all, values: shown.map(({ value }) => value), others: rest.length > 0 }],
  }
}

const framing = ({ title, subtitle, source }: ChartFrame, width: number) => {
  const text = (value: string) => ({ width: width - 24, overflow: 'truncate' as const, value })
  return [
    {
      text: drawable(title),
      subtext: drawable(subtitle),
      left: 12,
      top: 10,
      textStyle: { ...text(title), color: colors.text, fontSize: 16, fontWeight: 600 },
      subtextStyle: { ...text(subtitle), color: colors.dimmed, fontSize: 12 },
    },
    {
      text: drawable(source),
      left: 12,
      bottom: 8,
      textStyle: { ...text(source), color: colors.dimmed, fontSize: 11, fontWeight: 'normal' as const },
    },
  ]
}

/** Groups have long names: their bars lie. */
const isLying = ({ type, horizontal, categories }: ChartSpec): boolean =>
  (type === 'bar' || type === 'stacked_bar') &&
  (horizontal ?? (categories.some((name) => name.length > 14) || categories.length > 24))

function overAxis(chart: ChartSpec, width: number, head: number, foot: number, measure: FontMeasure) {
  const { type, categories, series, unit } = chart
  const lying = isLying(chart)
  const legend = legendOf(chart, width, foot, measure)
  const bars = type === 'stacked_bar' ? 1 : Math.max(1, series.length)
  const body = lying ? 40 + categories.length * Math.min(60, Math.max(20, bars * 9)) : 250
  const unitRoom = unit === '' ? 8 : 24
  const value = {
    type: 'value' as const,
    name: drawable(unit),
    nameTextStyle: { color: colors.dimmed, fontSize: letters, align: lying ? ('center' as const) : ('left' as const) },
    nameLocation: lying ? ('middle' as const) : ('end' as const),
    ...(lying && { nameGap: 26 }),
    axisLabel: { color: colors.dimmed, fontSize: letters, formatter: shortNumber, hideOverlap: true },
    splitLine: { lineStyle: { color: colors.line } },
  }
  const names = {
    type: 'category' as const,
    data: categories,
    inverse: lying,
    boundaryGap: type === 'bar' || type === 'stacked_bar',
    axisLabel: {
      color: colors.dimmed,
      fontSize: letters,
      hideOverlap: true,
      ...(lying && { width: 220, overflow: 'truncate' as const, interval: 0 }),
    },
    axisLine: { lineStyle: { color: colors.dimmed } },
    axisTick: { show: false },
  }
  const current = series.filter(({ before }) => before === undefined).map(({ name }) => name)
  return {
    height: body + legend.height + unitRoom,
    option: {
      legend: legend.option,
      grid: {
        left: 4,
        right: lying ? 28 : 16,
        top: head + unitRoom,
        height: body - (lying && unit !== '' ? 18 : 0),
        outerBoundsMode: 'same' as const,
        outerBoundsContain: 'axisLabel' as const,
      },
      xAxis: lying ? value : names,
      yAxis: lying ? names : value,
      series: series.map((each) => drawn(chart, each, current.indexOf(each.before ?? each.name))),
      ...(series.every(({ values }) => values.every((v) => v === null)) && { graphic: nothing }),
    },
  }
}

const nothing = {
  type: 'text',
  left: 'center',
  top: 'middle',
  style: { text: 'There is nothing to draw.', fill: colors.dimmed, font: '12px Noto Sans' },
}

/** As many lines as its names need: on paper nobody can turn pages in it. */
function legendOf({ series }: ChartSpec, width: number, foot: number, measure: FontMeasure) {
  if (series.length < 2) return { height: 6, option: { show: false } }
  let lines = 1
  let used = 0
  for (const { name } of series) {
    const wide = Math.min(180, measure.width(name, letters)) + 25 + 5 + 12
    if (used > 0 && used + wide > width - 24) {
      lines++
      used = 0
    }
    used += wide
  }
  return {
    height: lines * (line + 4) + 16,
    option: {
      type: 'plain' as const,
      bottom: foot + 2,
      left: 'center' as const,
      width: width - 24,
      itemGap: 12,
      itemHeight: 10,
      data: series.map(({ name }) => name),
      textStyle: { color: colors.text, fontSize: letters, width: 180, overflow: 'truncate' as const },
    },
  }
}

function drawn({ type, categories }: ChartSpec, series: ChartSeries, at: number) {
  const place = Math.max(0, at)
  const color = series.others ? colors.others : colors.series[place % colors.series.length]!
  const past = series.before !== undefined
  const common = { name: series.name, data: series.values, color }
  if (type === 'bar' || type === 'stacked_bar')
    return {
      ...common,
      type: 'bar' as const,
      barMaxWidth: 42,
      itemStyle: past ? { opacity: 0.45, borderColor: color, borderType: 'dashed' as const } : {},
      ...(type === 'stacked_bar' && { stack: past ? 'before' : 'now' }),
    }
  return {
    ...common,
    type: 'line' as const,
    symbol: marks[place % marks.length]!,
    symbolSize: 6,
    showSymbol: categories.length <= 62 && !past,
    connectNulls: false,
    ...(categories.length > 1000 && { sampling: 'lttb' as const }),
    lineStyle: { width: 2, type: past ? ('dashed' as const) : ('solid' as const), opacity: past ? 0.75 : 1 },
    ...(type === 'area' && { stack: past ? 'before' : 'now', areaStyle: { opacity: past ? 0.15 : 0.35 } }),
  }
}

function pie({ categories, series, decimals, unit }: ChartSpec, width: number, head: number, measure: FontMeasure) {
  const [all] = series
  const values = all?.values ?? []
  const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0)
  const part = (value: number): string => (sum === 0 ? '' : ` · ${formatNumber((100 * value) / sum, 1)} %`)
  const unitAfter = unit === '' ? '' : ` ${drawable(unit)}`
  const widest = Math.max(0, ...categories.map((name) => measure.width(name, letters)))
  return {
    height: 260,
    option: {
      legend: { show: false },
      ...(sum === 0 && { graphic: nothing }),
      series: [
        {
          type: 'pie' as const,
          radius: ['38%', '72%'],
          center: ['50%', head + 130],
          startAngle: 90,
          itemStyle: { borderColor: colors.background, borderWidth: 1.5 },
          label: {
            color: colors.text,
            fontSize: letters,
            lineHeight: 14,
            width: Math.min(widest + 70, (width - 260) / 2),
            overflow: 'truncate' as const,
          },
          labelLine: { lineStyle: { color: colors.dimmed } },
          data: categories.flatMap((name, i) => {
            const value = values[i] ?? 0
            const isRest = all?.others === true && i === categories.length - 1
            const color = isRest ? colors.others : colors.series[i % colors.series.length]
            if (value <= 0) return []
            const label = `${name}\n${formatNumber(value, decimals ?? null)}${unitAfter}${part(value)}`
            return [{ name, value, itemStyle: { color }, label: { formatter: () => label } }]
          }),
        },
      ],
    },
  }
}
