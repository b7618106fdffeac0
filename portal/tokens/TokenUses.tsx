import { Group, Paper, SegmentedControl, SimpleGrid, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reply } from '#portal/kit/contracts.ts'
import { countedText, countText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { Sparkline } from './Sparkline.tsx'
import type { Token } from './token.ts'
import { dayAgo, dayWord, usesOn } from './use-words.ts'

type Uses = Reply<'GET /v1/tokens/:token/uses'>

const choices = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: '1 year' },
]
const shownAtOnce = 50
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'UTC' })

/** Who used a token, when, and from where: yesterday and today first. */
export function TokenUses({ token }: { token: Token }) {
  const [days, setDays] = useState('30')
  const uses = useQuery({
    ...query('GET /v1/tokens/:token/uses', { params: { token: token.id }, query: { days: Number(days) } }),
    placeholderData: (before) => before,
  })
  return (
    <Stack gap="sm" component="section" aria-busy={uses.isPending}>
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4">
          Who used it
        </Title>
        <SegmentedControl size="sm" data={choices} value={days} onChange={setDays} aria-label="Days shown" />
      </Group>
      {uses.error && <ProblemAlert error={uses.error} retry={() => void uses.refetch()} />}
      {uses.isPending && <Skeleton height={140} />}
      {uses.data && <UsesShown uses={uses.data} account={token.account.user_name} />}
    </Stack>
  )
}

function UsesShown({ uses, account }: { uses: Uses; account: string }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        {[0, 1].map((ago) => (
          <Paper key={ago} withBorder p="md">
            <Text fw={650}>{ago === 0 ? 'Today' : 'Yesterday'}</Text>
            <Text size="sm">{usesOn(dayAgo(ago), uses, account)}</Text>
          </Paper>
        ))}
        <Paper withBorder p="md">
          <Text fw={650}>{countedText(uses.total, 'use')}</Text>
          <Sparkline uses={uses.days.map((day) => day.uses)} width={260} height={36} />
        </Paper>
      </SimpleGrid>
      {uses.sources.length > 0 && <SourcesTable sources={uses.sources} />}
      <Text size="xs" c="dimmed">
        Days and hours in UTC. Uses are counted within a second.
      </Text>
    </>
  )
}

function SourcesTable({ sources }: Pick<Uses, 'sources'>) {
  const [all, setAll] = useState(false)
  const shown = all ? sources : sources.slice(0, shownAtOnce)
  return (
    <>
      <WideTable label="Uses by day, address and client" minWidth={620}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th>Address</Table.Th>
            <Table.Th>Client</Table.Th>
            <Table.Th ta="right">Uses</Table.Th>
            <Table.Th>First and last</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((source) => (
            <Table.Tr key={`${source.day} ${source.address} ${source.client}`}>
              <Table.Td>
                <time dateTime={source.day}>{dayWord(source.day)}</time>
              </Table.Td>
              <Table.Td>{source.address ?? 'many others'}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {source.client ?? (source.address === null ? 'many others' : 'did not say')}
              </Table.Td>
              <Table.Td ta="right">{countText(source.uses)}</Table.Td>
              <Table.Td>
                {clock.format(new Date(source.first_at))} to {clock.format(new Date(source.last_at))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </WideTable>
      {sources.length > shown.length && (
        <Text size="sm">
          The newest {shownAtOnce} of {countText(sources.length)}.{' '}
          <Text component="button" type="button" td="underline" bg="none" bd="none" p={0} onClick={() => setAll(true)}>
            Show all
          </Text>
        </Text>
      )}
    </>
  )
}
