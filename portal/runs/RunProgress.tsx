import { Group, Progress, Stack, Text, VisuallyHidden } from '@mantine/core'
import { isOpen, type Run, stateWords } from './run-words.ts'

/** How far an open run is, and what it is at. Told aloud by steps, not by percent. */
export function RunProgress({ run, label }: { run: Run; label: string }) {
  const percent = Math.round(run.progress.fraction * 100)
  const says = run.state === 'queued' ? 'Waiting for its turn' : (run.progress.text ?? 'Beginning')
  const aloud = isOpen(run) ? (run.cancel_requested ? 'Stopping' : says) : stateWords[run.state]
  return (
    <Stack gap={6}>
      <Progress.Root size="lg">
        <Progress.Section value={percent} aria-label={label} animated={isOpen(run)} />
      </Progress.Root>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {says}
        </Text>
        <Text size="sm" c="dimmed" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {percent}%
        </Text>
      </Group>
      <VisuallyHidden role="status">{aloud}</VisuallyHidden>
    </Stack>
  )
}
