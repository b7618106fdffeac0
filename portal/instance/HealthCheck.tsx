import { Button, Collapse, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Facts } from '#portal/kit/Facts.tsx'
import { Time } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { HealthState } from './HealthState.tsx'
import { type Check, type Fact, factText } from './health-words.ts'

/** One check: how it is, what to do when it is not well, figures, and its parts one by one. */
export function HealthCheck({ check: { label, state, says, facts, parts } }: { check: Check }) {
  const [open, { toggle }] = useDisclosure()
  return (
    <Paper withBorder p="md" component="section" aria-label={label}>
      <Stack gap="sm">
        <Group justify="space-between" gap="sm">
          <Title order={2} size="h4">
            {label}
          </Title>
          <HealthState state={state} />
        </Group>
        <Text style={{ overflowWrap: 'anywhere' }}>{says}</Text>
        {facts.length > 0 && (
          <Facts least={150} facts={facts.map((fact) => ({ label: fact.label, value: <Said fact={fact} /> }))} />
        )}
        {parts.length > 0 && (
          <>
            <Group>
              <Button
                variant="default"
                size="compact-sm"
                aria-expanded={open}
                aria-label={`${open ? 'Hide' : 'Show'} one by one: ${label}`}
                onClick={toggle}
              >
                {open ? 'Hide one by one' : `Show one by one (${parts.length})`}
              </Button>
            </Group>
            <Collapse expanded={open}>{open && <Parts label={label} parts={parts} />}</Collapse>
          </>
        )}
      </Stack>
    </Paper>
  )
}

function Parts({ label, parts }: { label: string; parts: Check['parts'] }) {
  return (
    <WideTable label={`${label}, one by one`} minWidth={640} styles={{ td: { verticalAlign: 'top' } }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th>State</Table.Th>
          <Table.Th>Figures</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {parts.map((part) => (
          <Table.Tr key={part.name}>
            <Table.Td fw={500}>{part.label}</Table.Td>
            <Table.Td maw={340} style={{ overflowWrap: 'anywhere' }}>
              <HealthState state={part.state} />
              {part.says !== null && (
                <Text size="sm" mt={4}>
                  {part.says}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              {part.facts.map((fact) => (
                <div key={fact.name}>
                  <Text span size="sm" c="dimmed">
                    {fact.label}:
                  </Text>{' '}
                  <Said fact={fact} />
                </div>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}

function Said({ fact }: { fact: Fact }) {
  return fact.kind === 'time' ? <Time at={fact.value} /> : factText(fact)
}
