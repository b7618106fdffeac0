import { Text } from '@mantine/core'
import { countText } from '#portal/kit/figures.ts'
import { exactDay } from '#portal/kit/Time.tsx'
import type { Drawing } from './drawing.ts'
import type { Answer, Question } from './question.ts'

interface AnswerNotesProps {
  readonly drawing: Drawing
  readonly question: Question
  readonly before: Answer | null
}

/** What a reader of the chart should know and can't see in it. */
export function AnswerNotes({
  drawing: { leftOut, series },
  question: { view, log, compare },
  before,
}: AnswerNotesProps) {
  const isChart = view !== 'table'
  const hidden = log && (view === 'line' || view === 'bar') ? count(series.flatMap(({ values }) => values)) : 0
  const notes = [
    isChart && leftOut > 0 && `${countText(leftOut)} more groups are not drawn; the table has them all.`,
    hidden > 0 && `${countText(hidden)} values of zero or below have no place on a log scale.`,
    view === 'stacked' &&
      series.length > 1 &&
      series.some(({ metric }) => !metric.additive) &&
      'Averages and shares do not add up: the height of their stack means nothing.',
    compare &&
      before?.period &&
      `Compared with ${exactDay(before.period.start)} to ${exactDay(before.period.end)}${isChart ? ', drawn paler and dashed' : ''}.`,
  ]
  return notes.map(
    (note) =>
      note && (
        <Text key={note} size="sm" c="dimmed" mt="xs">
          {note}
        </Text>
      ),
  )
}

const count = (values: readonly (number | null)[]): number =>
  values.filter((value) => value !== null && value <= 0).length
