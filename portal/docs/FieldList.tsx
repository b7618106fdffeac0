import { Box, Code, Stack, Text } from '@mantine/core'
import { Prose } from './Prose.tsx'
import type { Field } from './schema-words.ts'

/** Members of a body or reply; what an object holds stands below it, one step in. */
export function FieldList({ fields, label }: { fields: readonly Field[]; label?: string }) {
  return (
    <Stack gap="xs" component="ul" m={0} p={0} aria-label={label} style={{ listStyle: 'none' }}>
      {fields.map((field) => (
        <li key={field.name}>
          <FieldLine field={field} />
          {field.fields.length > 0 && (
            <Box pl="md" mt="xs" style={{ borderLeft: '2px solid var(--mantine-color-default-border)' }}>
              <FieldList fields={field.fields} label={`Members of ${field.name}`} />
            </Box>
          )}
        </li>
      ))}
    </Stack>
  )
}

function FieldLine({ field: { name, type, required, description, facts } }: { field: Field }) {
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Code>{name}</Code>{' '}
        <Text span inherit c="dimmed">
          {type}
        </Text>
        {required && <strong> required</strong>}
      </Text>
      {description && <Prose text={description} size="sm" />}
      {facts.length > 0 && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {facts.join(' · ')}
        </Text>
      )}
    </>
  )
}
