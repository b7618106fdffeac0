import { Group, SegmentedControl, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { actorWords, detailWords } from '#portal/audit/event-words.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import type { Account } from './admin-account.ts'

const sides = [
  { value: 'by', label: 'Done by it' },
  { value: 'to', label: 'Done to it' },
]

/** The latest of what an account did, or of what was done to it. */
export function AdminAccountEvents({ account: { id, user_name } }: { account: Account }) {
  const [side, setSide] = useState('by')
  const filter = side === 'by' ? { actor: user_name } : { subject_type: 'account', subject: id }
  const trail = useQuery(query('GET /v1/audit', { query: { ...filter, limit: 20 } }))
  const verbs = useQuery(query('GET /v1/audit/verbs'))
  const label = (verb: string) => verbs.data?.verbs.find((one) => one.verb === verb)?.label ?? verb
  const events = trail.data?.events ?? []
  return (
    <Stack gap="sm" component="section" aria-busy={trail.isPending}>
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4">
          Audit log
        </Title>
        <SegmentedControl size="sm" data={sides} value={side} onChange={setSide} aria-label="Which events" />
      </Group>
      {trail.error && <ProblemAlert error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && <Skeleton height={120} />}
      {trail.data && events.length === 0 && <Text c="dimmed">Nothing yet.</Text>}
      {events.length > 0 && (
        <WideTable label="Audit events of this account" minWidth={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Who</Table.Th>
              <Table.Th>Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {events.map((event) => (
              <Table.Tr key={event.id}>
                <Table.Td>
                  <Time at={event.at} />
                </Table.Td>
                <Table.Td>{label(event.verb)}</Table.Td>
                <Table.Td>{Object.values(actorWords(event)).filter(Boolean).join(' ')}</Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{detailWords(event.detail)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <Text size="sm">
        <TextLink to="/admin/audit" search={filter}>
          All of them in the audit log
        </TextLink>
      </Text>
    </Stack>
  )
}
