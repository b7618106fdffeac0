import { Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Token } from './token.ts'

type AuditEvent = Reply<'GET /v1/audit'>['events'][number]

const sides = [
  { value: 'to', label: 'Done to it' },
  { value: 'with', label: 'Done with it' },
]

/** What the audit log has of a token: what was done to it, and what was done with it. */
export function TokenEvents({ token }: { token: Token }) {
  const [side, setSide] = useState('to')
  const filter = side === 'to' ? { subject_type: 'token', subject: token.id } : { token: token.id }
  const events = useQuery(query('GET /v1/audit', { query: { ...filter, limit: 20 } }))
  return (
    <Stack gap="sm" component="section" aria-busy={events.isPending}>
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4">
          Audit log
        </Title>
        <SegmentedControl size="sm" data={sides} value={side} onChange={setSide} aria-label="Which events" />
      </Group>
      {events.error && <ProblemAlert error={events.error} retry={() => void events.refetch()} />}
      {events.isPending && <Skeleton height={120} />}
      {events.data?.events.length === 0 && (
        <Text c="dimmed">Nothing{side === 'to' ? '' : ' that changed anything'}.</Text>
      )}
      {events.data && events.data.events.length > 0 && <EventTable events={events.data.events} />}
      <Text size="sm">
        <TextLink to="/admin/audit" search={filter}>
          All of them in the audit log
        </TextLink>
      </Text>
    </Stack>
  )
}

const EventTable = ({ events }: { events: readonly AuditEvent[] }) => (
  <WideTable label="Audit events of this token" minWidth={620}>
    <Table.Thead>
      <Table.Tr>
        <Table.Th>When</Table.Th>
        <Table.Th>What</Table.Th>
        <Table.Th>Subject</Table.Th>
        <Table.Th>Who</Table.Th>
        <Table.Th>Address</Table.Th>
      </Table.Tr>
    </Table.Thead>
    <Table.Tbody>
      {events.map((event) => (
        <Table.Tr key={event.id}>
          <Table.Td>
            <Time at={event.at} />
          </Table.Td>
          <Table.Td ff="monospace" fz="sm">
            {event.verb}
          </Table.Td>
          <Table.Td style={{ overflowWrap: 'anywhere' }}>
            {event.subject_type} {event.subject_id}
          </Table.Td>
          <Table.Td>
            {event.account_name ?? event.via}
            {event.via === 'token' && ' with a token'}
          </Table.Td>
          <Table.Td>{event.address}</Table.Td>
        </Table.Tr>
      ))}
    </Table.Tbody>
  </WideTable>
)
