import { Button, Group, NativeSelect, Skeleton, Stack, TextInput } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { ButtonLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { RunsTable } from './RunsTable.tsx'
import { isOpen, type RunState, stateWords } from './run-words.ts'

export function RunsPage() {
  const you = useYou()
  return (
    <SignedIn>
      <Page
        title="Runs"
        lead={`${may(you, 'runs:admin') ? 'Everyone’s' : 'Your'} background work: what waits, what is being done, and how it ended.`}
      >
        <Runs />
      </Page>
    </SignedIn>
  )
}

function Runs() {
  const search = useSearch({ from: '/runs' })
  const list = useInfiniteQuery({
    ...pages('GET /v1/runs', { query: { ...search, state: search.state as RunState | undefined, limit: 50 } }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ body }) => body.runs.some(isOpen)) === true ? 2000 : 15_000,
  })
  const runs = list.data?.pages.flatMap(({ body }) => body.runs) ?? []
  const filtered = Object.keys(search).length > 0
  return (
    <Stack>
      <Filters />
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} />}
      {list.isSuccess && runs.length === 0 && (
        <EmptyState
          title={filtered ? 'No run is like that' : 'No runs yet'}
          action={!filtered && <ButtonLink to="/models">To the models</ButtonLink>}
        >
          {filtered
            ? 'Take back a filter to see more.'
            : 'Refreshing a model is such a run; ask for one on the page of a model.'}
        </EmptyState>
      )}
      {runs.length > 0 && (
        <>
          <RunsTable runs={runs} />
          <LoadMore list={list} shown={countedText(runs.length, 'run')} />
        </>
      )}
    </Stack>
  )
}

const everyState = { value: '', label: 'Any state' }
const states = Object.entries(stateWords).map(([value, label]) => ({ value, label }))

function Filters() {
  const search = useSearch({ from: '/runs' })
  const navigate = useNavigate({ from: '/runs' })
  const set = (key: 'state' | 'kind' | 'subject', value: string) =>
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: true,
    })
  return (
    <Group align="flex-end" gap="sm">
      <NativeSelect
        label="State"
        data={[everyState, ...states]}
        value={search.state ?? ''}
        onChange={({ currentTarget }) => set('state', currentTarget.value)}
      />
      <NativeSelect
        label="Kind"
        data={[
          { value: '', label: 'Any kind' },
          { value: 'refresh-model', label: 'Refresh model' },
        ]}
        value={search.kind ?? ''}
        onChange={({ currentTarget }) => set('kind', currentTarget.value)}
      />
      <SubjectFilter
        key={search.subject ?? ''}
        subject={search.subject ?? ''}
        onSet={(value) => set('subject', value)}
      />
      {Object.keys(search).length > 0 && (
        <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
          Show all
        </Button>
      )}
    </Group>
  )
}

/** Asked when it has been typed: a name that is half there matches nothing. */
function SubjectFilter({ subject, onSet }: { subject: string; onSet: (value: string) => void }) {
  return (
    <TextInput
      label="About"
      placeholder="Name of a model"
      defaultValue={subject}
      onBlur={({ currentTarget: { value } }) => value !== subject && onSet(value.trim())}
      onKeyDown={({ key, currentTarget: { value } }) => key === 'Enter' && onSet(value.trim())}
    />
  )
}
