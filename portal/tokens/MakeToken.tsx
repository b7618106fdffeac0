import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { idempotencyKey } from '#portal/kit/idempotency-key.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { CreateTokenDialog } from './CreateTokenDialog.tsx'
import { longDate } from './expiry-words.ts'
import { everydayPermissions } from './permission-choice.ts'
import type { TokenPolicy } from './token.ts'
import { freeName } from './token-name.ts'
import { useTokenMaking } from './use-token-change.ts'

interface MakeTokenProps {
  readonly policy: TokenPolicy
  /** Names that are taken by the person's tokens. */
  readonly names: readonly string[]
  readonly align?: 'flex-start' | 'center'
}

/** Both ways to a token: in one click, and with everything chosen. */
export function MakeToken({ policy, names, align = 'flex-start' }: MakeTokenProps) {
  const { data: permissions } = useSuspenseQuery(query('GET /v1/permissions'))
  const [form, setForm] = useState(false)
  const { make, isPending, error } = useTokenMaking(() =>
    ask('POST /v1/tokens', {
      body: { name: freeName(names), permissions: everydayPermissions(permissions.items) },
      headers: { 'idempotency-key': idempotencyKey() },
    }),
  )
  if (!policy.personal_tokens)
    return (
      <Alert variant="light" color="gray" title="Nobody makes tokens for themselves here">
        API tokens are switched off in the settings of this portal. Those that exist go on working until they end.
      </Alert>
    )
  return (
    <Stack gap="xs" align={align}>
      <Group gap="sm" justify={align}>
        {policy.default_expires_at !== null && (
          <Button
            size="md"
            leftSection={<IconKey size={20} aria-hidden />}
            onClick={make}
            loading={isPending}
            aria-describedby="generate-hint"
          >
            Generate API Token
          </Button>
        )}
        <Button
          size="md"
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => setForm(true)}
        >
          Create Token…
        </Button>
      </Group>
      {policy.default_expires_at !== null && (
        <Text size="sm" c="dimmed" id="generate-hint">
          <b>Generate</b> makes one at once: with all your rights to data, until {longDate(policy.default_expires_at)}.{' '}
          <b>Create Token</b> lets you choose name, expiry and permissions.
        </Text>
      )}
      {error && <ProblemAlert error={error} />}
      <CreateTokenDialog opened={form} onClose={() => setForm(false)} policy={policy} permissions={permissions.items} />
    </Stack>
  )
}
