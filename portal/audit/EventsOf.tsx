import { Group, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { AuditTable } from './AuditTable.tsx'
import type { AuditSearch } from './audit-filter.ts'
import { EventDrawer } from './EventDrawer.tsx'
import type { AuditEvent } from './event-words.ts'
import { verbsQuery } from './verbs.ts'

interface EventSide {
  /** "Done by it". */
  readonly label: string
  readonly filter: Omit<AuditSearch, 'verb'>
  /** Said when there are none. */
  readonly none: string
}

/** The latest that the audit log has of one thing, from either side of it; whoever shows it may read the log. */
export function EventsOf({ label, sides }: { label: string; sides: readonly [EventSide, EventSide] }) {
  const [chosen, setChosen] = useState('0')
  const [opened, setOpened] = useState<AuditEvent | null>(null)
  const side = sides[Number(chosen)] ?? sides[0]
  const trail = useQuery(query('GET /v1/audit', { query: { ...side.filter, limit: 20 } }))
  const verbs = useQuery(verbsQuery)
  const labels = new Map(verbs.data?.verbs.map((verb) => [verb.verb, verb.label]))
  const events = trail.data?.events ?? []
  return (
    <Stack gap="sm" component="section" aria-busy={trail.isPending}>
      <Group justify="space-between" gap="sm">
        <Title order={2} size="h4">
          Audit log
        </Title>
        <SegmentedControl
          size="sm"
          data={sides.map((one, at) => ({ value: String(at), label: one.label }))}
          value={chosen}
          onChange={setChosen}
          aria-label="Which events"
        />
      </Group>
      {trail.error && <ProblemAlert error={trail.error} retry={() => void trail.refetch()} />}
      {trail.isPending && <Skeleton height={120} />}
      {trail.data && events.length === 0 && <Text c="dimmed">{side.none}</Text>}
      {events.length > 0 && (
        <AuditTable
          label={label}
          events={events}
          labels={labels}
          newSince={Number.POSITIVE_INFINITY}
          onOpen={setOpened}
        />
      )}
      <Text size="sm">
        <TextLink to="/admin/audit" search={side.filter}>
          All of them in the audit log
        </TextLink>
      </Text>
      <EventDrawer event={opened} labels={labels} onClose={() => setOpened(null)} />
    </Stack>
  )
}
