import { Alert, Checkbox } from '@mantine/core'
import { IconScissors } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { ActModal } from './ActModal.tsx'
import type { ActDialogProps } from './act-dialog.ts'
import { ExpiryField } from './ExpiryField.tsx'
import { type ExpiryChoice, expiryBody } from './expiry-choice.ts'
import { longDate } from './expiry-words.ts'
import { PermissionsField } from './PermissionsField.tsx'
import { choiceOf, grantsOf, unfinished } from './permission-choice.ts'
import { useTokenChange } from './use-token-change.ts'

/** Takes permissions or time from a token, for good. */
export function NarrowDialog({ opened, token, policy, onClose, onClosed }: ActDialogProps) {
  const { data: permissions } = useSuspenseQuery(query('GET /v1/permissions'))
  const held = choiceOf(token.permissions)
  const [choice, setChoice] = useState(held)
  const [sooner, setSooner] = useState(false)
  const [expiry, setExpiry] = useState<ExpiryChoice>({ by: 'date', date: null })
  const { mutate, isPending, error } = useTokenChange(
    () =>
      ask('POST /v1/tokens/:token/narrow', {
        params: { token: token.id },
        body: { permissions: grantsOf(choice), ...(sooner && expiryBody(expiry)) },
      }),
    onClose,
  )
  const says = fieldErrors(error)
  const left = grantsOf(choice)
  const empty = left.length === 0 || unfinished(choice).length > 0
  const undated = sooner && expiry.by === 'date' && expiry.date === null
  return (
    <ActModal
      title={`Narrow ${token.name}`}
      {...{ opened, onClose, onClosed, error }}
      verb="Narrow Token"
      onSubmit={() => mutate()}
      pending={isPending}
      disabled={empty || undated}
      fields={['permissions', 'expires_at', 'expires_in_days']}
    >
      <Alert variant="default" icon={<IconScissors aria-hidden />} title="This can’t be undone">
        A token can only ever lose. For more you make a new one.
      </Alert>
      <PermissionsField
        items={permissions.items.filter(({ permission }) => permission in held)}
        value={choice}
        onChange={setChoice}
        within={held}
        error={
          says.permissions ?? (empty ? 'Leave it at least one permission; to take all, delete the token.' : undefined)
        }
      />
      <Checkbox
        label={`End it sooner than ${longDate(token.expires_at)}`}
        checked={sooner}
        onChange={(event) => setSooner(event.currentTarget.checked)}
      />
      {sooner && (
        <ExpiryField
          label="New expiry"
          value={expiry}
          onChange={setExpiry}
          policy={policy}
          latest={token.expires_at}
          error={says.expires_at ?? says.expires_in_days}
        />
      )}
    </ActModal>
  )
}
