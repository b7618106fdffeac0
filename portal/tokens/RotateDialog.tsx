import { Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { useTokenMaking } from './use-token-change.ts'

const overlaps = [
  { seconds: 0, label: 'None: it stops at once' },
  { seconds: 3600, label: '1 hour' },
  { seconds: 86_400, label: '1 day' },
  { seconds: 7 * 86_400, label: '7 days' },
  { seconds: 30 * 86_400, label: '30 days' },
] as const

/** Gives a token a successor while the old one works on for a while. */
export function RotateDialog({ opened, token, onClose, onClosed }: ActDialogProps) {
  const [seconds, setSeconds] = useState('86400')
  const { make, isPending, error } = useTokenMaking(
    () =>
      ask('POST /v1/tokens/:token/rotate', {
        params: { token: token.id },
        body: { overlap_seconds: Number(seconds) },
        headers: { 'idempotency-key': idempotencyKey() },
      }),
    onClose,
  )
  return (
    <ActModal
      title={`Rotate ${token.name}`}
      {...{ opened, onClose, onClosed, error }}
      verb="Rotate Token"
      onSubmit={make}
      pending={isPending}
    >
      <Text>
        You get a successor with the same name, permissions and length of life, and put it wherever the old one is used.
        The list shows both, and which of them is still in use.
      </Text>
      <Radio.Group label="How long the old one works on" value={seconds} onChange={setSeconds}>
        <Stack gap="xs" mt={4}>
          {overlaps.map((overlap) => (
            <Radio key={overlap.seconds} value={String(overlap.seconds)} label={overlap.label} />
          ))}
        </Stack>
      </Radio.Group>
    </ActModal>
  )
}
