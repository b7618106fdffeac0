import { Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconInbox, type IconProps } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'

interface EmptyStateProps {
  readonly title: string
  /** What to do first. */
  readonly children?: ReactNode
  readonly action?: ReactNode
  readonly icon?: ComponentType<IconProps>
}

/** Stands where nothing is yet, and says how something comes to be there. */
export function EmptyState({ title, children, action, icon: Icon = IconInbox }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="xs" ta="center">
        <ThemeIcon size={48} radius="xl" variant="light" aria-hidden>
          <Icon size={26} />
        </ThemeIcon>
        <Title order={2} size="h4">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" maw={520} component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  )
}
