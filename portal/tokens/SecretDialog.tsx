import { Alert, Button, Checkbox, Group, Modal, Stack, Tabs, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconCalendarPlus, IconCheck, IconCopy } from '@tabler/icons-react'
import { useBlocker } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { addressOf } from '#portal/kit/ask.ts'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import { copyText } from '#portal/kit/copy-text.ts'
import { longDate } from './expiry-words.ts'
import { dataverseLines, pasteLines } from './paste-lines.ts'
import type { IssuedToken } from './token.ts'
import { useExample } from './use-example.ts'

interface SecretDialogProps {
  /** Held by whoever shows the dialog, in its state and nowhere else; null closes it. */
  readonly issued: IssuedToken | null
  readonly onClose: () => void
}

/** Shows a new token, this once. Neither Escape nor a click beside it closes it. */
export function SecretDialog({ issued, onClose }: SecretDialogProps) {
  return (
    <Modal
      opened={issued !== null}
      onClose={onClose}
      title="Your new API token"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      {issued && <Secret key={issued.id} issued={issued} onClose={onClose} />}
    </Modal>
  )
}

function Secret({ issued, onClose }: { issued: IssuedToken; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<boolean | null>(null)
  const [sure, setSure] = useState(false)
  const [asking, setAsking] = useState(false)
  // The way back, a link of the palette, a closed window: all of them would lose it.
  useBlocker({
    shouldBlockFn: () => {
      if (!sure) setAsking(true)
      return !sure
    },
    enableBeforeUnload: () => !sure,
  })
  const copy = async () => {
    const done = await copyText(issued.secret)
    setCopied(done)
    if (done) setSure(true)
    else field.current?.select()
  }
  return (
    <Stack gap="md">
      <Text>
        <b>{issued.name}</b> works until {longDate(issued.expires_at)}. Copy it now: it is shown this once and can’t be
        seen again.
      </Text>
      <TextInput
        ref={field}
        label="API token"
        value={issued.secret}
        readOnly
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.currentTarget.select()}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Button
        data-autofocus
        size="md"
        leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
        onClick={() => void copy()}
      >
        Copy API Token to Clipboard
      </Button>
      <Text size="sm" c="dimmed" aria-live="polite" mih={20}>
        {copied === true && 'Copied. Paste it where it is to work, and keep it like a password.'}
        {copied === false && 'The browser does not let us copy. The token is marked: press Ctrl+C, or Cmd+C on a Mac.'}
      </Text>
      <PasteTabs issued={issued} />
      <CloseBar {...{ sure, setSure, asking, setAsking, issued, onClose }} />
    </Stack>
  )
}

function PasteTabs({ issued }: { issued: IssuedToken }) {
  const example = useExample(issued.permissions)
  const { secret, permissions, slot } = issued
  const site = window.location.origin
  const forDataverse = slot === 'dataverse'
  const lines = forDataverse ? dataverseLines({ secret, site }) : pasteLines({ secret, site, permissions, example })
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List aria-label="Lines to paste, with the token in them">
        <Tabs.Tab value="curl">curl</Tabs.Tab>
        <Tabs.Tab value="python">Python</Tabs.Tab>
        <Tabs.Tab value="env">.env</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="curl" pt="xs">
        <CodeBlock code={lines.curl} label="curl command" />
      </Tabs.Panel>
      <Tabs.Panel value="python" pt="xs">
        <CodeBlock code={lines.python} label={`Python lines (${forDataverse ? 'pyDataverse' : 'xdmod-data'})`} />
      </Tabs.Panel>
      <Tabs.Panel value="env" pt="xs">
        <CodeBlock code={lines.env} label=".env lines" />
      </Tabs.Panel>
    </Tabs>
  )
}

interface CloseBarProps {
  readonly sure: boolean
  readonly setSure: (sure: boolean) => void
  /** Whether the person is being asked if they mean to close it without. */
  readonly asking: boolean
  readonly setAsking: (asking: boolean) => void
  readonly issued: IssuedToken
  readonly onClose: () => void
}

/** Closes when the token has been copied; otherwise asks once more. */
function CloseBar({ sure, setSure, asking, setAsking, issued, onClose }: CloseBarProps) {
  if (asking && !sure)
    return (
      <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden />} title="You have not copied the token">
        <Text size="sm">It can’t be shown again. Without it you would have to recreate it.</Text>
        <Group mt="sm" gap="xs">
          <Button size="sm" data-autofocus onClick={() => setAsking(false)}>
            Back to the token
          </Button>
          <Button size="sm" variant="default" onClick={onClose}>
            Close without copying
          </Button>
        </Group>
      </Alert>
    )
  return (
    <Group justify="space-between" gap="sm">
      <Checkbox label="I have copied it" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
      <Group gap="xs">
        <Button
          component="a"
          variant="default"
          href={addressOf('GET /v1/tokens/:token/calendar.ics', { params: { token: issued.id } })}
          download={`${issued.name}.ics`}
          leftSection={<IconCalendarPlus size={18} aria-hidden />}
        >
          Add to calendar (.ics)
        </Button>
        <Button variant={sure ? 'filled' : 'default'} onClick={() => (sure ? onClose() : setAsking(true))}>
          Close
        </Button>
      </Group>
    </Group>
  )
}
