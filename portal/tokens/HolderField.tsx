import { Radio, Select, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { may, useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { invalidate, query } from '#portal/kit/queries.ts'

type Role = Reply<'POST /v1/accounts'>['role']

/** For whom a token is to speak: who makes it, a service account, or one that is made with it. */
export type Holder =
  | { readonly by: 'self' }
  | { readonly by: 'service'; readonly userName: string | null }
  | { readonly by: 'new'; readonly userName: string; readonly role: Role }

export const holderReady = (holder: Holder): boolean =>
  holder.by === 'self' || (holder.userName !== null && holder.userName.trim() !== '')

/** Makes the service account where one is to be made; its user name, undefined for oneself. */
export async function makeHolder(holder: Holder): Promise<string | undefined> {
  if (holder.by === 'self') return undefined
  if (holder.by === 'service') return holder.userName ?? undefined
  const made = await ask('POST /v1/accounts', {
    body: { user_name: holder.userName.trim(), kind: 'service', role: holder.role },
    headers: { 'idempotency-key': idempotencyKey() },
  })
  void invalidate('GET /v1/accounts')
  return made.user_name
}

const roles: readonly { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: reads aggregates' },
  { value: 'member', label: 'Member: also raw rows, fills in and deposits' },
  { value: 'manager', label: 'Manager: also executes subscriptions and refreshes models' },
  { value: 'admin', label: 'Administrator' },
]

interface HolderFieldProps {
  readonly value: Holder
  readonly onChange: (holder: Holder) => void
}

/** Chooses for whom the token speaks. Nobody makes tokens for another person. */
export function HolderField({ value, onChange }: HolderFieldProps) {
  const you = useYou()
  const mayAccounts = may(you, 'accounts:admin')
  const { data } = useQuery({
    ...query('GET /v1/accounts', { query: { kind: 'service', state: 'active', limit: 100 } }),
    enabled: mayAccounts,
  })
  const choose = (by: string) => {
    if (by === 'service') onChange({ by, userName: null })
    else if (by === 'new') onChange({ by, userName: '', role: 'manager' })
    else onChange({ by: 'self' })
  }
  return (
    <Stack gap="xs">
      <Radio.Group label="Speaks for" value={value.by} onChange={choose}>
        <Stack gap="xs" mt={4}>
          <Radio value="self" label={`Yourself (${you?.account.user_name})`} />
          <Radio value="service" label="A service account" />
          {mayAccounts && <Radio value="new" label="A new service account" />}
        </Stack>
      </Radio.Group>
      {value.by === 'service' &&
        (mayAccounts ? (
          <Select
            label="Service account"
            data={
              data?.accounts.map(({ user_name, role }) => ({ value: user_name, label: `${user_name} (${role})` })) ?? []
            }
            value={value.userName}
            onChange={(userName) => onChange({ by: 'service', userName })}
            searchable
            nothingFoundMessage="There is no such service account"
            maw={420}
            required
          />
        ) : (
          <TextInput
            label="Service account"
            value={value.userName ?? ''}
            onChange={(event) => onChange({ by: 'service', userName: event.currentTarget.value })}
            maw={420}
            required
          />
        ))}
      {value.by === 'new' && (
        <>
          <TextInput
            label="User name of the service account"
            description="You answer for it, until another owner is named under Accounts."
            value={value.userName}
            onChange={(event) => onChange({ ...value, userName: event.currentTarget.value })}
            maxLength={64}
            maw={420}
            required
          />
          <Select
            label="Role"
            data={roles}
            value={value.role}
            onChange={(role) => role && onChange({ ...value, role })}
            allowDeselect={false}
            maw={480}
          />
        </>
      )}
    </Stack>
  )
}
