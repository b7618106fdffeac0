import { Group, List, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconProgress } from '@tabler/icons-react'
import { durationText } from '#portal/kit/figures.ts'
import type { Run } from './run-words.ts'

const icons = {
  running: <IconProgress size={20} color="var(--mantine-color-blue-text)" role="img" aria-label="Running:" />,
  succeeded: <IconCircleCheck size={20} color="var(--mantine-color-teal-text)" role="img" aria-label="Done:" />,
  failed: <IconCircleX size={20} color="var(--mantine-color-red-text)" role="img" aria-label="Failed:" />,
}

/** What the run did one after the other, and how long each part took. */
export function RunSteps({ steps }: Pick<Run, 'steps'>) {
  if (steps.length === 0) return <Text c="dimmed">It has not begun yet.</Text>
  return (
    <List center spacing={6}>
      {steps.map(({ name, state, started_at, finished_at }) => (
        <List.Item key={`${name}${started_at}`} icon={icons[state]}>
          <Group gap="xs">
            <Text span>{name.charAt(0).toUpperCase() + name.slice(1)}</Text>
            {finished_at !== null && (
              <Text span size="sm" c="dimmed">
                {durationText(Date.parse(finished_at) - Date.parse(started_at))}
              </Text>
            )}
          </Group>
        </List.Item>
      ))}
    </List>
  )
}
