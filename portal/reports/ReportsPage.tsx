import { Badge, Button, Group, Paper, Skeleton, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconReport, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
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
import type { ReportSummary } from './definition.ts'
import { sharedWords } from './report-words.ts'

/** The reports that one may see: one's own and those that others share. */
export function ReportsPage() {
  const mayWrite = may(useYou(), 'reports:write')
  return (
    <SignedIn>
      <Page
        title="Reports"
        lead="Numbers, tables and charts put together for people to read, fill in and subscribe to."
        actions={
          mayWrite && (
            <ButtonLink to="/reports/new" leftSection={<IconPlus size={16} aria-hidden />}>
              New report
            </ButtonLink>
          )
        }
      >
        <Reports mayWrite={mayWrite} />
      </Page>
    </SignedIn>
  )
}

function Reports({ mayWrite }: { mayWrite: boolean }) {
  const search = useSearch({ from: '/reports' })
  const list = useInfiniteQuery({
    ...pages('GET /v1/reports', {
      query: {
        ...(search.search && { search: search.search }),
        ...(search.mine === 'true' && { mine: true }),
        limit: 50,
      },
    }),
    placeholderData: keepPreviousData,
  })
  const reports = list.data?.pages.flatMap(({ body }) => body.items) ?? []
  const isNarrowed = Object.keys(search).length > 0
  const isEmpty = list.isSuccess && reports.length === 0 && !isNarrowed
  return (
    <Stack>
      {!isEmpty && <Narrow />}
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={240} aria-busy="true" aria-label="Loading" />}
      {isEmpty && <NoReports mayWrite={mayWrite} />}
      {list.isSuccess && reports.length === 0 && isNarrowed && (
        <EmptyState title="No report is like that">Take back what narrows the list to see more.</EmptyState>
      )}
      {reports.map((report) => (
        <ReportLine key={report.id} report={report} />
      ))}
      {reports.length > 0 && <LoadMore list={list} shown={countedText(reports.length, 'report')} />}
    </Stack>
  )
}

function Narrow() {
  const search = useSearch({ from: '/reports' })
  const navigate = useNavigate({ from: '/reports' })
  const [typed, setTyped] = useState(search.search ?? '')
  const set = (key: 'search' | 'mine', value: string) =>
    void navigate({
      search: ({ [key]: _, ...rest }) => (value === '' ? rest : { ...rest, [key]: value }),
      replace: true,
    })
  const setSearch = useDebouncedCallback((value: string) => set('search', value.trim()), 250)
  return (
    <Group gap="md" align="flex-end">
      <TextInput
        label="Search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value)
          setSearch(value)
        }}
        w={{ base: '100%', xs: 280 }}
      />
      <Switch
        label="Only mine"
        pb={8}
        checked={search.mine === 'true'}
        onChange={({ currentTarget: { checked } }) => set('mine', checked ? 'true' : '')}
      />
      {Object.keys(search).length > 0 && (
        <Button
          variant="default"
          onClick={() => {
            setTyped('')
            void navigate({ search: {}, replace: true })
          }}
        >
          Show all
        </Button>
      )}
    </Group>
  )
}

function ReportLine({ report }: { report: ReportSummary }) {
  const { id, title, description, owner, shared_with, updated_at, updated_by, inputs_changed_at, may: can } = report
  const you = useYou()
  const params = { report: id }
  return (
    <Paper withBorder p="md" component="article" aria-label={title}>
      <Group justify="space-between" gap="xs" mb={4} align="flex-start">
        <Group gap="xs" flex="1 1 240px">
          <Title order={2} size="h5">
            <TextLink to="/reports/$report" params={params} inherit>
              {title}
            </TextLink>
          </Title>
          {owner === you?.account.user_name && <Badge variant="default">Yours</Badge>}
        </Group>
        {can.write && (
          <ButtonLink
            to="/reports/$report/edit"
            params={params}
            variant="default"
            size="compact-sm"
            aria-label={`Edit ${title}`}
          >
            Edit
          </ButtonLink>
        )}
      </Group>
      {description !== '' && <Text size="sm">{description}</Text>}
      <Text size="sm" c="dimmed">
        {owner === null ? 'Came with the portal' : `Of ${owner}`} · {sharedWords[shared_with]} · changed{' '}
        <Time at={updated_at} />
        {updated_by !== null && updated_by !== owner && ` by ${updated_by}`}
        {inputs_changed_at !== null && (
          <>
            {' '}
            · last filled in <Time at={inputs_changed_at} />
          </>
        )}
      </Text>
    </Paper>
  )
}

function NoReports({ mayWrite }: { mayWrite: boolean }) {
  return (
    <EmptyState
      icon={IconReport}
      title="There is no report yet"
      action={
        mayWrite && (
          <Group justify="center" gap="xs">
            <ButtonLink to="/reports/new">Make the first report</ButtonLink>
            <ButtonLink to="/explore" variant="default">
              Begin in Explore
            </ButtonLink>
          </Group>
        )
      }
    >
      {mayWrite
        ? 'Put one together from blocks, or ask a question in Explore and save it as a report.'
        : 'Reports are made by managers and shared by role. Ask whoever makes yours to share it with you.'}
    </EmptyState>
  )
}
