import { Grid, Group, Stack } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { may, useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { Facts } from '#portal/kit/Facts.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { query } from '#portal/kit/queries.ts'
import { Time } from '#portal/kit/Time.tsx'
import { AdminAccountActs } from './AdminAccountActs.tsx'
import { AdminAccountEvents } from './AdminAccountEvents.tsx'
import { AdminAccountForm } from './AdminAccountForm.tsx'
import { AdminAccountRole } from './AdminAccountRole.tsx'
import { AdminAccountState } from './AdminAccountState.tsx'
import { AdminAccountTokens } from './AdminAccountTokens.tsx'
import { type Account, kindNames } from './admin-account.ts'

/** One account: who it is, what it may do, what it holds and what was done to it. */
export function AdminAccountPage() {
  const { account: id } = useParams({ from: '/admin/accounts/$account' })
  const { data: account } = useSuspenseQuery(query('GET /v1/accounts/:account', { params: { account: id } }))
  const you = useYou()
  return (
    <Page wide title={account.user_name} windowTitle={`${account.user_name} · Accounts`} lead={account.display_name}>
      <TextLink to="/admin/accounts" size="sm" w="fit-content">
        All accounts
      </TextLink>
      <AccountFacts account={account} />
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="lg">
            <AdminAccountForm key={account.updated_at} account={account} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="lg">
            <AdminAccountRole key={account.role} account={account} />
            <AdminAccountActs account={account} />
          </Stack>
        </Grid.Col>
      </Grid>
      {may(you, 'tokens:admin') && <AdminAccountTokens account={account} />}
      {may(you, 'audit:read') && <AdminAccountEvents account={account} />}
    </Page>
  )
}

function AccountFacts({ account }: { account: Account }) {
  const { kind, owner_id, owner_name, created_at, last_signed_in_at, password_changed_at, disabled_at } = account
  const person = [
    { label: 'Last signed in', value: <Time at={last_signed_in_at} /> },
    { label: 'Password set', value: <Time at={password_changed_at} none="not yet" /> },
  ]
  const service = [
    {
      label: 'Owner',
      value: owner_id && (
        <TextLink to="/admin/accounts/$account" params={{ account: owner_id }}>
          {owner_name ?? owner_id}
        </TextLink>
      ),
    },
  ]
  return (
    <Facts
      facts={[
        { label: 'Kind', value: kindNames[kind] },
        {
          label: 'State',
          value: (
            <Group gap="xs">
              <AdminAccountState account={account} />
            </Group>
          ),
        },
        ...(kind === 'person' ? person : service),
        { label: 'Made', value: <Time at={created_at} /> },
        ...(disabled_at === null ? [] : [{ label: 'Disabled', value: <Time at={disabled_at} /> }]),
      ]}
    />
  )
}
