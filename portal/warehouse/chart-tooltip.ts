import type { ChartColors } from './chart-colors.ts'
import { tooltipLine } from './chart-option.ts'
import type { Drawing } from './drawing.ts'

interface Pointed {
  readonly seriesId?: string
  readonly dataIndex?: number
  readonly color?: unknown
}

const most = 15

/** What is told of the place that is pointed at. */
export const chartTooltip = (drawing: Drawing, isLine: boolean, colors: ChartColors) => ({
  trigger: 'axis' as const,
  axisPointer: { type: isLine ? ('line' as const) : ('shadow' as const) },
  confine: true,
  transitionDuration: 0,
  backgroundColor: colors.background,
  borderColor: colors.line,
  textStyle: { color: colors.text },
  formatter: (pointed: unknown) => tooltipOf(drawing, [pointed].flat() as never),
})

/** Built of elements, never of text that is read as HTML: names come from the data, and the page’s policy forbids inline styles. */
function tooltipOf(drawing: Drawing, pointed: readonly Pointed[]): HTMLElement {
  const box = document.createElement('div')
  const head = document.createElement('strong')
  head.textContent = drawing.categories[pointed[0]?.dataIndex ?? -1]?.name ?? ''
  box.append(head)
  const lines = pointed
    .flatMap(({ seriesId, dataIndex = -1, color }) => {
      const series = drawing.series.find(({ key }) => key === seriesId)
      const value = series?.values[dataIndex] ?? null
      return series && value !== null ? [{ series, value, color }] : []
    })
    .toSorted((a, b) => b.value - a.value)
  const hasPanels = new Set(drawing.series.map(({ metric }) => metric.name)).size > 1
  for (const { series, value, color } of lines.slice(0, most)) {
    const line = document.createElement('div')
    const dot = document.createElement('span')
    dot.style.cssText = 'display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px'
    dot.style.backgroundColor = String(color)
    const text = tooltipLine(series, value, hasPanels)
    const number = document.createElement('b')
    number.style.cssText = 'float:right;margin-left:16px;font-variant-numeric:tabular-nums'
    number.textContent = text.value
    line.append(dot, text.name, number)
    box.append(line)
  }
  if (lines.length > most) box.append(`and ${lines.length - most} more`)
  return box
}
