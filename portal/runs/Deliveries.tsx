import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Table, Text, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconDownload,
  IconProgress,
  IconUserOff,
} from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { addressOf } from '#portal/kit/ask.ts'
import { countedText } from '#portal/kit/figures.ts'
import { LoadMore } from '#portal/kit/LoadMore.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { pages } from '#portal/kit/queries.ts'
import { StateBadge } from '#portal/kit/StateBadge.tsx'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import {
  countedStates,
  type Delivery,
  type DeliveryState,
  deliveryHelp,
  deliveryWords,
  destinationWords,
} from './delivery-words.ts'

/** Who got what from a run, one row for each recipient and destination; asked anew while the run is under way. */
export function Deliveries({ run, open, title = 'Deliveries' }: { run: string; open: boolean; title?: string }) {
  const [state, setState] = useState<DeliveryState | ''>('')
  const list = useInfiniteQuery({
    ...pages('GET /v1/runs/:run/deliveries', {
      params: { run },
      query: { limit: 200, state: state === '' ? undefined : state },
    }),
    placeholderData: keepPreviousData,
    refetchInterval: open ? 1500 : false,
  })
  const { refetch } = list
  // The last ones come with the run's end.
  useEffect(() => {
    if (!open) void refetch()
  }, [open, refetch])
  const deliveries = list.data?.pages.flatMap(({ body }) => body.deliveries) ?? []
  const counts = list.data?.pages[0]?.body.counts ?? {}
  const states = Object.keys(deliveryWords).filter((each) => counts[each])
  const asked = Object.values(counts).reduce((sum, each) => sum + each, 0)
  return (
    <Stack gap="xs" component="section">
      <Group justify="space-between" align="flex-end" gap="xs">
        <div>
          <Title order={2} size="h4">
            {title}
          </Title>
          <Text size="sm" c="dimmed" role="status">
            {countedStates(counts)}
          </Text>
        </div>
        {asked > 0 && (
          <Group gap="xs" align="flex-end">
            <NativeSelect
              size="sm"
              aria-label="Only deliveries in this state"
              data={[
                { value: '', label: 'Any state' },
                ...states.map((each) => ({ value: each, label: deliveryWords[each as DeliveryState] })),
              ]}
              value={state}
              onChange={({ currentTarget }) => setState(currentTarget.value as DeliveryState | '')}
            />
            <Button
              component="a"
              variant="default"
              href={addressOf('GET /v1/runs/:run/deliveries.csv', { params: { run } })}
              download={`deliveries-${run}.csv`}
              leftSection={<IconDownload size={18} aria-hidden />}
            >
              CSV
            </Button>
          </Group>
        )}
      </Group>
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={120} />}
      {list.isSuccess && asked === 0 && (
        <Text c="dimmed">{open ? 'Nothing is on its way yet.' : 'Nothing was to be delivered.'}</Text>
      )}
      {counts.unconfirmed ? (
        <Alert
          color="orange"
          variant="light"
          icon={<IconAlertTriangle aria-hidden />}
          title="Some may have arrived or not"
        >
          {deliveryHelp.unconfirmed}
        </Alert>
      ) : null}
      {deliveries.length > 0 && (
        <>
          <DeliveryTable deliveries={deliveries} />
          <LoadMore list={list} shown={countedText(deliveries.length, 'delivery', 'deliveries')} />
        </>
      )}
    </Stack>
  )
}

function DeliveryTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  const parted = deliveries.some(({ slice }) => slice !== null)
  return (
    <WideTable label="Deliveries" minWidth={parted ? 780 : 640}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Recipient</Table.Th>
          <Table.Th>Where</Table.Th>
          {parted && <Table.Th>Rows</Table.Th>}
          <Table.Th>State</Table.Th>
          <Table.Th>When</Table.Th>
          <Table.Th>Why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map((each) => (
          <Table.Tr key={each.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {each.name}
              {each.name !== each.recipient && (
                <Text size="sm" c="dimmed">
                  {each.recipient}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{destinationWords(each.destination)}</Table.Td>
            {parted && <Table.Td>{each.slice}</Table.Td>}
            <Table.Td>
              <DeliveryBadge state={each.state} />
            </Table.Td>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>
              <Time at={each.delivered_at ?? each.updated_at} />
              {each.attempts > 1 && (
                <Text size="sm" c="dimmed">
                  {countedText(each.attempts, 'attempt')}
                </Text>
              )}
            </Table.Td>
            <Table.Td maw={320} style={{ overflowWrap: 'anywhere' }}>
              {each.reason}
              {each.next_try_at !== null && (
                <Text size="sm" c="dimmed">
                  Tried again <Time at={each.next_try_at} />
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

const looks = {
  pending: [IconClock, 'gray'],
  sending: [IconProgress, 'blue'],
  delivered: [IconCircleCheck, 'teal'],
  failed: [IconCircleX, 'red'],
  unconfirmed: [IconAlertTriangle, 'orange'],
  skipped: [IconBan, 'gray'],
  cancelled: [IconBan, 'gray'],
  unsubscribed: [IconUserOff, 'gray'],
} as const satisfies Record<DeliveryState, unknown>

function DeliveryBadge({ state }: { state: DeliveryState }) {
  const [icon, color] = looks[state]
  return (
    <StateBadge icon={icon} color={color}>
      {deliveryWords[state]}
    </StateBadge>
  )
}
