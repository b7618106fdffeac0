import { Button, Group, Menu, Paper, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconQuote, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { askRaw } from '#portal/kit/ask.ts'
import { copyText } from '#portal/kit/copy-text.ts'
import { notifyDone, notifyProblem } from '#portal/kit/notify.ts'
import { useCopied } from '#portal/kit/use-copied.ts'
import { type DatasetView, exportAddress, formatsQuery } from './dataset.ts'
import { versionName } from './version-words.ts'

/** How the dataset is cited, to be copied as text and for programs that keep references. */
export function CitationBox({ view: { id, url, version, citation } }: { view: DatasetView }) {
  const { copied, copy } = useCopied()
  const { data } = useQuery(formatsQuery)
  const formats = (data?.items ?? []).filter(({ kind }) => kind === 'citation')
  const Icon = copied === null ? IconCopy : copied ? IconCheck : IconX
  const name = versionName(version)
  const copyOther = async (text: string, what: string) => {
    if (await copyText(text)) notifyDone(`${what} is on the clipboard.`)
  }
  const copyAs = async (format: string, label: string) => {
    try {
      const params = { dataset: String(id), version: name, format }
      const reply = await askRaw('GET /v1/datasets/:dataset/versions/:version/export/:format', { params })
      await copyOther(await reply.text(), `The citation in ${label}`)
    } catch (error) {
      notifyProblem(error)
    }
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="Citation">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconQuote size={20} aria-hidden style={{ flexShrink: 0 }} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Text style={{ overflowWrap: 'anywhere' }}>{citation.text}</Text>
          <Group gap="xs" mt="xs">
            <Button
              size="compact-md"
              variant="default"
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => void copy(citation.text)}
            >
              {copied === null ? 'Copy citation' : copied ? 'Copied' : 'Mark it yourself'}
            </Button>
            <Menu position="bottom-start">
              <Menu.Target>
                <Button size="compact-md" variant="default">
                  Cite as
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {formats.map(({ name: format, label }) => (
                  <Menu.Item key={format} onClick={() => void copyAs(format, label)}>
                    Copy {label}
                  </Menu.Item>
                ))}
                <Menu.Divider />
                {formats.map(({ name: format, label }) => (
                  <Menu.Item key={format} component="a" href={exportAddress(id, name, format)} download>
                    Download {label}
                  </Menu.Item>
                ))}
                <Menu.Divider />
                <Menu.Item onClick={() => void copyOther(url, 'The persistent link')}>
                  Copy the persistent link
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        </div>
      </Group>
    </Paper>
  )
}
