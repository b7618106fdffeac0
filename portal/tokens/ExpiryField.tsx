import '@mantine/dates/styles.css'
import { Group, Radio, Stack, Text } from '@mantine/core'
import { DateInput } from '@mantine/dates'
import { dayOf, type ExpiryChoice, expiryOf, presetsWithin } from './expiry-choice.ts'
import { longDate } from './expiry-words.ts'
import type { TokenPolicy } from './token.ts'

interface ExpiryFieldProps {
  readonly value: ExpiryChoice
  readonly onChange: (value: ExpiryChoice) => void
  readonly policy: TokenPolicy
  /** Whether the portal's usual life is offered as well. */
  readonly withUsual?: boolean
  /** No later than this, where that is sooner than the policy's longest life. */
  readonly latest?: string
  readonly label?: string
  readonly error?: string | undefined
}

/** When a token is to end: presets or a day, with the date that comes of it. */
export function ExpiryField({ value, onChange, policy, withUsual = false, latest, label, error }: ExpiryFieldProps) {
  const last = [latest, policy.maximum_expires_at].filter((at) => at !== undefined).sort()[0]!
  const presets = presetsWithin({ ...policy, maximum_expires_at: last })
  const ends = expiryOf(value, policy)
  const choose = (text: string) => {
    if (text === 'usual') onChange({ by: 'usual' })
    else if (text === 'date') onChange({ by: 'date', date: null })
    else onChange({ by: 'days', days: Number(text) })
  }
  return (
    <Stack gap="xs">
      <Radio.Group
        label={label ?? 'Expiry'}
        value={value.by === 'days' ? String(value.days) : value.by}
        onChange={choose}
        {...(value.by !== 'date' && error && { error })}
      >
        <Group gap="md" mt={4}>
          {withUsual && policy.default_expires_at !== null && <Radio value="usual" label="As usual here" />}
          {presets.map((days) => (
            <Radio key={days} value={String(days)} label={`${days} days`} />
          ))}
          <Radio value="date" label="Custom date" />
        </Group>
      </Radio.Group>
      {value.by === 'date' && (
        <DateInput
          label="Last day"
          description={`Until ${longDate(last)} at the latest. Year-month-day, or choose in the calendar.`}
          placeholder={dayOf(last)}
          valueFormat="YYYY-MM-DD"
          value={value.date}
          onChange={(date) => onChange({ by: 'date', date })}
          minDate={dayOf(Date.now())}
          maxDate={dayOf(last)}
          maw={360}
          required
          {...(error && { error })}
        />
      )}
      <Text size="sm" c="dimmed" aria-live="polite">
        {ends === null ? 'Choose the last day on which it works.' : `It will expire on ${longDate(ends)}.`}
      </Text>
    </Stack>
  )
}
