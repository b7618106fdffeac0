import { Skeleton, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { RunsTable } from './RunsTable.tsx'
import { questionOf, type RunSearch } from './run-search.ts'
import { isOpen } from './run-words.ts'

interface RunListProps {
  readonly search: RunSearch
  /** Each row has its own way to cancel it. */
  readonly withCancel?: boolean
}

/** The runs that match, newest first; asked anew, and oftener while one of them is under way. */
export function RunList({ search, withCancel = false }: RunListProps) {
  const list = useInfiniteQuery({
    ...pages('GET /v1/runs', { query: { ...questionOf(search), limit: 50 } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ body }) => body.runs.some(isOpen)) === true ? 2000 : 15_000,
  })
  const runs = list.data?.pages.flatMap(({ body }) => body.runs) ?? []
  const filtered = Object.keys(search).length > 0
  return (
    <Stack>
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} />}
      {list.isSuccess && runs.length === 0 && (
        <EmptyState
          title={filtered ? 'No run is like that' : 'No runs yet'}
          action={!filtered && <ButtonLink to="/models">To the models</ButtonLink>}
        >
          {filtered
            ? 'Take back a filter to see more.'
            : 'Refreshing a model is such a run, and sending a subscription; ask for one on its page.'}
        </EmptyState>
      )}
      {runs.length > 0 && (
        <>
          <RunsTable runs={runs} withCancel={withCancel} />
          <LoadMore list={list} shown={countedText(runs.length, 'run')} />
        </>
      )}
    </Stack>
  )
}
