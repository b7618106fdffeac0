import { Button, Group, Modal, Stack } from '@mantine/core'
import { type FormEvent, type ReactNode, useId } from 'react'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'

interface ActModalProps {
  readonly title: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly onClosed: () => void
  /** What the button says that does it. */
  readonly verb: string
  readonly dangerous?: boolean
  readonly onSubmit: () => void
  readonly pending: boolean
  readonly disabled?: boolean
  readonly error: unknown
  /** Fields beside which the server's complaint is shown, so that it isn't shown twice. */
  readonly fields?: readonly string[]
  readonly children: ReactNode
}

/** A dialog that asks, does, and says what went wrong; Enter does it, Escape leaves. */
export function ActModal(props: ActModalProps) {
  const { title, opened, onClose, onClosed, verb, dangerous = false, pending, disabled = false, error } = props
  const form = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    if (!pending && !disabled) props.onSubmit()
  }
  const shownBeside = Object.keys(fieldErrors(error)).some((field) => props.fields?.includes(field))
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size="lg"
      returnFocus={false}
      // Without motion this is said while the dialog still stands.
      onExitTransitionEnd={() => setTimeout(onClosed, 0)}
      closeOnClickOutside={!pending}
    >
      <form id={form} onSubmit={submit} noValidate>
        <Stack gap="md">
          {props.children}
          {error !== null && error !== undefined && !shownBeside && <ProblemAlert error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} disabled={pending}>
              Cancel
            </Button>
            <Button type="submit" loading={pending} disabled={disabled} {...(dangerous && { color: 'red' })}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
