import { Accordion, Box, Group as Row, Stack, Text, Title } from '@mantine/core'
import { memo } from 'react'
import type { ApiDocument, Operation, OperationGroup } from './api-document.ts'
import { MethodBadge } from './MethodBadge.tsx'
import { OperationDetails } from './OperationDetails.tsx'

interface GroupsProps {
  readonly document: ApiDocument
  readonly groups: readonly OperationGroup[]
  /** Ids of the operations that stand open. */
  readonly opened: readonly string[]
  /** Which of one group are open now. */
  readonly onChange: (group: OperationGroup, opened: string[]) => void
}

/** All operations in one line each; what is opened is drawn then, so that the whole list costs little. */
export function OperationGroups({ document, groups, opened, onChange }: GroupsProps) {
  return (
    <Stack gap="xl">
      {groups.map((group) => {
        const here = group.operations.flatMap(({ id }) => (opened.includes(id) ? [id] : []))
        return <Group key={group.tag} document={document} group={group} opened={here.join(' ')} onChange={onChange} />
      })}
    </Stack>
  )
}

const lineHeight = 66

interface OneGroupProps {
  readonly document: ApiDocument
  readonly group: OperationGroup
  /** As one text, so that a group in which nothing changed isn't drawn anew. */
  readonly opened: string
  readonly onChange: GroupsProps['onChange']
}

const Group = memo(function Group({ document, group, opened, onChange }: OneGroupProps) {
  const { tag, label, operations } = group
  const open = opened === '' ? [] : opened.split(' ')
  return (
    <section
      aria-labelledby={`group-${tag}`}
      // What is not on the screen is laid out when it comes near; until then it is about as high as this.
      style={{ contentVisibility: 'auto', containIntrinsicSize: `auto ${operations.length * lineHeight + 40}px` }}
    >
      <Title order={2} size="h4" mb="xs" id={`group-${tag}`} style={{ scrollMarginTop: 72 }}>
        {label}
      </Title>
      <Accordion multiple variant="contained" order={3} value={open} onChange={(next) => onChange(group, next)}>
        {operations.map((operation) => (
          <Accordion.Item key={operation.id} value={operation.id} id={operation.id} style={{ scrollMarginTop: 72 }}>
            <Accordion.Control>
              <OperationLine operation={operation} />
            </Accordion.Control>
            <Accordion.Panel>
              {open.includes(operation.id) && <OperationDetails document={document} operation={operation} />}
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  )
})

function OperationLine({ operation: { method, path, summary } }: { operation: Operation }) {
  return (
    <Row gap="sm" wrap="nowrap" align="flex-start">
      <MethodBadge method={method} />
      <Box style={{ minWidth: 0 }}>
        <Text span display="block" ff="monospace" size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {path}
        </Text>
        <Text span display="block" size="sm" c="dimmed">
          {summary}
        </Text>
      </Box>
    </Row>
  )
}
