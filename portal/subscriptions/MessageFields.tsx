import { Button, Menu, Stack, Textarea, TextInput } from '@mantine/core'
import { IconBraces } from '@tabler/icons-react'
import { useRef } from 'react'
import type { Draft } from './draft.ts'

interface MessageFieldsProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
  readonly placeholders: readonly { readonly name: string; readonly meaning: string }[]
  readonly errors: Readonly<Record<string, string>>
}

/** Subject and message, in which words in double braces are filled in at every run. */
export function MessageFields({ draft, set, placeholders, errors }: MessageFieldsProps) {
  const subject = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLTextAreaElement>(null)
  return (
    <Stack gap="sm">
      <TextInput
        ref={subject}
        label="Subject"
        value={draft.subject}
        onChange={({ currentTarget }) => set({ subject: currentTarget.value })}
        maxLength={200}
        error={errors.subject}
        rightSectionWidth={110}
        rightSection={
          <Insert
            what="the subject"
            placeholders={placeholders}
            insert={(word) => set({ subject: inserted(subject.current, draft.subject, word) })}
          />
        }
      />
      <Textarea
        ref={body}
        label="Message (optional)"
        description="Stands above the report."
        value={draft.body}
        onChange={({ currentTarget }) => set({ body: currentTarget.value })}
        maxLength={5000}
        autosize
        minRows={3}
        maxRows={12}
        error={errors.body}
      />
      <div>
        <Insert
          what="the message"
          placeholders={placeholders}
          insert={(word) => set({ body: inserted(body.current, draft.body, word) })}
        />
      </div>
    </Stack>
  )
}

interface InsertProps {
  readonly what: string
  readonly placeholders: MessageFieldsProps['placeholders']
  readonly insert: (word: string) => void
}

function Insert({ what, placeholders, insert }: InsertProps) {
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconBraces size={16} aria-hidden />}
          aria-label={`Insert into ${what}`}
        >
          Insert
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={340} style={{ overflowY: 'auto' }}>
        {placeholders.map(({ name, meaning }) => (
          <Menu.Item key={name} onClick={() => insert(`{{${name}}}`)}>
            {`{{${name}}}`}: {meaning}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The text with a word put in where the cursor stood last. */
function inserted(field: HTMLInputElement | HTMLTextAreaElement | null, text: string, word: string): string {
  const start = field?.selectionStart ?? text.length
  const end = field?.selectionEnd ?? start
  return text.slice(0, start) + word + text.slice(end)
}
