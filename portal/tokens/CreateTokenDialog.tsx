import { Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { ActModal } from './ActModal.tsx'
import { ExpiryField } from './ExpiryField.tsx'
import { type ExpiryChoice, expiryBody } from './expiry-choice.ts'
import { PermissionsField } from './PermissionsField.tsx'
import { grantsOf, type PermissionChoice } from './permission-choice.ts'
import type { PermissionFacts, TokenPolicy } from './token.ts'
import { useTokenMaking } from './use-token-change.ts'

interface CreateTokenDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly policy: TokenPolicy
  readonly permissions: readonly PermissionFacts[]
}

/** The full form: name, description, expiry, and only those permissions that the token is to have. */
export function CreateTokenDialog({ opened, onClose, policy, permissions }: CreateTokenDialogProps) {
  const held = permissions.filter((item) => item.held)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [expiry, setExpiry] = useState<ExpiryChoice>({ by: 'days', days: 30 })
  const [choice, setChoice] = useState<PermissionChoice>({})
  const clear = () => {
    setName('')
    setDescription('')
    setChoice({})
    reset()
  }
  const { make, isPending, error, reset } = useTokenMaking(
    () =>
      ask('POST /v1/tokens', {
        body: { name, description, permissions: grantsOf(choice), ...expiryBody(expiry) },
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    () => {
      onClose()
      clear()
    },
  )
  const says = fieldErrors(error)
  const nothing = grantsOf(choice).length === 0
  return (
    <ActModal
      title="Create Token"
      opened={opened}
      onClose={onClose}
      onClosed={() => {}}
      verb="Create Token"
      onSubmit={make}
      pending={isPending}
      disabled={name.trim() === '' || nothing || (expiry.by === 'date' && expiry.date === null)}
      error={error}
      fields={['name', 'description', 'permissions', 'expires_at', 'expires_in_days']}
    >
      <TextInput
        label="Token name"
        description="What it is for, so that you know it again: the notebook, the script, the machine."
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
        minRows={1}
        error={says.description}
      />
      <ExpiryField
        value={expiry}
        onChange={setExpiry}
        policy={policy}
        withUsual
        error={says.expires_at ?? says.expires_in_days}
      />
      <PermissionsField
        items={held}
        value={choice}
        onChange={setChoice}
        error={says.permissions ?? (name !== '' && nothing ? 'Tick at least one permission.' : undefined)}
      />
    </ActModal>
  )
}
