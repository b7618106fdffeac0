import { Code, Drawer, Stack, Text } from '@mantine/core'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { exactTime, Time } from '#portal/kit/Time.tsx'
import { Actor, Subject } from './AuditLinks.tsx'
import type { AuditEvent } from './event-words.ts'

interface EventDrawerProps {
  readonly event: AuditEvent | null
  readonly labels: ReadonlyMap<string, string>
  readonly onClose: () => void
}

/** All that was kept of one event, and its place in the chain. */
export function EventDrawer({ event, labels, onClose }: EventDrawerProps) {
  return (
    <Drawer opened={event !== null} onClose={onClose} position="right" size="lg" title={event && `Event ${event.id}`}>
      {event && (
        <Stack>
          <Text fw={600}>{labels.get(event.verb) ?? event.verb}</Text>
          <Facts
            facts={[
              {
                label: 'When',
                value: (
                  <>
                    <Time at={event.at} />, {exactTime(event.at)}
                  </>
                ),
              },
              { label: 'Who', value: <Actor event={event} /> },
              { label: 'On', value: <Subject {...event} /> },
              { label: 'Address', value: event.address ?? 'not known' },
              { label: 'Client', value: event.client ?? 'not known' },
              { label: 'Request', value: event.request_id === null ? 'none' : <Code>{event.request_id}</Code> },
            ]}
          />
          <Facts
            least={400}
            facts={[
              { label: 'Hash', value: <Code>{event.hash}</Code> },
              { label: 'Hash of the event before', value: <Code>{event.prev_hash}</Code> },
            ]}
          />
          <CodeBlock code={JSON.stringify(event, null, 2)} label="the event as JSON" />
        </Stack>
      )}
    </Drawer>
  )
}
