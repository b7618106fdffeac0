import { Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** One part of what is told of an operation. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={4} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  )
}
