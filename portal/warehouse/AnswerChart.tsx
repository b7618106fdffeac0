import { useComputedColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { darkColors, lightColors } from './chart-colors.ts'
import { type ChartAsk, chartHeight, chartOption } from './chart-option.ts'
import { chartTooltip } from './chart-tooltip.ts'
import { DrawnChart } from './DrawnChart.tsx'
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
  const navigate = useNavigate()
  const colors = useComputedColorScheme('light') === 'dark' ? darkColors : lightColors
  const option = useMemo(() => {
    const description = describe(drawing, model)
    return {
      ...chartOption({ drawing, view, log, colors, description }),
      tooltip: chartTooltip(drawing, view === 'line', colors),
    }
  }, [drawing, view, log, colors, model])
  const follow = useCallback(
    (series: string, place: number) => {
      const scope = pointScope(drawing, series, place, question, answer)
      if (scope === null) return
      const search = writeRowsQuestion({ ...scope, fields: null })
      void navigate({ to: '/explore/$model/rows', params: { model: model.name }, search })
    },
    [drawing, question, answer, model, navigate],
  )
  return <DrawnChart option={option} height={chartHeight(drawing, view)} onPoint={model.may.raw ? follow : undefined} />
}

const describe = ({ series, categories }: ChartAsk['drawing'], { label }: Model): string =>
  `${label}: ${series
    .map(({ name }) => name)
    .slice(0, 12)
    .join(
      ', ',
    )}${series.length > 12 ? ' and more' : ''}; ${categories[0]?.name ?? ''} to ${categories.at(-1)?.name ?? ''}. The table view has the numbers.`
