import { Paper, Text } from '@mantine/core'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useInstance } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { SignInForm } from './SignInForm.tsx'
import { sameSitePath } from './same-site-path.ts'
import { useArrive } from './use-arrive.ts'

/** Signing in on a page of its own; leads on to where one was going. */
export function SignInPage() {
  const { to = '/' } = useSearch({ from: '/sign-in' })
  const { title, you } = useInstance()
  const { history } = useRouter()
  const arrive = useArrive()
  useEffect(() => {
    if (you) history.replace(sameSitePath(to))
  }, [you, to, history])
  return (
    <Page title="Sign In" lead={`With your account of ${title}.`}>
      <Paper withBorder p="lg" maw={420}>
        <SignInForm onSignedIn={arrive} />
      </Paper>
      <Text size="sm" c="dimmed" maw={420}>
        No account, or the password forgotten? Whoever administers this portal gives you a link to set one.
      </Text>
    </Page>
  )
}
