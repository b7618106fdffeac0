import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { useTokenChange } from './use-token-change.ts'

/** Gives a token another name or description. */
export function RenameDialog({ opened, token, onClose, onClosed }: ActDialogProps) {
  const [name, setName] = useState(token.name)
  const [description, setDescription] = useState(token.description)
  const { mutate, isPending, error } = useTokenChange(
    () => ask('PATCH /v1/tokens/:token', { params: { token: token.id }, body: { name, description } }),
    onClose,
  )
  const says = fieldErrors(error)
  return (
    <ActModal
      title={`Rename ${token.name}`}
      {...{ opened, onClose, onClosed, error }}
      verb="Save"
      onSubmit={() => mutate()}
      pending={isPending}
      fields={['name', 'description']}
    >
      <TextInput
        label="Token name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={80}
        required
        data-autofocus
        error={says.name}
      />
      <Textarea
        label="Description (optional)"
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
        error={says.description}
      />
    </ActModal>
  )
}
