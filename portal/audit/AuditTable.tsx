import { Button, Table, Text } from '@mantine/core'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { Actor, Subject } from './AuditLinks.tsx'
import style from './AuditTable.module.css'
import { type AuditEvent, detailWords } from './event-words.ts'

interface AuditTableProps {
  readonly label?: string
  readonly events: readonly AuditEvent[]
  /** Sentences by verb. */
  readonly labels: ReadonlyMap<string, string>
  /** Events beyond this number came while the log was followed. */
  readonly newSince: number
  readonly onOpen: (event: AuditEvent) => void
}

export function AuditTable({ label = 'Events', events, labels, newSince, onOpen }: AuditTableProps) {
  return (
    <WideTable label={label} minWidth={880} styles={{ td: { verticalAlign: 'top' } }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={140}>When</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th>Who</Table.Th>
          <Table.Th>On</Table.Th>
          <Table.Th>From</Table.Th>
          <Table.Th w={70}>Event</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((event) => (
          <Table.Tr key={event.id} className={event.id > newSince ? style.arrived : undefined}>
            <Table.Td>
              <Time at={event.at} />
              <Text size="xs" c="dimmed">
                {exactTime(event.at)}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }} maw={320}>
              {labels.get(event.verb) ?? event.verb}
              <Text size="xs" c="dimmed" lineClamp={2}>
                {detailWords(event.detail)}
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }} maw={220}>
              <Actor event={event} />
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }} maw={220}>
              <Subject {...event} />
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }} maw={200}>
              {event.address}
              <Text size="xs" c="dimmed" lineClamp={1} title={event.client ?? undefined}>
                {event.client}
              </Text>
            </Table.Td>
            <Table.Td>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={`${event.id}: details`}
                onClick={() => onOpen(event)}
              >
                {event.id}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
