import { List, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { You } from '#portal/instance/instance.ts'
import { Facts } from '#portal/kit/Facts.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { roleWords } from './role-words.ts'

/** What others have settled about the account: its name, its role, and what that allows. */
export function WhatYouMay({ account }: { account: You['account'] }) {
  const permissions = useQuery(query('GET /v1/permissions'))
  return (
    <Stack gap="md">
      <Facts
        facts={[
          { label: 'User name', value: account.user_name },
          { label: 'Role', value: roleWords[account.role] },
          { label: 'Account made', value: <Time at={account.created_at} /> },
        ]}
      />
      <div>
        <Title order={3} size="h4" mb={4}>
          What you may do
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          As far as each model lets your role. An API token can be given any of it, and never more.
        </Text>
        {permissions.error && <ProblemAlert error={permissions.error} retry={() => void permissions.refetch()} />}
        {permissions.isPending && <Skeleton height={160} aria-label="Loading" />}
        <List size="sm" spacing={4} icon={<IconCheck size={16} aria-hidden />} center>
          {permissions.data?.items
            .filter(({ held }) => held)
            .map(({ permission, label }) => (
              <List.Item key={permission}>{label}</List.Item>
            ))}
        </List>
      </div>
    </Stack>
  )
}
