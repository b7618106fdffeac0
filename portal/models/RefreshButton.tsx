import { Button, Group, Modal, Radio, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMessagePlus, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Refresh } from './use-refresh.ts'

/** Begins a refresh at once, or with a reason that the history then shows. */
export function RefreshButton({ refresh: { start, starting, underWay }, label }: { refresh: Refresh; label: string }) {
  const [asking, { open, close }] = useDisclosure()
  const [reason, setReason] = useState('')
  const [type, setType] = useState<'' | 'full' | 'incremental'>('')
  const begin = (event: React.FormEvent) => {
    event.preventDefault()
    close()
    start({ reason: reason.trim(), type: type || undefined })
    setReason('')
    setType('')
  }
  return (
    <>
      <Button.Group>
        <Button
          leftSection={<IconRefresh size={18} aria-hidden />}
          loading={starting}
          disabled={underWay}
          onClick={() => start()}
        >
          {underWay ? 'Refreshing' : 'Refresh now'}
        </Button>
        <Button
          px="sm"
          style={{ borderInlineStart: '1px solid var(--mantine-color-body)' }}
          disabled={underWay || starting}
          aria-label="Refresh with a reason"
          title="Refresh with a reason"
          onClick={open}
        >
          <IconMessagePlus size={18} aria-hidden />
        </Button>
      </Button.Group>
      <Modal opened={asking} onClose={close} title={`Refresh ${label}`}>
        <form onSubmit={begin}>
          <Stack>
            <TextInput
              label="Reason"
              description="Shown in the history of refreshes and in the audit log."
              maxLength={500}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
              data-autofocus
            />
            <Radio.Group label="What is read" value={type} onChange={(chosen) => setType(chosen as typeof type)}>
              <Stack gap="xs" mt={6}>
                <Radio value="" label="As the model file says" />
                <Radio value="full" label="Everything anew" />
                <Radio value="incremental" label="Only what is new, where the model says how to tell" />
              </Stack>
            </Radio.Group>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Not now
              </Button>
              <Button type="submit">Refresh</Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
