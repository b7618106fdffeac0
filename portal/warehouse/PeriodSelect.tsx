import '@mantine/dates/styles.css'
import { Group, NativeSelect, Stack } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { type PeriodName, periodLabels, type Scope } from './question.ts'

interface PeriodSelectProps {
  readonly label?: string
  /** What it is called that no period is chosen. */
  readonly all?: string
  /** The first and the last day that there are data of: with these one begins to choose days of one's own. */
  readonly days: { readonly first_day: string | null; readonly last_day: string | null } | null
  readonly period: Scope['period']
  readonly change: (period: Scope['period']) => void
}

/** XDMoD's presets, everything, or two days of one's own. */
export function PeriodSelect({ label = 'Period', all = 'All there is', days, period, change }: PeriodSelectProps) {
  const [first, last] = [days?.first_day ?? null, days?.last_day ?? null]
  const own = typeof period === 'object' && period !== null ? period : null
  const choose = (value: string) => {
    if (value === 'all') change(null)
    else if (value !== 'own') change(value as PeriodName)
    else if (first !== null && last !== null) change({ start: first, end: last })
  }
  return (
    <Stack gap="sm">
      <NativeSelect
        label={label}
        value={own ? 'own' : ((period as PeriodName | null) ?? 'all')}
        data={[
          { value: 'all', label: all },
          ...Object.entries(periodLabels).map(([value, label]) => ({ value, label })),
          { value: 'own', label: 'User defined' },
        ]}
        onChange={({ currentTarget: { value } }) => choose(value)}
      />
      {own && (
        <Group grow gap="sm">
          <DateInput
            label="First day"
            valueFormat="YYYY-MM-DD"
            value={own.start}
            onChange={(start) => start !== null && change({ start, end: start > own.end ? start : own.end })}
          />
          <DateInput
            label="Last day"
            valueFormat="YYYY-MM-DD"
            value={own.end}
            onChange={(end) => end !== null && change({ start: end < own.start ? end : own.start, end })}
          />
        </Group>
      )}
    </Stack>
  )
}
