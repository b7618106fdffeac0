import { Alert, Code, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { adviceFor, type Run, stateWords } from './run-words.ts'

/** Why a run ended badly, and what to do; nothing when it did not. */
export function RunFailure({ run: { state, error } }: { run: Pick<Run, 'state' | 'error'> }) {
  if (error === null) return null
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={stateWords[state]}>
      <Stack gap={6}>
        <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {error.message}
        </Text>
        <Text size="sm">{adviceFor(error)}</Text>
        <Text size="xs" c="dimmed">
          <Code>{error.code}</Code>
        </Text>
      </Stack>
    </Alert>
  )
}
