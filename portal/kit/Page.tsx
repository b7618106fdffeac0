import { Container, Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { instanceTitle } from './instance-title.ts'

interface PageProps {
  /** Heading and, with the portal's name, title of the window. */
  readonly title: string
  /** Title of the window where it says more than the heading. */
  readonly windowTitle?: string | undefined
  readonly lead?: ReactNode
  /** Buttons beside the heading. */
  readonly actions?: ReactNode
  readonly wide?: boolean
  readonly children: ReactNode
}

/** What every page has: one first heading, a window title, room around. */
export function Page({ title, windowTitle = title, lead, actions, wide = false, children }: PageProps) {
  useDocumentTitle(`${windowTitle} · ${instanceTitle()}`)
  return (
    <Container size={wide ? '100%' : 'lg'} px={{ base: 'sm', sm: 'md' }} py="lg">
      <Stack gap="lg">
        <Group justify="space-between" align="flex-start" gap="sm">
          <div>
            <Title order={1} size="h2">
              {title}
            </Title>
            {lead && (
              <Text c="dimmed" maw={720} component="div">
                {lead}
              </Text>
            )}
          </div>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {children}
      </Stack>
    </Container>
  )
}
