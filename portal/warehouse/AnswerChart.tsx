import { useComputedColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { type Chart, openChart } from './chart.ts'
import { darkColors, lightColors } from './chart-colors.ts'
import { type ChartAsk, chartHeight, chartOption } from './chart-option.ts'
import { tooltipOf } from './chart-tooltip.ts'
import { pointScope } from './drawing.ts'
import { writeRowsQuestion } from './explore-search.ts'
import type { Answer, Model, Question } from './question.ts'

interface AnswerChartProps extends Pick<ChartAsk, 'drawing' | 'view' | 'log'> {
  readonly model: Model
  readonly question: Question
  readonly answer: Answer
}

/** The answer drawn; the table view says the same in text. A point leads to its raw rows for those who may read them. */
export function AnswerChart({ drawing, view, log, model, question, answer }: AnswerChartProps) {
  const element = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart>(undefined)
  const navigate = useNavigate()
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
    const description = describe(drawing, model)
    const option = chartOption({ drawing, view, log, colors, description })
    chart.current?.setOption({ ...option, tooltip: tooltip(drawing, view, colors) }, { notMerge: true })
    chart.current?.resize()
  }, [drawing, view, log, colors, model])
  useEffect(() => {
    const opened = chart.current
    if (!opened || !model.may.raw) return
    const follow = ({ seriesId, dataIndex }: { seriesId?: string; dataIndex?: number }) => {
      const scope = pointScope(drawing, seriesId ?? '', dataIndex ?? -1, question, answer)
      if (scope === null) return
      const search = writeRowsQuestion({ ...scope, fields: null })
      void navigate({ to: '/explore/$model/rows', params: { model: model.name }, search })
    }
    opened.on('click', follow as never)
    return () => {
      opened.off('click', follow as never)
    }
  }, [drawing, question, answer, model, navigate])
  return <div ref={element} style={{ width: '100%', height: chartHeight(drawing, view) }} />
}

const describe = ({ series, categories }: ChartAsk['drawing'], { label }: Model): string =>
  `${label}: ${series
    .map(({ name }) => name)
    .slice(0, 12)
    .join(
      ', ',
    )}${series.length > 12 ? ' and more' : ''}; ${categories[0]?.name ?? ''} to ${categories.at(-1)?.name ?? ''}. The table view has the numbers.`

const tooltip = (drawing: ChartAsk['drawing'], view: ChartAsk['view'], colors: ChartAsk['colors']) => ({
  trigger: 'axis' as const,
  axisPointer: { type: view === 'line' ? ('line' as const) : ('shadow' as const) },
  confine: true,
  transitionDuration: 0,
  backgroundColor: colors.background,
  borderColor: colors.line,
  textStyle: { color: colors.text },
  formatter: (pointed: unknown) => tooltipOf(drawing, [pointed].flat() as never),
})
