import { Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { Time } from '#portal/kit/Time.tsx'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { nameOf } from './token.ts'
import { useTokenChange } from './use-token-change.ts'

/** Asks before a token is stopped for good; of other people's tokens also why. */
export function RevokeDialog({ opened, token, onClose, onClosed }: ActDialogProps) {
  const own = useYou()?.account.id === token.account.id
  const [reason, setReason] = useState('')
  const { mutate, isPending, error } = useTokenChange(
    () =>
      ask('DELETE /v1/tokens/:token', {
        params: { token: token.id },
        query: { reason: reason.trim() || undefined },
      }),
    () => {
      notifyDone(`${token.name} is deleted: nothing accepts it any more.`)
      onClose()
    },
  )
  return (
    <ActModal
      title={`Delete ${token.name}?`}
      {...{ opened, onClose, onClosed, error }}
      verb="Delete Token"
      dangerous
      onSubmit={() => mutate()}
      pending={isPending}
    >
      <Text>
        <b>{nameOf(token)}</b> {own ? '' : `of ${token.account.user_name} `}stops at once and for good. Whatever still
        shows it is refused. Last used: <Time at={token.last_used_at} />.
      </Text>
      {!own && (
        <TextInput
          label="Reason (optional)"
          description="Stands with the token and in the audit log; its owner sees it."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={200}
        />
      )}
    </ActModal>
  )
}
