import { Chip, Group, NativeSelect, Radio, Stack } from '@mantine/core'
import type { ScheduleFieldsProps } from './ScheduleFields.tsx'
import { type MonthDay, type Nth, type Weekday, weekdays } from './schedule-form.ts'
import { weekdayNames } from './schedule-words.ts'

const days: readonly MonthDay[] = [...Array.from({ length: 31 }, (_, day) => day + 1), 'last']
const nths = [
  { value: '1', label: 'first' },
  { value: '2', label: 'second' },
  { value: '3', label: 'third' },
  { value: '4', label: 'fourth' },
  { value: 'last', label: 'last' },
]

/** On which days of a month: by number, or by weekday. */
export function MonthFields({ value, onChange }: ScheduleFieldsProps) {
  const { monthBy, monthDays, nth, weekday } = value
  return (
    <Stack gap="xs">
      <Radio.Group
        label="On"
        value={monthBy}
        onChange={(chosen) => onChange({ ...value, monthBy: chosen as typeof monthBy })}
      >
        <Group gap="md" mt={6}>
          <Radio value="day" label="Days by number" />
          <Radio value="weekday" label="A weekday, such as the first Monday" />
        </Group>
      </Radio.Group>
      {monthBy === 'day' ? (
        <Chip.Group
          multiple
          value={monthDays.map(String)}
          onChange={(chosen) => onChange({ ...value, monthDays: chosen.map(readDay) })}
        >
          <Group gap={6} role="group" aria-label="Days of the month">
            {days.map((day) => (
              <Chip key={day} value={String(day)} size="xs">
                {day === 'last' ? 'Last day' : day}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      ) : (
        <Group gap="md">
          <NativeSelect
            label="Which"
            data={nths}
            value={String(nth)}
            onChange={({ currentTarget }) => onChange({ ...value, nth: readDay(currentTarget.value) as Nth })}
          />
          <NativeSelect
            label="Weekday"
            data={weekdays.map((day) => ({ value: day, label: weekdayNames[day] }))}
            value={weekday}
            onChange={({ currentTarget }) => onChange({ ...value, weekday: currentTarget.value as Weekday })}
          />
        </Group>
      )}
    </Stack>
  )
}

const readDay = (text: string): MonthDay => (text === 'last' ? 'last' : Number(text))
