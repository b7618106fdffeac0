import { ActionIcon, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconFolder, IconWebhook, IconX } from '@tabler/icons-react'
import type { Draft } from './draft.ts'

interface EndpointsFieldsProps {
  readonly draft: Draft
  readonly set: (change: Partial<Draft>) => void
}

/** Where it goes besides the inbox of people with an account: mail, webhooks, folders of the server. */
export function EndpointsFields({ draft, set }: EndpointsFieldsProps) {
  const { mail, webhooks, folders } = draft
  const setWebhook = (at: number, change: Partial<(typeof webhooks)[number]>) =>
    set({ webhooks: webhooks.map((each, index) => (index === at ? { ...each, ...change } : each)) })
  return (
    <Stack gap="sm">
      <Checkbox
        label="By mail, one to each recipient"
        description="People with an account find it in their inbox here as well, or instead."
        checked={mail}
        onChange={({ currentTarget }) => set({ mail: currentTarget.checked })}
      />
      {webhooks.map(({ id, url }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its name is being written.
        <Group key={at} align="flex-end" gap="xs">
          <TextInput
            label="Name of the webhook"
            value={id}
            onChange={({ currentTarget }) => setWebhook(at, { id: currentTarget.value })}
            maxLength={32}
            w={180}
          />
          <TextInput
            label="Address"
            type="url"
            placeholder="https://example.org/hook"
            value={url}
            onChange={({ currentTarget }) => setWebhook(at, { url: currentTarget.value })}
            flex="1 1 240px"
          />
          <TakeOut
            label={`Take the webhook ${id} out`}
            onClick={() => set({ webhooks: webhooks.filter((_, index) => index !== at) })}
          />
        </Group>
      ))}
      {webhooks.length > 0 && (
        <Text size="sm" c="dimmed">
          Each run is posted there once, signed as Standard Webhooks has it. The secret to check the signature with is
          shown once, when you save.
        </Text>
      )}
      {folders.map((path, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its path is being written.
        <Group key={at} align="flex-end" gap="xs">
          <TextInput
            label="Folder of the server"
            description="Below delivered/ in the data directory."
            placeholder="monthly/usage"
            value={path}
            onChange={({ currentTarget }) =>
              set({ folders: folders.map((each, index) => (index === at ? currentTarget.value : each)) })
            }
            flex="1 1 240px"
          />
          <TakeOut
            label={`Take the folder ${path} out`}
            onClick={() => set({ folders: folders.filter((_, index) => index !== at) })}
          />
        </Group>
      ))}
      <Group gap="xs">
        <Button
          variant="default"
          size="sm"
          leftSection={<IconWebhook size={18} aria-hidden />}
          onClick={() => set({ webhooks: [...webhooks, { id: freeId(webhooks), url: '' }] })}
        >
          Add a webhook
        </Button>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconFolder size={18} aria-hidden />}
          onClick={() => set({ folders: [...folders, ''] })}
        >
          Add a folder
        </Button>
      </Group>
    </Stack>
  )
}

function freeId(webhooks: Draft['webhooks']): string {
  for (let number = 1; ; number++) {
    const id = number === 1 ? 'webhook' : `webhook-${number}`
    if (webhooks.every((each) => each.id !== id)) return id
  }
}

function TakeOut({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={onClick}>
      <IconX size={18} aria-hidden />
    </ActionIcon>
  )
}
