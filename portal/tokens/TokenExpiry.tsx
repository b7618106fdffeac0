import { Group, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconClock, IconClockExclamation, IconClockX } from '@tabler/icons-react'
import { expiryWords, type Urgency } from './expiry-words.ts'
import type { Token } from './token.ts'

const looks: Readonly<Record<Urgency, { icon: typeof IconClock; color: string }>> = {
  fine: { icon: IconClock, color: 'var(--mantine-color-dimmed)' },
  soon: { icon: IconClockExclamation, color: 'var(--mantine-color-orange-filled)' },
  urgent: { icon: IconAlertTriangle, color: 'var(--mantine-color-red-filled)' },
  over: { icon: IconClockX, color: 'var(--mantine-color-dimmed)' },
}

/** A token's end, small, for tables: the distance above, the date below. */
export function TokenExpiry({ token }: { token: Token }) {
  const { says, on, urgency } = expiryWords(token)
  const { icon: Icon, color } = looks[urgency]
  return (
    <Group gap={6} wrap="nowrap" align="flex-start">
      <Icon size={16} color={color} aria-hidden style={{ marginTop: 3, flexShrink: 0 }} />
      <div>
        <Text size="sm" fw={urgency === 'urgent' || urgency === 'soon' ? 650 : 400}>
          {says}
        </Text>
        <Text size="xs" c="dimmed">
          {on}
        </Text>
      </div>
    </Group>
  )
}

/** The same as the heading of a card or page. */
export function ExpiryLine({ token, level = 3 }: { token: Token; level?: 2 | 3 }) {
  const { says, on, urgency, advice } = expiryWords(token)
  const { icon: Icon, color } = looks[urgency]
  return (
    <div>
      <Group gap={8} wrap="nowrap" align="center">
        <Icon size={20} color={color} aria-hidden style={{ flexShrink: 0 }} />
        <Title order={level} size="lg" lh={1.3}>
          {says}, {on}
        </Title>
      </Group>
      {advice && (
        <Text size="sm" pl={28}>
          {advice}
        </Text>
      )}
    </div>
  )
}
