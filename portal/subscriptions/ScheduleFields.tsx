import { Checkbox, Chip, Group, NativeSelect, NumberInput, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { query } from '#portal/kit/queries.ts'
import { timeZones } from '#portal/kit/zoned-time.ts'
import { MonthFields } from './MonthFields.tsx'
import { NextTimes } from './NextTimes.tsx'
import { type ScheduleForm, scheduleOf, type Weekday, weekdays } from './schedule-form.ts'
import { monthNames, today, weekdayNames } from './schedule-words.ts'

export interface ScheduleFieldsProps {
  readonly value: ScheduleForm
  readonly onChange: (value: ScheduleForm) => void
}

const frequencies = [
  { value: 'api', label: 'Only when asked: by people, and by applications through the API' },
  { value: 'once', label: 'Once' },
  { value: 'hourly', label: 'Hourly' },
  { value: 'daily', label: 'Daily' },
  { value: 'weekly', label: 'Weekly' },
  { value: 'monthly', label: 'Monthly' },
  { value: 'cron', label: 'By a cron expression' },
] as const

/** When it runs, with the next times as they come out of what stands in the form. */
export function ScheduleFields({ value, onChange }: ScheduleFieldsProps) {
  const set = (change: Partial<ScheduleForm>) => onChange({ ...value, ...change })
  const { frequency } = value
  return (
    <Stack gap="md">
      <Radio.Group
        label="How often"
        value={frequency}
        onChange={(chosen) => set({ frequency: chosen as ScheduleForm['frequency'] })}
      >
        <Group gap="md" mt={6}>
          {frequencies.map(({ value: each, label }) => (
            <Radio key={each} value={each} label={label} />
          ))}
        </Group>
      </Radio.Group>
      {frequency !== 'api' && (
        <>
          <WhenFields value={value} onChange={onChange} />
          <AroundFields value={value} onChange={onChange} />
          <NextTimes schedule={scheduleOf(value)} />
        </>
      )}
      {frequency === 'api' && (
        <Text size="sm" c="dimmed">
          After saving, its page shows the calls by which another application starts it.
        </Text>
      )}
    </Stack>
  )
}

const dividingHours = [1, 2, 3, 4, 6, 8, 12]

function WhenFields({ value, onChange }: ScheduleFieldsProps) {
  const set = (change: Partial<ScheduleForm>) => onChange({ ...value, ...change })
  const { frequency, at, on, cron, every } = value
  if (frequency === 'cron')
    return (
      <TextInput
        label="Cron expression"
        description="Minute, hour, day of the month, month, day of the week: 0 7 * * 1-5 is 07:00 from Monday to Friday."
        value={cron}
        onChange={(event) => set({ cron: event.currentTarget.value })}
        maw={420}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        required
      />
    )
  return (
    <>
      {frequency === 'weekly' && <WeekdayFields value={value} onChange={onChange} />}
      {frequency === 'monthly' && <MonthFields value={value} onChange={onChange} />}
      <Group align="flex-end" gap="md">
        {frequency === 'once' && (
          <TextInput
            label="Day"
            type="date"
            value={on ?? ''}
            onChange={(event) => set({ on: event.currentTarget.value || null })}
            required
          />
        )}
        {frequency === 'hourly' && (
          <NativeSelect
            label="Every"
            data={dividingHours.map((hours) => ({
              value: String(hours),
              label: hours === 1 ? 'hour' : `${hours} hours`,
            }))}
            value={String(every)}
            onChange={(event) => set({ every: Number(event.currentTarget.value) })}
          />
        )}
        <TextInput
          label={frequency === 'hourly' ? 'Counted from' : 'At'}
          description={frequency === 'hourly' ? 'Its minute is that of every hour.' : undefined}
          type="time"
          value={at}
          onChange={(event) => set({ at: event.currentTarget.value })}
          required
        />
        {everyUnits[frequency] && <EveryField value={value} onChange={onChange} unit={everyUnits[frequency]} />}
      </Group>
    </>
  )
}

const everyUnits: Partial<Record<ScheduleForm['frequency'], string>> = {
  daily: 'days',
  weekly: 'weeks',
  monthly: 'months',
}

/** "Every 2 weeks" is counted from a day, so there must be one. */
function EveryField({ value, onChange, unit }: ScheduleFieldsProps & { unit: string }) {
  const { every, start, timeZone } = value
  return (
    <NumberInput
      label={`Every so many ${unit}`}
      min={1}
      max={60}
      allowDecimal={false}
      clampBehavior="strict"
      value={every}
      onChange={(typed) => {
        const count = Number(typed) || 1
        onChange({ ...value, every: count, start: count > 1 ? (start ?? today(timeZone)) : start })
      }}
      w={170}
    />
  )
}

function WeekdayFields({ value, onChange }: ScheduleFieldsProps) {
  return (
    <Checkbox.Group
      label="On"
      value={[...value.weekdays]}
      onChange={(chosen) => onChange({ ...value, weekdays: chosen as Weekday[] })}
    >
      <Group gap="md" mt={6}>
        {weekdays.map((day) => (
          <Checkbox key={day} value={day} label={weekdayNames[day]} />
        ))}
      </Group>
    </Checkbox.Group>
  )
}

function AroundFields({ value, onChange }: ScheduleFieldsProps) {
  const set = (change: Partial<ScheduleForm>) => onChange({ ...value, ...change })
  const { frequency, timeZone, start, end, catchUp } = value
  const day = (text: string): string | null => (text === '' ? null : text)
  return (
    <>
      {frequency === 'daily' || frequency === 'hourly' || frequency === 'weekly' || frequency === 'monthly' ? (
        <OnlyInMonths value={value} onChange={onChange} />
      ) : null}
      <Group align="flex-end" gap="md">
        <Select
          label="Time zone"
          description="On whose clocks; changes of daylight saving are followed."
          data={timeZones()}
          value={timeZone}
          onChange={(zone) => zone && set({ timeZone: zone })}
          searchable
          limit={60}
          allowDeselect={false}
          nothingFoundMessage="There is no such time zone"
          w={{ base: '100%', xs: 280 }}
        />
        {frequency !== 'once' && (
          <>
            <TextInput
              label="First day (optional)"
              type="date"
              value={start ?? ''}
              onChange={(event) => set({ start: day(event.currentTarget.value) })}
            />
            <TextInput
              label="Last day (optional)"
              type="date"
              value={end ?? ''}
              onChange={(event) => set({ end: day(event.currentTarget.value) })}
            />
            <HolidaysField value={value} onChange={onChange} />
          </>
        )}
      </Group>
      <Radio.Group
        label="When a time passes while nothing runs here"
        value={catchUp}
        onChange={(chosen) => set({ catchUp: chosen as ScheduleForm['catchUp'] })}
      >
        <Group gap="md" mt={6}>
          <Radio value="once" label="Make up for it, once" />
          <Radio value="skip" label="Leave it out" />
        </Group>
      </Radio.Group>
    </>
  )
}

function OnlyInMonths({ value, onChange }: ScheduleFieldsProps) {
  const { months } = value
  return (
    <Stack gap={6} role="group" aria-label="Only in these months">
      <Text size="sm" fw={500}>
        Only in these months (optional)
      </Text>
      <Chip.Group
        multiple
        value={months.map(String)}
        onChange={(chosen) => onChange({ ...value, months: chosen.map(Number) })}
      >
        <Group gap={6}>
          {monthNames.map((name, index) => (
            <Chip key={name} value={String(index + 1)} size="xs" aria-label={name}>
              {name.slice(0, 3)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Stack>
  )
}

function HolidaysField({ value, onChange }: ScheduleFieldsProps) {
  const { data } = useQuery(query('GET /v1/holiday-calendars'))
  const known = data?.calendars.map(({ name }) => name) ?? []
  const named = value.holidays === null || known.includes(value.holidays) ? known : [...known, value.holidays]
  if (named.length === 0) return null
  return (
    <NativeSelect
      label="Not on the days of"
      data={[{ value: '', label: 'No holiday calendar' }, ...named]}
      value={value.holidays ?? ''}
      onChange={(event) => onChange({ ...value, holidays: event.currentTarget.value || null })}
    />
  )
}
