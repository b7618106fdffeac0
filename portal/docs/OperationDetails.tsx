import { Box, Code, Grid, Group, List, Stack, Text } from '@mantine/core'
import { memo } from 'react'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { whoMayCall } from './access-words.ts'
import type { ApiDocument, ApiReply, Operation } from './api-document.ts'
import { FieldList } from './FieldList.tsx'
import { Part } from './Part.tsx'
import { Prose } from './Prose.tsx'
import { descriptionOf, factsOf, fieldsOf, typeText } from './schema-words.ts'
import { TryOperation } from './TryOperation.tsx'

interface DetailsProps {
  readonly document: ApiDocument
  readonly operation: Operation
}

/**
 * Everything about one operation: what it does, for whom, what it takes and answers, and a place to try it. Many may
 * stand open; opening one more doesn't draw the others anew.
 */
export const OperationDetails = memo(function OperationDetails({ document, operation }: DetailsProps) {
  const { description, parameters, body, done, refused } = operation
  const { schemas } = document.components
  const paragraphs = description.split('\n\n').filter(Boolean)
  const needs = paragraphs.filter((text) => text.startsWith('Needs the permission'))
  const [about = '', ...facts] = paragraphs.filter((text) => !needs.includes(text))
  const bodyFields = body ? fieldsOf(body.schema, schemas) : []
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="lg">
          <Stack gap={4}>
            {about && <Prose text={about} />}
            {facts.length > 0 && <Prose text={facts.join('\n\n')} size="sm" c="dimmed" />}
          </Stack>
          <Part title="Who may call">
            <Prose text={[whoMayCall(operation), ...needs].join('\n\n')} size="sm" />
          </Part>
          {parameters.length > 0 && (
            <Part title="Parameters">
              <FieldList
                label="Parameters"
                fields={parameters.map(({ name, in: place, required, description: says, schema }) => ({
                  name,
                  type: `${typeText(schema, schemas)}, in the ${place === 'header' ? 'header' : place}`,
                  required,
                  description: says ?? descriptionOf(schema),
                  facts: factsOf(schema),
                  fields: [],
                }))}
              />
            </Part>
          )}
          {body && (
            <Part title="Body">
              <Text size="sm" c="dimmed">
                {body.media.join(' or ')}
                {!body.required && ', may be left out'}
              </Text>
              {bodyFields.length > 0 ? (
                <FieldList label="Body" fields={bodyFields} />
              ) : (
                <Text size="sm">{typeText(body.schema, schemas)}</Text>
              )}
            </Part>
          )}
          <Part title="Replies">
            <ReplyDetails document={document} reply={done} />
            <List size="sm" spacing={4}>
              {refused.map(({ status, description: says }) => (
                <List.Item key={status}>
                  <Code>{status === 'default' ? 'others' : status}</Code> <Prose inline text={says} />
                </List.Item>
              ))}
            </List>
            <Text size="sm">
              What can be refused, by its code: <TextLink to="/docs/problems">problems</TextLink>
            </Text>
          </Part>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <TryOperation operation={operation} />
      </Grid.Col>
    </Grid>
  )
})

function ReplyDetails({ document, reply }: { document: ApiDocument; reply: ApiReply }) {
  const { status, description, media, schema } = reply
  const fields = schema ? fieldsOf(schema, document.components.schemas) : []
  return (
    <Box>
      <Group gap={8} align="baseline">
        <Code>{status}</Code>
        <Text size="sm">{description}</Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {media.length > 0 ? media.join(', ') : 'no body'}
        </Text>
      </Group>
      {fields.length > 0 && (
        <Box component="details" mt={6}>
          <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
            What it holds
          </Text>
          <Box pl="md" mt="xs">
            <FieldList label={`Reply ${status}`} fields={fields} />
          </Box>
        </Box>
      )}
    </Box>
  )
}
