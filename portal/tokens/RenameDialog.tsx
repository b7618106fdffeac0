import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { DescriptionField, NameField } from './NameFields.tsx'
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
      <NameField name={name} onName={setName} error={says.name} />
      <DescriptionField description={description} onDescription={setDescription} error={says.description} />
    </ActModal>
  )
}
