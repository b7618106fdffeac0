import { Text, useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { type Chart, openChart } from './chart.ts'
import { darkColors, lightColors } from './chart-colors.ts'
import { type ChartAsk, chartHeight, chartOption } from './chart-option.ts'
import { tooltipOf } from './chart-tooltip.ts'
import { formatCount } from './numbers.ts'

interface AnswerChartProps extends Pick<ChartAsk, 'drawing' | 'view' | 'log'> {
  readonly title: string
}

/** The answer drawn; the table view says the same in text. */
export function AnswerChart({ drawing, view, log, title }: AnswerChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart>(undefined)
  const colors = useComputedColorScheme('light') === 'dark' ? darkColors : lightColors
  useEffect(() => {
    if (!element.current) return
    const opened = openChart(element.current)
    chart.current = opened
    const observer = new ResizeObserver(() => opened.resize())
    observer.observe(element.current)
    return () => {
      observer.disconnect()
      opened.dispose()
    }
  }, [])
  useEffect(() => {
    const description = `${title}: ${drawing.series.length} series over ${drawing.categories.length} values. The table view has the numbers.`
    chart.current?.setOption(
      {
        ...chartOption({ drawing, view, log, colors, description }),
        tooltip: {
          trigger: 'axis',
          axisPointer: { type: view === 'line' ? 'line' : 'shadow' },
          confine: true,
          transitionDuration: 0,
          backgroundColor: colors.background,
          borderColor: colors.line,
          textStyle: { color: colors.text },
          formatter: (pointed: unknown) => tooltipOf(drawing, [pointed].flat() as never),
        },
      },
      { notMerge: true },
    )
    chart.current?.resize()
  }, [drawing, view, log, colors, title])
  return (
    <>
      <div ref={element} style={{ width: '100%', height: chartHeight(drawing) }} />
      {drawing.leftOut > 0 && (
        <Text size="sm" c="dimmed">
          {formatCount(drawing.leftOut)} more groups are not drawn; the table has them all.
        </Text>
      )}
    </>
  )
}
