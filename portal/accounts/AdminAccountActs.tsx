import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import { ConfirmDialog } from '#portal/kit/ConfirmDialog.tsx'
import { countedText } from '#portal/kit/figures.ts'
import { notifyDone } from '#portal/kit/notify.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { AdminPasswordLink, type PasswordLink } from './AdminPasswordLink.tsx'
import type { Account } from './admin-account.ts'
import { accountsChanged, useAccountChange } from './use-account-change.ts'

/** How somebody gets in, and is kept out. */
export function AdminAccountActs({ account }: { account: Account }) {
  const person = account.kind === 'person'
  return (
    <Paper withBorder p="lg" component="section">
      <Stack gap="md">
        <Title order={2} size="h4">
          Access
        </Title>
        {person && account.state === 'active' && <MakeLink account={account} />}
        {person && <EndSessions account={account} />}
        <Disable account={account} />
      </Stack>
    </Paper>
  )
}

/** One act: what it does, and the button for it. */
function Act({ says, children }: { says: string; children: React.ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm" style={{ flex: '1 1 240px' }}>
        {says}
      </Text>
      {children}
    </Group>
  )
}

function MakeLink({ account }: { account: Account }) {
  const [link, setLink] = useState<PasswordLink | null>(null)
  const make = useMutation({
    gcTime: 0,
    mutationFn: () => ask('POST /v1/accounts/:account/password-link', { params: { account: account.id } }),
    onSuccess: (made) => {
      setLink(made)
      make.reset()
      void accountsChanged()
    },
  })
  return (
    <>
      <Act
        says={
          account.has_password
            ? 'A forgotten password is replaced through a one-time link. The old one works until then.'
            : 'There is no password yet. A new invitation replaces the one before.'
        }
      >
        <Button variant="default" onClick={() => make.mutate()} loading={make.isPending}>
          {account.has_password ? 'Make password link' : 'Make new invitation'}
        </Button>
      </Act>
      {make.error && <ProblemAlert error={make.error} />}
      <AdminPasswordLink link={link} userName={account.user_name} onClose={() => setLink(null)} />
    </>
  )
}

function EndSessions({ account }: { account: Account }) {
  const [asking, setAsking] = useState(false)
  const isOwn = useYou()?.account.id === account.id
  const end = useMutation({
    mutationFn: () => ask('DELETE /v1/accounts/:account/sessions', { params: { account: account.id } }),
    onSuccess: async ({ ended }) => {
      setAsking(false)
      notifyDone(`${countedText(ended, 'session')} ended.`)
      await accountsChanged()
    },
  })
  return (
    <>
      <Act says="Signs out every browser of this person. API tokens go on working.">
        <Button variant="default" onClick={() => setAsking(true)}>
          End sessions
        </Button>
      </Act>
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title={`End all sessions of ${account.user_name}?`}
        confirm="End sessions"
        onConfirm={() => end.mutate()}
        busy={end.isPending}
        error={end.error}
      >
        They have to sign in again everywhere.{isOwn && ' This is you: this browser is signed out as well.'}
      </ConfirmDialog>
    </>
  )
}

function Disable({ account }: { account: Account }) {
  const { state, user_name, kind } = account
  const [asking, setAsking] = useState(false)
  const disable = useAccountChange(account, `${user_name} is disabled.`, () => setAsking(false))
  const enable = useAccountChange(account, `${user_name} is enabled.`)
  if (state === 'disabled')
    return (
      <>
        <Act says="Disabled: nobody gets in. Enabled again, tokens that have not expired work again.">
          <Button onClick={() => enable.mutate({ state: 'active' })} loading={enable.isPending}>
            Enable
          </Button>
        </Act>
        {enable.error && <ProblemAlert error={enable.error} />}
      </>
    )
  return (
    <>
      <Act
        says={
          kind === 'person'
            ? 'Disabling stops sessions and API tokens at once, everywhere. Nothing is deleted.'
            : 'Disabling stops its API tokens at once, everywhere. Nothing is deleted.'
        }
      >
        <Button color="red" variant="outline" onClick={() => setAsking(true)}>
          Disable
        </Button>
      </Act>
      <ConfirmDialog
        opened={asking}
        close={() => setAsking(false)}
        title={`Disable ${user_name}?`}
        confirm="Disable"
        onConfirm={() => disable.mutate({ state: 'disabled' })}
        busy={disable.isPending}
        error={disable.error}
      >
        {kind === 'person' && 'Their sessions end and they cannot sign in. '}API tokens stop at once, in every program
        that uses them. You can enable the account again.
      </ConfirmDialog>
    </>
  )
}
