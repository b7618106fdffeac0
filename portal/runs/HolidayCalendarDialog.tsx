import { Button, FileButton, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { invalidate } from '#portal/kit/queries.ts'
import type { HolidayCalendar } from './HolidayCalendarsPage.tsx'
import { readDays, writeDays } from './holiday-text.ts'

interface HolidayCalendarDialogProps {
  readonly calendar: HolidayCalendar | 'new' | null
  readonly onClose: () => void
}

/** Makes a calendar or changes its days: typed, one a line, or out of an .ics file. */
export function HolidayCalendarDialog({ calendar, onClose }: HolidayCalendarDialogProps) {
  return (
    <Modal
      opened={calendar !== null}
      onClose={onClose}
      title={calendar === 'new' || calendar === null ? 'New holiday calendar' : `Days of ${calendar.label}`}
      size="lg"
    >
      {calendar !== null && <CalendarForm key={calendar === 'new' ? '' : calendar.name} {...{ calendar, onClose }} />}
    </Modal>
  )
}

function CalendarForm({ calendar, onClose }: { calendar: HolidayCalendar | 'new'; onClose: () => void }) {
  const known = calendar === 'new' ? null : calendar
  const [name, setName] = useState(known?.name ?? '')
  const [label, setLabel] = useState(known?.label ?? '')
  const [text, setText] = useState(writeDays(known?.days ?? []))
  const [ics, setIcs] = useState<{ name: string; text: string } | null>(null)
  const { days, wrong } = readDays(text)
  const save = useMutation({
    mutationFn: () =>
      ask('PUT /v1/holiday-calendars/:calendar', {
        params: { calendar: name },
        body: ics ? { label, ics: ics.text } : { label, days: [...days] },
      }),
    onSuccess: (saved) => {
      void invalidate('GET /v1/holiday-calendars')
      notifyDone(`${saved.label} has ${countedText(saved.days.length, 'day')}.`)
      onClose()
    },
  })
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Label"
          value={label}
          onChange={({ currentTarget: { value } }) => {
            setLabel(value)
            if (!known) setName(nameFrom(value))
          }}
          maxLength={120}
          required
          data-autofocus
        />
        {!known && (
          <TextInput
            label="Name in schedules"
            description="Small letters, digits and hyphens; it begins with a letter and never changes."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            maxLength={60}
            required
          />
        )}
        {ics ? (
          <Group justify="space-between">
            <Text size="sm">The days of {ics.name} will be taken.</Text>
            <Button variant="default" size="compact-sm" onClick={() => setIcs(null)}>
              Type days instead
            </Button>
          </Group>
        ) : (
          <Textarea
            label="Days"
            description="One a line, with what it is called after it: 2026-12-25 Christmas"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            autosize
            minRows={6}
            maxRows={16}
            error={wrong.length > 0 && `Not a day: line ${wrong.slice(0, 5).join(', ')}. Write 2026-12-25.`}
          />
        )}
        {save.error && <ProblemAlert error={save.error} />}
        <Group justify="space-between">
          <FileButton
            accept=".ics,text/calendar"
            onChange={(file) => void file?.text().then((read) => setIcs({ name: file.name, text: read }))}
          >
            {(props) => (
              <Button variant="default" {...props}>
                From an .ics file
              </Button>
            )}
          </FileButton>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button type="submit" loading={save.isPending} disabled={!ics && wrong.length > 0}>
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  )
}

const nameFrom = (label: string): string =>
  label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 60)
