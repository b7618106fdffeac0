import { Skeleton, Stack } from '@mantine/core'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { RunFailure } from '#portal/runs/RunFailure.tsx'
import { RunsTable } from '#portal/runs/RunsTable.tsx'
import type { Refresh } from './use-refresh.ts'

/** The last refreshes with their outcome; should the last one have failed, why and what to do stands above. */
export function Refreshes({ refresh: { list, run } }: { refresh: Refresh }) {
  if (list.isError) return <ProblemAlert error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <Skeleton height={160} />
  const runs = list.data.pages.flatMap(({ body }) => body.runs)
  const [last] = runs
  if (!last) return <EmptyState title="Never refreshed">Refresh now reads the sources for the first time.</EmptyState>
  return (
    <Stack>
      {last.id !== run?.id && <RunFailure run={last} />}
      <RunsTable runs={runs} sameSubject label="Refreshes" />
      <LoadMore list={list} shown={countedText(runs.length, 'refresh', 'refreshes')} />
    </Stack>
  )
}
