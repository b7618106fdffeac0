import { Badge, Code, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { type Model, metricKindWords, rawTypeWords } from './model-words.ts'

export function Metrics({ metrics }: { metrics: readonly Model['metrics'][number][] }) {
  return (
    <FieldTable label="Metrics" more="Unit and kind" none={metrics.length === 0}>
      {metrics.map((metric) => (
        <Field key={metric.name} field={metric}>
          {metric.unit}
          <Text size="sm" c="dimmed">
            {metricKindWords[metric.kind]}
            {metric.standard_error !== null && ', with standard error'}
          </Text>
        </Field>
      ))}
    </FieldTable>
  )
}

export function Dimensions({ dimensions }: { dimensions: readonly Model['dimensions'][number][] }) {
  return (
    <FieldTable label="Dimensions" more="Values" none={dimensions.length === 0}>
      {dimensions.map((dimension) => (
        <Field key={dimension.name} field={dimension}>
          {dimension.bucketed ? 'Ranges' : 'As they are'}
        </Field>
      ))}
    </FieldTable>
  )
}

export function RawFields({ fields }: { fields: readonly Model['raw_fields'][number][] }) {
  return (
    <FieldTable label="Raw fields" more="Type" none={fields.length === 0}>
      {fields.map((field) => (
        <Field key={field.name} field={field}>
          {rawTypeWords[field.type]}
          {field.deidentified && (
            <Badge variant="default" tt="none" fw={500} mt={4} display="block" title="Hashed, so that nobody is named">
              Deidentified
            </Badge>
          )}
        </Field>
      ))}
    </FieldTable>
  )
}

interface FieldTableProps {
  readonly label: string
  /** Heading of what is said besides the description. */
  readonly more: string
  readonly none: boolean
  readonly children: ReactNode
}

function FieldTable({ label, more, none, children }: FieldTableProps) {
  if (none)
    return (
      <Text c="dimmed" py="md">
        None.
      </Text>
    )
  return (
    <WideTable label={label} minWidth={320} layout="fixed" styles={{ td: { verticalAlign: 'top' } }}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Name</Table.Th>
          <Table.Th w="45%" visibleFrom="sm">
            Description
          </Table.Th>
          <Table.Th w={{ base: 125, sm: 185 }}>{more}</Table.Th>
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

/** On a phone the description stands below the name, beside it elsewhere. */
function Field({ field: { name, label, description }, children }: FieldProps) {
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Code>{name}</Code>
        <Text size="sm" mt={4} hiddenFrom="sm">
          {description}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{description}</Table.Td>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  )
}
