import { Badge, Box, Button, Code, Group, ScrollArea, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { fileNameOf } from './reply-file.ts'
import type { ShownReply } from './send-request.ts'

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** What the server answered: status, time, size, headers, body. */
export function TryReply({ reply, name }: { reply: ShownReply; name: string }) {
  const { status, statusText, tookMs, bytes, cut, headers, text, type } = reply
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Badge size="lg" radius="sm" color={status < 400 ? 'teal' : 'red'} variant="filled">
          {status} {statusText}
        </Badge>
        <Text size="sm" c="dimmed">
          {whole.format(tookMs)} ms · {whole.format(bytes)} bytes{cut && ' and more'}
        </Text>
        {bytes > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => download(reply.file, fileNameOf(name, type))}
          >
            Download
          </Button>
        )}
      </Group>
      <details>
        <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
          Headers
        </Text>
        <Box component="dl" m={0} mt={4}>
          {headers.map(([header, value]) => (
            <Text key={header} size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
              <Code component="dt" style={{ display: 'inline' }}>
                {header}
              </Code>{' '}
              <span role="definition">{value}</span>
            </Text>
          ))}
        </Box>
      </details>
      {cut && <Text size="sm">There is more than is shown and kept here; the curl command fetches all of it.</Text>}
      {text === null ? (
        <Text size="sm">{type} is no text: download it.</Text>
      ) : (
        text !== '' && (
          <ScrollArea.Autosize
            mah={420}
            viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Body of the reply' }}
          >
            <Code block>{text.slice(0, mostShown)}</Code>
          </ScrollArea.Autosize>
        )
      )}
      {text !== null && text.length > mostShown && (
        <Text size="sm">
          The first {whole.format(mostShown)} characters are shown; the download has what was received.
        </Text>
      )}
    </Stack>
  )
}

/** More would make the page slow for nobody's good. */
const mostShown = 100_000

function download(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  URL.revokeObjectURL(address)
}
