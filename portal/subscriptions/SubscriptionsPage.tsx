import {
  Box,
  Button,
  Group,
  NativeSelect,
  Skeleton,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
  VisuallyHidden,
} from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { SignedIn } from '#portal/accounts/SignedIn.tsx'
import { may, useYou } from '#portal/instance/instance.ts'
import { ButtonLink, TextLink } from '#portal/kit/ButtonLink.tsx'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { RunStateBadge } from '#portal/runs/RunStateBadge.tsx'
import type { RunState } from '#portal/runs/run-words.ts'
import { NextDue } from './NextDue.tsx'
import { ReportLink } from './ReportLink.tsx'
import { SubscriptionStateBadge } from './SubscriptionStateBadge.tsx'
import { type SubscriptionLine, type SubscriptionState, stateWords } from './subscription.ts'
import { useStart, useStateChange } from './use-subscription-act.ts'

export function SubscriptionsPage() {
  return (
    <SignedIn>
      <Subscriptions />
    </SignedIn>
  )
}

function Subscriptions() {
  const mayWrite = may(useYou(), 'subscriptions:write')
  return (
    <Page
      wide
      title="Subscriptions"
      lead="Reports that are sent: by a schedule, or when an application asks for it."
      actions={
        mayWrite && (
          <ButtonLink to="/subscriptions/new" leftSection={<IconPlus size={18} aria-hidden />}>
            New subscription
          </ButtonLink>
        )
      }
    >
      <Filters />
      <List mayWrite={mayWrite} />
    </Page>
  )
}

function Filters() {
  const search = useSearch({ from: '/subscriptions' })
  const navigate = useNavigate({ from: '/subscriptions' })
  const set = (key: 'search' | 'state' | 'own', value: string) =>
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: true,
    })
  return (
    <Group align="flex-end" gap="sm" component="search" aria-label="Filters">
      <TextInput
        label="Search"
        placeholder="Name or report"
        type="search"
        leftSection={<IconSearch size={18} aria-hidden />}
        value={search.search ?? ''}
        onChange={({ currentTarget }) => set('search', currentTarget.value)}
        maw={320}
      />
      <NativeSelect
        label="State"
        data={[
          { value: '', label: 'Any state' },
          ...Object.entries(stateWords).map(([value, label]) => ({ value, label })),
        ]}
        value={search.state ?? ''}
        onChange={({ currentTarget }) => set('state', currentTarget.value)}
      />
      <Switch
        label="Only my own"
        checked={search.own === 'true'}
        onChange={({ currentTarget }) => set('own', currentTarget.checked ? 'true' : '')}
        mb={8}
      />
    </Group>
  )
}

function List({ mayWrite }: { mayWrite: boolean }) {
  const search = useSearch({ from: '/subscriptions' })
  const list = useInfiniteQuery({
    ...pages('GET /v1/subscriptions', {
      query: { ...search, state: search.state as SubscriptionState | undefined, limit: 50 } as never,
    }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
  const lines = list.data?.pages.flatMap(({ body }) => body.subscriptions) ?? []
  const filtered = Object.keys(search).length > 0
  return (
    <Stack>
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} />}
      {list.isSuccess && lines.length === 0 && (
        <EmptyState
          title={filtered ? 'No subscription is like that' : 'No subscriptions yet'}
          action={!filtered && mayWrite && <ButtonLink to="/subscriptions/new">Make the first one</ButtonLink>}
        >
          {filtered
            ? 'Take back a filter to see more.'
            : mayWrite
              ? 'Choose a report, when it goes out, and to whom.'
              : 'What others send to you stands in your inbox.'}
        </EmptyState>
      )}
      {lines.length > 0 && (
        <>
          <WideTable label="Subscriptions" minWidth={1000}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Subscription</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Report</Table.Th>
                <Table.Th>Next</Table.Th>
                <Table.Th>Last run</Table.Th>
                <Table.Th>To</Table.Th>
                <Table.Th>
                  <VisuallyHidden>Acts</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {lines.map((line) => (
                <Line key={line.id} line={line} />
              ))}
            </Table.Tbody>
          </WideTable>
          <LoadMore list={list} shown={countedText(lines.length, 'subscription')} />
        </>
      )}
    </Stack>
  )
}

function Line({ line }: { line: SubscriptionLine }) {
  const { id, name, state, report, report_title, schedule_text, last_run } = line
  return (
    <Table.Tr>
      <Table.Td maw={280} style={{ overflowWrap: 'anywhere' }}>
        <TextLink to="/subscriptions/$subscription" params={{ subscription: id }} fw={600}>
          {name}
        </TextLink>
        <Text size="sm" c="dimmed">
          of {line.owner.name}
        </Text>
      </Table.Td>
      <Table.Td>
        <SubscriptionStateBadge state={state} />
      </Table.Td>
      <Table.Td maw={220} style={{ overflowWrap: 'anywhere' }}>
        <ReportLink report={report} title={report_title} />
      </Table.Td>
      <Table.Td miw={190}>
        <NextDue at={line.next_run_at} zone={line.time_zone} />
        {schedule_text !== null && (
          <Text size="sm" c="dimmed">
            {schedule_text}
          </Text>
        )}
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        {last_run === null ? (
          'Never'
        ) : (
          <>
            <RunStateBadge run={{ state: last_run.state as RunState, cancel_requested: false }} />
            <Box>
              <TextLink to="/runs/$run" params={{ run: last_run.id }} size="sm">
                <Time at={last_run.at} />
              </TextLink>
            </Box>
          </>
        )}
      </Table.Td>
      <Table.Td>
        {countedText(line.recipients, 'recipient')}
        <Text size="sm" c="dimmed">
          {[...line.destinations, ...line.formats].join(', ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <LineActs line={line} />
      </Table.Td>
    </Table.Tr>
  )
}

function LineActs({ line }: { line: SubscriptionLine }) {
  const navigate = useNavigate()
  const { id, name, state, may } = line
  const start = useStart(id, (run) => void navigate({ to: '/runs/$run', params: { run } }))
  const change = useStateChange(line)
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {may.run && state === 'active' && (
        <Button
          size="compact-sm"
          variant="default"
          loading={start.isPending}
          onClick={() => start.mutate({ test: false })}
          aria-label={`Run now: ${name}`}
        >
          Run now
        </Button>
      )}
      {may.edit && (
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate(state === 'active' ? 'pause' : 'resume')}
          aria-label={`${state === 'active' ? 'Pause' : 'Resume'} ${name}`}
        >
          {state === 'active' ? 'Pause' : 'Resume'}
        </Button>
      )}
    </Group>
  )
}
