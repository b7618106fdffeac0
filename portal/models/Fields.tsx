import { Badge, Code, Group, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { type Model, metricKindWords, rawTypeWords } from './model-words.ts'

export function Metrics({ metrics }: { metrics: readonly Model['metrics'][number][] }) {
  return (
    <FieldTable label="Metrics" heads={['Unit', 'Kind']} none={metrics.length === 0}>
      {metrics.map((metric) => (
        <Field key={metric.name} field={metric}>
          <Table.Td>{metric.unit}</Table.Td>
          <Table.Td>
            {metricKindWords[metric.kind]}
            {metric.standard_error !== null && (
              <Text size="sm" c="dimmed">
                with standard error
              </Text>
            )}
          </Table.Td>
        </Field>
      ))}
    </FieldTable>
  )
}

export function Dimensions({ dimensions }: { dimensions: readonly Model['dimensions'][number][] }) {
  return (
    <FieldTable label="Dimensions" heads={['Values']} none={dimensions.length === 0}>
      {dimensions.map((dimension) => (
        <Field key={dimension.name} field={dimension}>
          <Table.Td>{dimension.bucketed ? 'Ranges' : 'As they are'}</Table.Td>
        </Field>
      ))}
    </FieldTable>
  )
}

export function RawFields({ fields }: { fields: readonly Model['raw_fields'][number][] }) {
  return (
    <FieldTable label="Raw fields" heads={['Type']} none={fields.length === 0}>
      {fields.map((field) => (
        <Field key={field.name} field={field}>
          <Table.Td>
            <Group gap="xs">
              {rawTypeWords[field.type]}
              {field.deidentified && (
                <Badge variant="default" tt="none" fw={500} title="Hashed, so that nobody is named">
                  Deidentified
                </Badge>
              )}
            </Group>
          </Table.Td>
        </Field>
      ))}
    </FieldTable>
  )
}

interface FieldTableProps {
  readonly label: string
  readonly heads: readonly string[]
  readonly none: boolean
  readonly children: ReactNode
}

function FieldTable({ label, heads, none, children }: FieldTableProps) {
  if (none)
    return (
      <Text c="dimmed" py="md">
        None.
      </Text>
    )
  return (
    <WideTable label={label} minWidth={620} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="32%">Name</Table.Th>
          <Table.Th>Description</Table.Th>
          {heads.map((head) => (
            <Table.Th key={head} w={150}>
              {head}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>{children}</Table.Tbody>
    </WideTable>
  )
}

interface FieldProps {
  readonly field: { readonly name: string; readonly label: string; readonly description: string }
  readonly children: ReactNode
}

function Field({ field: { name, label, description }, children }: FieldProps) {
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>
        <Text fw={500}>{label}</Text>
        <Code>{name}</Code>
      </Table.Td>
      <Table.Td style={{ verticalAlign: 'top' }}>{description}</Table.Td>
      {children}
    </Table.Tr>
  )
}
