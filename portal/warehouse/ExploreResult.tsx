import { Box, Checkbox, Group, Loader, SegmentedControl, Skeleton, VisuallyHidden } from '@mantine/core'
import { lazy, Suspense, useMemo } from 'react'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { AnswerSummary } from './AnswerSummary.tsx'
import { AnswerTable } from './AnswerTable.tsx'
import { drawingOf } from './drawing.ts'
import { formatCount } from './numbers.ts'
import { askOf, type Model, type Question, type View, viewLabels } from './question.ts'
import { useAnswer } from './use-explore.ts'

interface ExploreResultProps {
  readonly model: Model
  readonly question: Question
  readonly change: (patch: Partial<Question>) => void
}

/** Charts are drawn by a library of some size, fetched when the first one is needed. */
const AnswerChart = lazy(() => import('./AnswerChart.tsx').then((module) => ({ default: module.AnswerChart })))

export function ExploreResult({ model, question, change }: ExploreResultProps) {
  const { data, error, isLoading, refetch } = useAnswer({ ...askOf(model.name, question), totals: true })
  const { view, log, series } = question
  const answer = data?.answer
  const drawing = useMemo(() => (answer ? drawingOf(answer, model) : null), [answer, model])
  return (
    <>
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label="View"
          value={view}
          data={Object.entries(viewLabels)
            .filter(([value]) => series || value !== 'line')
            .map(([value, label]) => ({ value, label }))}
          onChange={(value) => change({ view: value as View })}
        />
        <Group gap="sm">
          {isLoading && <Loader size="sm" aria-label="Asking" />}
          {view !== 'table' && (
            <Checkbox
              label="Log scale"
              checked={log && view !== 'stacked'}
              disabled={view === 'stacked'}
              onChange={({ currentTarget: { checked } }) => change({ log: checked })}
            />
          )}
        </Group>
      </Group>
      <VisuallyHidden aria-live="polite">
        {data && !isLoading ? `${formatCount(data.answer.rows.length)} rows` : ''}
      </VisuallyHidden>
      {error && <ProblemAlert error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} aria-busy="true" aria-label="Asking" />}
      {data && drawing && (
        <Box opacity={isLoading ? 0.6 : 1} aria-busy={isLoading}>
          {view === 'table' ? (
            <AnswerTable answer={data.answer} model={model} />
          ) : (
            <Suspense fallback={<Skeleton height={420} />}>
              <AnswerChart drawing={drawing} view={view} log={log} title={model.label} />
            </Suspense>
          )}
          <AnswerSummary model={model} timed={data} />
        </Box>
      )}
    </>
  )
}
