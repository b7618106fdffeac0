import { Box, Checkbox, Group, Loader, SegmentedControl, Skeleton, VisuallyHidden } from '@mantine/core'
import { type ComponentProps, useEffect, useMemo, useState } from 'react'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { AnswerNotes } from './AnswerNotes.tsx'
import { AnswerSummary } from './AnswerSummary.tsx'
import { AnswerTable } from './AnswerTable.tsx'
import { drawingOf } from './drawing.ts'
import { type Model, type Question, type View, viewLabels } from './question.ts'
import { TakeAway } from './TakeAway.tsx'
import { useAnswer, useBefore } from './use-explore.ts'

interface ExploreResultProps {
  readonly model: Model
  readonly question: Question
  readonly change: (patch: Partial<Question>) => void
}

type ChartCode = typeof import('./AnswerChart.tsx')

/** Charts are drawn by a library of some size, fetched when the first one is needed. */
let chartCode: ChartCode | undefined
const fetchChartCode = async (): Promise<ChartCode> => {
  chartCode = await import('./AnswerChart.tsx')
  return chartCode
}
// On its way while the model and its answer are; where it can't be had, the chart itself says so.
fetchChartCode().catch(() => undefined)

/** Not by `lazy`: React holds back for 300 ms what it once had to wait for. */
function useChartCode(): ChartCode | undefined {
  const [code, setCode] = useState(chartCode)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (code === undefined) fetchChartCode().then(setCode, setError)
  }, [code])
  if (error !== undefined) throw error
  return code
}

export function ExploreResult({ model, question, change }: ExploreResultProps) {
  const { data, error, isCurrent, refetch } = useAnswer(model, question)
  const past = useBefore(model, question, isCurrent ? data?.answer : undefined)
  const answer = data?.answer
  const { before } = past
  const drawing = useMemo(() => (answer ? drawingOf(answer, model, before) : null), [answer, before, model])
  const isBusy = (!isCurrent && !error) || past.isFetching
  const { view } = question
  return (
    <>
      <Group justify="space-between" gap="sm">
        <ViewSelect question={question} change={change} isBusy={isBusy} />
        <TakeAway model={model} question={question} answer={isCurrent ? answer : undefined} drawing={drawing} />
      </Group>
      <VisuallyHidden aria-live="polite">
        {answer && !isBusy ? `${countText(answer.rows.length)} ${answer.rows.length === 1 ? 'row' : 'rows'}` : ''}
      </VisuallyHidden>
      {(error ?? past.error) && <ProblemAlert error={error ?? past.error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} aria-busy="true" aria-label="Asking" />}
      {data && answer && drawing && !error && (
        <Box opacity={isBusy ? 0.6 : 1} aria-busy={isBusy}>
          {answer.rows.length === 0 ? (
            <NothingCounted model={model} />
          ) : view === 'table' ? (
            <AnswerTable answer={answer} before={before} model={model} question={question} />
          ) : (
            <LaterChart
              drawing={drawing}
              view={view}
              log={question.log}
              model={model}
              question={question}
              answer={answer}
            />
          )}
          <AnswerNotes drawing={drawing} question={question} before={before} />
          <AnswerSummary model={model} timed={data} />
        </Box>
      )}
    </>
  )
}

function LaterChart(props: ComponentProps<ChartCode['AnswerChart']>) {
  const code = useChartCode()
  return code ? <code.AnswerChart {...props} /> : <Skeleton height={420} aria-busy="true" aria-label="Drawing" />
}

interface ViewSelectProps extends Pick<ExploreResultProps, 'question' | 'change'> {
  readonly isBusy: boolean
}

function ViewSelect({ question: { view, log, series }, change, isBusy }: ViewSelectProps) {
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label="View"
        value={view}
        data={Object.entries(viewLabels)
          .filter(([value]) => series || value !== 'line')
          .map(([value, label]) => ({ value, label }))}
        onChange={(value) => change({ view: value as View })}
      />
      {(view === 'line' || view === 'bar') && (
        <Checkbox
          label="Log scale"
          checked={log}
          onChange={({ currentTarget: { checked } }) => change({ log: checked })}
        />
      )}
      {isBusy && <Loader size="sm" aria-label="Asking" role="status" />}
    </Group>
  )
}

function NothingCounted({ model: { freshness } }: { model: Model }) {
  return (
    <EmptyState title="Nothing matches the question">
      {freshness?.first_day && freshness.last_day
        ? `There are data from ${freshness.first_day} to ${freshness.last_day}: choose a period within, or drop a filter.`
        : 'Drop a filter, or come back after the next refresh.'}
    </EmptyState>
  )
}
