import { Button, Group, Menu, Paper, Text } from '@mantine/core'
import { IconCheck, IconCopy, IconQuote, IconX } from '@tabler/icons-react'
import { notifyDone } from '#portal/kit/notify.ts'
import { saveFile } from '#portal/kit/save-file.ts'
import { useCopied } from '#portal/kit/use-copied.ts'
import { type CitationFile, fileStem } from './citations.ts'

interface CitationBoxProps {
  readonly text: string
  /** Where the persistent id leads. */
  readonly address: string
  readonly pid: string
  readonly files: readonly CitationFile[]
}

/** How the dataset is cited, to be copied as text and for programs that keep references. */
export function CitationBox({ text, address, pid, files }: CitationBoxProps) {
  const { copied, copy } = useCopied()
  const Icon = copied === null ? IconCopy : copied ? IconCheck : IconX
  return (
    <Paper withBorder p="md" component="section" aria-label="Citation">
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <IconQuote size={20} aria-hidden style={{ flexShrink: 0 }} />
        <div style={{ minWidth: 0, flex: 1 }}>
          <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>
          <Group gap="xs" mt="xs">
            <Button
              size="compact-md"
              variant="default"
              leftSection={<Icon size={16} aria-hidden />}
              onClick={() => void copy(text)}
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
                {files.map(({ name, text: code }) => (
                  <Menu.Item
                    key={name}
                    onClick={async () => {
                      if (await copy(code)) notifyDone(`The citation in ${name} is on the clipboard.`)
                    }}
                  >
                    Copy {name}
                  </Menu.Item>
                ))}
                <Menu.Divider />
                {files.map(({ name, ending, type, text: code }) => (
                  <Menu.Item
                    key={name}
                    onClick={() => saveFile(`${fileStem(pid)}.${ending}`, new Blob([code], { type }))}
                  >
                    Download {name}
                  </Menu.Item>
                ))}
                <Menu.Divider />
                <Menu.Item
                  onClick={async () => {
                    if (await copy(address)) notifyDone('The persistent link is on the clipboard.')
                  }}
                >
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
