import { Collapse, Fieldset, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { fieldErrors } from '#portal/kit/problem.ts'
import { query } from '#portal/kit/queries.ts'
import { ActModal } from './ActModal.tsx'
import { ExpiryField } from './ExpiryField.tsx'
import { type Holder, HolderField, holderReady, makeHolder } from './HolderField.tsx'
import { DescriptionField, NameField } from './NameFields.tsx'
import { PermissionBoxes, PermissionsField } from './PermissionsField.tsx'
import type { PermissionChoice } from './permission-choice.ts'
import type { PermissionFacts, TokenPolicy } from './token.ts'
import { useNewToken } from './use-new-token.ts'
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
  const draft = useNewToken()
  const [holder, setHolder] = useState<Holder>({ by: 'self' })
  const { make, isPending, error, reset } = useTokenMaking(
    async () => {
      const account = await makeHolder(holder)
      // It stands now: trying again is not to make it again.
      if (account !== undefined) setHolder({ by: 'service', userName: account })
      return ask('POST /v1/tokens', draft.request(account === undefined ? {} : { account }))
    },
    () => {
      onClose()
      draft.clear()
      setHolder({ by: 'self' })
      reset()
    },
  )
  const says = fieldErrors(error)
  return (
    <ActModal
      title="Create API Token"
      opened={opened}
      onClose={onClose}
      onClosed={() => {}}
      verb="Generate"
      onSubmit={make}
      pending={isPending}
      disabled={!draft.isReady || !holderReady(holder)}
      error={error}
      fields={['name', 'description', 'expires_at', 'expires_in_days']}
    >
      <NameField name={draft.name} onName={draft.setName} error={says.name} />
      <ExpiryField
        value={draft.expiry}
        onChange={draft.setExpiry}
        policy={policy}
        error={says.expires_at ?? says.expires_in_days}
      />
      <DescriptionField description={draft.description} onDescription={draft.setDescription} error={says.description} />
      <IntegrationPermissions
        items={data.items}
        value={draft.choice}
        onChange={draft.setChoice}
        error={says.permissions}
      />
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
