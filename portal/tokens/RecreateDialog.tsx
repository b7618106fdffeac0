import { Text } from '@mantine/core'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { isLive, nameOf } from './token.ts'
import { useTokenMaking } from './use-token-change.ts'

/** Makes a leaked or expired token anew; the old one dies at once. */
export function RecreateDialog({ opened, token, onClose, onClosed }: ActDialogProps) {
  const { make, isPending, error } = useTokenMaking(
    () =>
      ask('POST /v1/tokens/:token/recreate', {
        params: { token: token.id },
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    onClose,
  )
  return (
    <ActModal
      title={`Recreate ${token.name}?`}
      {...{ opened, onClose, onClosed, error }}
      verb="Recreate Token"
      dangerous={isLive(token)}
      onSubmit={make}
      pending={isPending}
    >
      <Text>
        You get a new token with the same name, permissions and length of life.{' '}
        {isLive(token) ? (
          <>
            The old one, <b>{nameOf(token)}</b>, stops at once: whatever uses it is refused until you paste the new one.
            To keep it working meanwhile, rotate it instead.
          </>
        ) : (
          <>
            The old one, <b>{nameOf(token)}</b>, does not work any more.
          </>
        )}
      </Text>
    </ActModal>
  )
}
