import { Button, Group, Paper, Skeleton, Stack, Table, Tabs, Text, Title } from '@mantine/core'
import { IconDownload, IconMail } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { addressOf } from '#portal/kit/ask.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { bytesText } from '#portal/kit/figures.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { exactTime } from '#portal/kit/Time.tsx'
import { WideTable } from '#portal/kit/WideTable.tsx'
import { MailFrame } from './MailFrame.tsx'

type Mail = Reply<'GET /v1/outbox/:mail'>

/** One mail as its recipient would see it, as text, and with its headers; attachments and the file itself to take away. */
export function OutboxMail({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useQuery({
    ...query('GET /v1/outbox/:mail', { params: { mail: id } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <ProblemAlert error={error} retry={() => void refetch()} />
  if (isPending) return <Skeleton height={320} />
  return (
    <Paper withBorder p="md" component="article" aria-label={data.subject}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" gap="xs">
          <div style={{ minWidth: 0 }}>
            <Title order={2} size="h3" style={{ overflowWrap: 'anywhere' }}>
              {data.subject}
            </Title>
            <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              To {data.to.join(', ')}, from {data.from}, {exactTime(data.at)}
            </Text>
          </div>
          <TextLink to="/admin/outbox" search={({ mail: _, ...rest }) => rest} size="sm">
            Close
          </TextLink>
        </Group>
        <Downloads mail={data} />
        <Tabs defaultValue={data.html === null ? 'text' : 'html'} keepMounted={false}>
          <Tabs.List aria-label="The mail">
            {data.html !== null && <Tabs.Tab value="html">As it looks</Tabs.Tab>}
            <Tabs.Tab value="text">As text</Tabs.Tab>
            <Tabs.Tab value="headers">Headers</Tabs.Tab>
          </Tabs.List>
          {data.html !== null && (
            <Tabs.Panel value="html">
              <MailFrame html={data.html} title="The mail as its recipient sees it" height={640} />
            </Tabs.Panel>
          )}
          <Tabs.Panel value="text" pt="sm">
            <Text ff="monospace" fz="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {data.text || 'This mail has no text.'}
            </Text>
          </Tabs.Panel>
          <Tabs.Panel value="headers" pt="sm">
            <Headers mail={data} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Paper>
  )
}

function Downloads({ mail: { id, attachments } }: { mail: Mail }) {
  return (
    <Group gap="xs">
      {attachments.map(({ index, name, bytes }) => (
        <Button
          key={index}
          component="a"
          variant="default"
          size="sm"
          h="auto"
          mih={36}
          py={6}
          maw="100%"
          styles={{ label: { whiteSpace: 'normal', overflowWrap: 'anywhere' } }}
          href={addressOf('GET /v1/outbox/:mail/attachments/:index', { params: { mail: id, index } })}
          download={name}
          leftSection={<IconDownload size={18} aria-hidden />}
        >
          {name} ({bytesText(bytes)})
        </Button>
      ))}
      <Button
        component="a"
        variant="default"
        size="sm"
        href={addressOf('GET /v1/outbox/:mail/source.eml', { params: { mail: id } })}
        download={`${id}.eml`}
        leftSection={<IconMail size={18} aria-hidden />}
      >
        The mail itself (.eml)
      </Button>
    </Group>
  )
}

function Headers({ mail: { headers } }: { mail: Mail }) {
  return (
    <WideTable label="Headers" minWidth={320}>
      <Table.Tbody>
        {headers.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headers may repeat, and never move.
          <Table.Tr key={at}>
            <Table.Th scope="row" style={{ verticalAlign: 'top', whiteSpace: 'nowrap' }}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </WideTable>
  )
}
