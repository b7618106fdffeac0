import { Accordion, Box, Group, Stack, Text, Title } from '@mantine/core'
import type { ApiDocument, Operation, OperationGroup } from './api-document.ts'
import { MethodBadge } from './MethodBadge.tsx'
import { OperationDetails } from './OperationDetails.tsx'

interface GroupsProps {
  readonly document: ApiDocument
  readonly groups: readonly OperationGroup[]
  /** Ids of the operations that stand open. */
  readonly opened: readonly string[]
  readonly onChange: (opened: string[]) => void
}

/** All operations in one line each; what is opened is drawn then, so that the whole list costs little. */
export function OperationGroups({ document, groups, opened, onChange }: GroupsProps) {
  return (
    <Stack gap="xl">
      {groups.map(({ tag, label, operations }) => (
        <section key={tag} aria-labelledby={`group-${tag}`}>
          <Title order={2} size="h4" mb="xs" id={`group-${tag}`} style={{ scrollMarginTop: 72 }}>
            {label}
          </Title>
          <Accordion
            multiple
            variant="contained"
            order={3}
            value={opened.filter((id) => operations.some((operation) => operation.id === id))}
            onChange={(here) =>
              onChange([...opened.filter((id) => !operations.some((operation) => operation.id === id)), ...here])
            }
          >
            {operations.map((operation) => (
              <Accordion.Item key={operation.id} value={operation.id} id={operation.id} style={{ scrollMarginTop: 72 }}>
                <Accordion.Control>
                  <OperationLine operation={operation} />
                </Accordion.Control>
                <Accordion.Panel>
                  {opened.includes(operation.id) && <OperationDetails document={document} operation={operation} />}
                </Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </section>
      ))}
    </Stack>
  )
}

function OperationLine({ operation: { method, path, summary } }: { operation: Operation }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <MethodBadge method={method} />
      <Box style={{ minWidth: 0 }}>
        <Text span display="block" ff="monospace" size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {path}
        </Text>
        <Text span display="block" size="sm" c="dimmed">
          {summary}
        </Text>
      </Box>
    </Group>
  )
}
