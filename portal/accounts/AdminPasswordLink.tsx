import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import type { Reply } from '#portal/kit/contracts.ts'
import { exactTime } from '#portal/kit/Time.tsx'

export type PasswordLink = Reply<'POST /v1/accounts/:account/password-link'>

interface PasswordLinkProps {
  /** Held by whoever shows the dialog, in its state and nowhere else; null closes it. */
  readonly link: PasswordLink | null
  readonly userName: string
  readonly onClose: () => void
}

/** Shows a one-time link, this once. Neither Escape nor a click beside it closes it. */
export function AdminPasswordLink({ link, userName, onClose }: PasswordLinkProps) {
  return (
    <Modal
      opened={link !== null}
      onClose={onClose}
      title={link?.purpose === 'reset' ? `Link to a new password for ${userName}` : `Invitation for ${userName}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {link && (
        <Stack gap="md">
          <Text size="sm">
            Give this link to {userName}, on a way that others do not read along. Whoever opens it first sets the
            password; nobody else ever knows it.
          </Text>
          <CodeBlock code={link.url} label="one-time link" />
          <Alert variant="light" icon={<IconInfoCircle aria-hidden />}>
            It works once, until {exactTime(link.expires_at)}, and is not shown again. A link made later replaces it.
          </Alert>
          <Group justify="flex-end">
            <Button onClick={onClose}>I have passed it on</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
