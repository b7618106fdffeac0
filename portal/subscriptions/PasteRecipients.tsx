import { Alert, Button, FileButton, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { countedText } from '#portal/kit/figures.ts'
import type { DraftRecipient } from './draft.ts'
import { readRecipients } from './recipients-text.ts'

interface PasteRecipientsProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onDone: (added: readonly DraftRecipient[]) => void
  readonly withValues: boolean
}

/** Many recipients at once, from a table or a mail program; says what it has understood before it takes them. */
export function PasteRecipients({ opened, onClose, onDone, withValues }: PasteRecipientsProps) {
  const [text, setText] = useState('')
  const { recipients, refused, doubles } = readRecipients(text)
  const take = () => {
    onDone(recipients)
    setText('')
    onClose()
  }
  return (
    <Modal opened={opened} onClose={onClose} title="Paste a list of recipients" size="lg">
      <Stack>
        <Textarea
          label="Recipients"
          description={
            withValues
              ? 'A mail address a line; after it, parted by commas, the name and the values whose rows are theirs.'
              : 'A mail address a line, with a name after a comma; or addresses in a row, as mail programs write them.'
          }
          placeholder={withValues ? 'ada@example.org, Ada, gpu, cpu' : 'ada@example.org, Ada'}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          autosize
          minRows={5}
          maxRows={14}
          data-autofocus
        />
        <Text size="sm" role="status">
          {text.trim() !== '' && `${countedText(recipients.length, 'recipient')} understood`}
          {doubles > 0 && `, ${countedText(doubles, 'repeated line')}`}
        </Text>
        {refused.length > 0 && (
          <Alert variant="light" color="orange" title={`${countedText(refused.length, 'line')} without a mail address`}>
            <List size="sm">
              {refused.slice(0, 5).map(({ line, text: says }) => (
                <List.Item key={line}>
                  Line {line}: {says}
                </List.Item>
              ))}
            </List>
            {refused.length > 5 && <Text size="sm">…and more</Text>}
          </Alert>
        )}
        <Group justify="space-between">
          <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void file?.text().then(setText)}>
            {(props) => (
              <Button variant="default" {...props}>
                From a file
              </Button>
            )}
          </FileButton>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              Not now
            </Button>
            <Button disabled={recipients.length === 0} onClick={take}>
              Add {countedText(recipients.length, 'recipient')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  )
}
