import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'
import { darkColors, lightColors } from '#portal/warehouse/chart-colors.ts'
import { chartHeight, chartOption } from '#portal/warehouse/chart-option.ts'
import { chartTooltip } from '#portal/warehouse/chart-tooltip.ts'
import { DrawnChart } from '#portal/warehouse/DrawnChart.tsx'
import type { DataOf } from './report-data.ts'
import { chartWords, drawingOfChart, pieOption } from './report-drawing.ts'

const pieHeight = 360

/** A chart of a report, drawn as Explore draws. */
export function ReportChart({ chart }: { chart: DataOf<'chart'> }) {
  const colors = useComputedColorScheme('light') === 'dark' ? darkColors : lightColors
  const { option, height } = useMemo(() => {
    const description = chartWords(chart)
    if (chart.chart === 'pie') return { option: pieOption(chart, colors, description), height: pieHeight }
    const drawing = drawingOfChart(chart)
    const isLine = chart.chart === 'line' || chart.chart === 'area'
    const view = isLine ? 'line' : chart.chart === 'bar' ? 'bar' : 'stacked'
    const drawn = chartOption({ drawing, view, log: false, colors, description })
    const series =
      chart.chart === 'area' ? drawn.series.map((one) => ({ ...one, areaStyle: { opacity: 0.25 } })) : drawn.series
    return {
      option: { ...drawn, series, tooltip: chartTooltip(drawing, isLine, colors) },
      height: chartHeight(drawing, view),
    }
  }, [chart, colors])
  return <DrawnChart option={option as Parameters<typeof DrawnChart>[0]['option']} height={height} />
}
