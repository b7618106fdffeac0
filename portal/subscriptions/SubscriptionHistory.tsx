import { Skeleton, Stack } from '@mantine/core'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { Deliveries } from '#portal/runs/Deliveries.tsx'
import { RunsTable } from '#portal/runs/RunsTable.tsx'
import { isOpen } from '#portal/runs/run-words.ts'
import type { SubscriptionRuns } from './use-subscription-runs.ts'

/** The runs of a subscription, newest first, and who got what from the last of them. */
export function SubscriptionHistory({ runs: { list } }: { runs: SubscriptionRuns }) {
  if (list.isError) return <ProblemAlert error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <Skeleton height={160} />
  const runs = list.data.pages.flatMap(({ body }) => body.runs)
  const [last] = runs
  if (!last)
    return (
      <EmptyState title="It has not run yet">
        Run it now, or send a test to yourself; both stand here afterwards with everybody who got it.
      </EmptyState>
    )
  return (
    <Stack gap="lg">
      <Stack>
        <RunsTable runs={runs} sameSubject label="Runs of the subscription" />
        <LoadMore list={list} shown={countedText(runs.length, 'run')} />
      </Stack>
      <Deliveries key={last.id} run={last.id} open={isOpen(last)} title="Deliveries of the last run" />
    </Stack>
  )
}
