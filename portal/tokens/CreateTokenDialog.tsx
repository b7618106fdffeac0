import { ask } from '#portal/kit/ask.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { ActModal } from './ActModal.tsx'
import { ExpiryField } from './ExpiryField.tsx'
import { DescriptionField, NameField } from './NameFields.tsx'
import { PermissionsField } from './PermissionsField.tsx'
import type { PermissionFacts, TokenPolicy } from './token.ts'
import { useNewToken } from './use-new-token.ts'
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
  const draft = useNewToken()
  const { make, isPending, error, reset } = useTokenMaking(
    () => ask('POST /v1/tokens', draft.request()),
    () => {
      onClose()
      draft.clear()
      reset()
    },
  )
  const says = fieldErrors(error)
  return (
    <ActModal
      title="Create Token"
      opened={opened}
      onClose={onClose}
      onClosed={() => {}}
      verb="Create Token"
      onSubmit={make}
      pending={isPending}
      disabled={!draft.isReady}
      error={error}
      fields={['name', 'description', 'permissions', 'expires_at', 'expires_in_days']}
    >
      <NameField
        name={draft.name}
        onName={draft.setName}
        help="What it is for, so that you know it again: the notebook, the script, the machine."
        error={says.name}
      />
      <DescriptionField description={draft.description} onDescription={draft.setDescription} error={says.description} />
      <ExpiryField
        value={draft.expiry}
        onChange={draft.setExpiry}
        policy={policy}
        withUsual
        error={says.expires_at ?? says.expires_in_days}
      />
      <PermissionsField
        items={held}
        value={draft.choice}
        onChange={draft.setChoice}
        error={says.permissions ?? (draft.name !== '' && draft.isVoid ? 'Tick at least one permission.' : undefined)}
      />
    </ActModal>
  )
}
