import { ActionIcon, Button, Group, Skeleton, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { may, useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate, query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { HolidayCalendarDialog } from './HolidayCalendarDialog.tsx'

export type HolidayCalendar = Reply<'GET /v1/holiday-calendars'>['calendars'][number]

/** The days on which schedules rest, under names that schedules choose from. */
export function HolidayCalendarsPage() {
  const list = useQuery(query('GET /v1/holiday-calendars'))
  const mayWrite = may(useYou(), 'calendars:write')
  const [editing, setEditing] = useState<HolidayCalendar | 'new' | null>(null)
  const [deleting, setDeleting] = useState<HolidayCalendar | null>(null)
  const calendars = list.data?.calendars ?? []
  return (
    <Page
      title="Holiday calendars"
      lead="Days on which schedules rest. A subscription or model names one; its schedule then leaves out these days."
      actions={
        mayWrite && (
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
            New calendar
          </Button>
        )
      }
    >
      {list.isError && <ProblemAlert error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton height={160} />}
      {list.isSuccess && calendars.length === 0 && (
        <EmptyState title="No holiday calendar yet">
          Make one from days, or from an .ics file such as states and schools publish them.
        </EmptyState>
      )}
      {calendars.length > 0 && (
        <WideTable label="Holiday calendars" minWidth={520}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Calendar</Table.Th>
              <Table.Th>Days</Table.Th>
              <Table.Th>Changed</Table.Th>
              {mayWrite && (
                <Table.Th>
                  <VisuallyHidden>Acts</VisuallyHidden>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {calendars.map((calendar) => (
              <Table.Tr key={calendar.name}>
                <Table.Td>
                  {calendar.label}
                  <Text size="sm" c="dimmed" ff="monospace">
                    {calendar.name}
                  </Text>
                </Table.Td>
                <Table.Td>
                  {countedText(calendar.days.length, 'day')}
                  <Text size="sm" c="dimmed">
                    {spanOf(calendar)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Time at={calendar.updated_at} />
                </Table.Td>
                {mayWrite && (
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <ActionIcon
                        variant="default"
                        aria-label={`Edit ${calendar.label}`}
                        onClick={() => setEditing(calendar)}
                      >
                        <IconPencil size={18} aria-hidden />
                      </ActionIcon>
                      <ActionIcon
                        variant="default"
                        aria-label={`Delete ${calendar.label}`}
                        onClick={() => setDeleting(calendar)}
                      >
                        <IconTrash size={18} aria-hidden />
                      </ActionIcon>
                    </Group>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </WideTable>
      )}
      <HolidayCalendarDialog calendar={editing} onClose={() => setEditing(null)} />
      <DeleteCalendar calendar={deleting} onClose={() => setDeleting(null)} />
    </Page>
  )
}

function spanOf({ days }: HolidayCalendar): string {
  const [first, last] = [days[0]?.date, days.at(-1)?.date]
  return first === undefined ? '' : first === last ? first : `${first} to ${last}`
}

function DeleteCalendar({ calendar, onClose }: { calendar: HolidayCalendar | null; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: (name: string) => ask('DELETE /v1/holiday-calendars/:calendar', { params: { calendar: name } }),
    onSuccess: () => {
      onClose()
      void invalidate('GET /v1/holiday-calendars')
    },
  })
  return (
    <ConfirmDialog
      opened={calendar !== null}
      close={() => {
        remove.reset()
        onClose()
      }}
      title={`Delete ${calendar?.label ?? 'the calendar'}?`}
      confirm="Delete calendar"
      onConfirm={() => calendar && remove.mutate(calendar.name)}
      busy={remove.isPending}
      error={remove.error}
    >
      Schedules that leave out its days must be changed first.
    </ConfirmDialog>
  )
}
