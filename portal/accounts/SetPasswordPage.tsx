import { Skeleton, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '#portal/kit/ask.ts'
import { EmptyState } from '#portal/kit/EmptyState.tsx'
import { Page } from '#portal/kit/Page.tsx'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { SetPasswordForm } from './SetPasswordForm.tsx'

/**
 * Where the one-time link of an invitation or a forgotten password leads. Its secret stands behind the `#`, which no
 * server sees; here it goes from the address into memory at once, so that neither history nor bookmarks keep it.
 */
export function SetPasswordPage() {
  const [secret, setSecret] = useState(secretOfAddress)
  useWindowEvent('hashchange', () => {
    const next = secretOfAddress()
    if (next !== '') setSecret(next)
    // The same link once more is no new state, and must leave the address all the same.
    forgetAddress()
  })
  useEffect(forgetAddress, [])
  if (secret === '')
    return (
      <Page title="Set your password">
        <EmptyState title="Open the link that you were given once more">
          This page needs what stands in that link behind the #. Where it was sent to you by mail, click it there; else
          copy it whole.
        </EmptyState>
      </Page>
    )
  return <WithSecret key={secret} secret={secret} />
}

const forgetAddress = (): void => {
  if (window.location.hash !== '') window.history.replaceState(null, '', window.location.pathname)
}

const secretOfAddress = (): string => window.location.hash.slice(1)

function WithSecret({ secret }: { secret: string }) {
  // Mutations, because what queries are asked with is kept; these forget at once.
  const { mutate, data, error } = useMutation({
    mutationFn: () => ask('POST /v1/password-links/current', { body: { secret } }),
    gcTime: 0,
  })
  useEffect(() => mutate(), [mutate])
  return (
    <Page
      title="Set your password"
      lead={
        data &&
        (data.purpose === 'invitation'
          ? `Welcome, ${data.display_name}. Choose the password of your account ${data.user_name}.`
          : `A new password for ${data.display_name}, account ${data.user_name}. The one of before stops working.`)
      }
    >
      {error ? (
        <>
          <ProblemAlert error={error} retry={() => mutate()} />
          <Text size="sm">Each link works once, for 72 hours, and only as long as no newer one was made.</Text>
        </>
      ) : data ? (
        <SetPasswordForm secret={secret} link={data} />
      ) : (
        <Skeleton height={260} maw={460} aria-label="Loading" />
      )}
    </Page>
  )
}
