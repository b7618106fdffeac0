import { Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { type Account, type Role, roleChangeWords, roleChoices, roleNames } from './admin-account.ts'
import { roleWords } from './role-words.ts'
import { useAccountChange } from './use-account-change.ts'

/** What an account may do, and what another role would bring or take. */
export function AdminAccountRole({ account }: { account: Account }) {
  const [role, setRole] = useState<Role>(account.role)
  const change = useAccountChange(account, `${account.user_name} has the role ${roleNames[role]} now.`)
  const follows = roleChangeWords(account.role, role)
  return (
    <Paper withBorder p="lg" component="section">
      <Stack gap="sm">
        <Title order={2} size="h4">
          Role
        </Title>
        <Select
          aria-label="Role"
          description={roleWords[role]}
          data={[...roleChoices]}
          value={role}
          onChange={(chosen) => {
            change.reset()
            if (chosen) setRole(chosen)
          }}
          allowDeselect={false}
        />
        <Text size="sm" aria-live="polite">
          {follows}
        </Text>
        {change.error && <ProblemAlert error={change.error} />}
        {follows !== '' && (
          <Group justify="flex-end" gap="xs">
            <Button variant="subtle" onClick={() => setRole(account.role)}>
              Undo
            </Button>
            <Button onClick={() => change.mutate({ role })} loading={change.isPending}>
              Make {roleNames[role]}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
