import { Badge, type MantineColor } from '@mantine/core'
import type { IconProps } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'

interface StateBadgeProps {
  readonly icon: ComponentType<IconProps>
  /** Of the icon; the words say the same without it. */
  readonly color: MantineColor
  readonly children: ReactNode
}

/** How something stands, in a word with an icon. */
export function StateBadge({ icon: Icon, color, children }: StateBadgeProps) {
  return (
    <Badge
      variant="default"
      size="lg"
      radius="sm"
      tt="none"
      fw={500}
      fz="sm"
      px="xs"
      leftSection={<Icon size={16} color={`var(--mantine-color-${color}-text)`} aria-hidden />}
      style={{ flexShrink: 0 }}
      styles={{ label: { overflow: 'visible' } }}
    >
      {children}
    </Badge>
  )
}
