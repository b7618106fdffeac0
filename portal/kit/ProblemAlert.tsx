import { Alert, Button, Code, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { asProblem } from './problem.ts'

/** A problem as the server told it: what happened, what to do next, and the number by which its log can be found. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { title, detail, hint, errors = [], request_id } = asProblem(error)
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
      style={{ overflowWrap: 'anywhere' }}
    >
      {detail && <Text size="sm">{detail}</Text>}
      {errors.length > 0 && (
        <List size="sm">
          {errors.map(({ pointer, parameter, detail: says }) => (
            <List.Item key={`${pointer ?? parameter}${says}`}>
              {(parameter ?? pointer) && <Code>{parameter ?? pointer}</Code>} {says}
            </List.Item>
          ))}
        </List>
      )}
      {hint && <Text size="sm">{hint}</Text>}
      <Group gap="md" mt={4}>
        {request_id && (
          <Text size="xs" c="dimmed">
            Request <Code>{request_id}</Code>
          </Text>
        )}
        {retry && (
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  )
}
