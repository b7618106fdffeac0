import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProblemAlert } from './ProblemAlert.tsx'

interface ConfirmDialogProps {
  readonly opened: boolean
  readonly close: () => void
  /** The question. */
  readonly title: string
  /** What is named, and what follows. */
  readonly children: ReactNode
  /** What the button says that does it. */
  readonly confirm: string
  readonly onConfirm: () => void
  readonly busy: boolean
  readonly error?: unknown
}

/** Asks before something is done that can't be undone; the focus stands on the way back. */
export function ConfirmDialog({ opened, close, title, children, confirm, onConfirm, busy, error }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={close} title={title}>
      <Stack gap="md">
        <Text size="sm" component="div">
          {children}
        </Text>
        {error !== undefined && error !== null && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button color="red" onClick={onConfirm} loading={busy}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
