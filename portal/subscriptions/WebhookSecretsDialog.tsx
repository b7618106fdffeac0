import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { CodeBlock } from '#portal/kit/CodeBlock.tsx'
import type { WebhookSecrets } from './use-save.ts'

/** Shows the secrets of new webhooks, this once. Neither Escape nor a click beside it closes it. */
export function WebhookSecretsDialog({ secrets, onClose }: { secrets: WebhookSecrets; onClose: () => void }) {
  return (
    <Modal
      opened={secrets.length > 0}
      onClose={onClose}
      title="Secrets of the webhooks"
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Text>
          With its secret a receiver checks that a message is from here. Copy it now: it is shown this once and can’t be
          seen again.
        </Text>
        {secrets.map(({ webhook, secret }) => (
          <div key={webhook}>
            <Text size="sm" fw={600}>
              {webhook}
            </Text>
            <CodeBlock code={secret} label={`secret of ${webhook}`} />
          </div>
        ))}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            I have copied {secrets.length === 1 ? 'it' : 'them'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
