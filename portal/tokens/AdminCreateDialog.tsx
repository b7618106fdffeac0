import { Collapse, Fieldset, Stack, Text, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { ActModal } from './ActModal.tsx'
import { ExpiryField } from './ExpiryField.tsx'
import { type ExpiryChoice, expiryBody } from './expiry-choice.ts'
import { type Holder, HolderField, holderReady, makeHolder } from './HolderField.tsx'
import { PermissionBoxes, PermissionsField } from './PermissionsField.tsx'
import { grantsOf, type PermissionChoice } from './permission-choice.ts'
import type { PermissionFacts, TokenPolicy } from './token.ts'
import { useTokenMaking } from './use-token-change.ts'

interface AdminCreateDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly policy: TokenPolicy
}

/** The two that an integration mostly needs, in the order of the Inforiver console. */
const first = ['subscriptions:run', 'models:refresh']

/** *Create API Token* as administrators of Inforiver know it, for oneself or for a service account. */
export function AdminCreateDialog({ opened, onClose, policy }: AdminCreateDialogProps) {
  const { data } = useSuspenseQuery(query('GET /v1/permissions'))
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [expiry, setExpiry] = useState<ExpiryChoice>({ by: 'days', days: 30 })
  const [choice, setChoice] = useState<PermissionChoice>({})
  const [holder, setHolder] = useState<Holder>({ by: 'self' })
  const { make, isPending, error, reset } = useTokenMaking(
    async () => {
      const account = await makeHolder(holder)
      // It stands now: trying again is not to make it again.
      if (account !== undefined) setHolder({ by: 'service', userName: account })
      return ask('POST /v1/tokens', {
        body: { name, description, permissions: grantsOf(choice), ...expiryBody(expiry), ...(account && { account }) },
        headers: { 'idempotency-key': idempotencyKey() },
      })
    },
    () => {
      onClose()
      setName('')
      setDescription('')
      setChoice({})
      setHolder({ by: 'self' })
      reset()
    },
  )
  const says = fieldErrors(error)
  const nothing = grantsOf(choice).length === 0
  return (
    <ActModal
      title="Create API Token"
      opened={opened}
      onClose={onClose}
      onClosed={() => {}}
      verb="Generate"
      onSubmit={make}
      pending={isPending}
      disabled={name.trim() === '' || nothing || !holderReady(holder) || (expiry.by === 'date' && expiry.date === null)}
      error={error}
      fields={['name', 'description', 'expires_at', 'expires_in_days']}
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
      <ExpiryField
        value={expiry}
        onChange={setExpiry}
        policy={policy}
        error={says.expires_at ?? says.expires_in_days}
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
      <IntegrationPermissions items={data.items} value={choice} onChange={setChoice} error={says.permissions} />
      <HolderField value={holder} onChange={setHolder} />
    </ActModal>
  )
}

interface IntegrationPermissionsProps {
  readonly items: readonly PermissionFacts[]
  readonly value: PermissionChoice
  readonly onChange: (value: PermissionChoice) => void
  readonly error: string | undefined
}

function IntegrationPermissions({ items, value, onChange, error }: IntegrationPermissionsProps) {
  const [more, setMore] = useState(false)
  const region = useId()
  const held = items.filter((item) => item.held)
  const Icon = more ? IconChevronDown : IconChevronRight
  return (
    <Stack gap="sm">
      <Fieldset legend="Permission" p="sm" pt={4}>
        <PermissionBoxes
          items={first.flatMap((permission) => held.find((item) => item.permission === permission) ?? [])}
          value={value}
          onChange={onChange}
        />
      </Fieldset>
      <UnstyledButton onClick={() => setMore(!more)} aria-expanded={more} aria-controls={region} fz="sm" mih={24}>
        <Icon size={16} aria-hidden style={{ verticalAlign: 'middle' }} /> More permissions
      </UnstyledButton>
      <Collapse expanded={more} id={region}>
        <PermissionsField
          items={held.filter(({ permission }) => !first.includes(permission))}
          value={value}
          onChange={onChange}
        />
      </Collapse>
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  )
}
