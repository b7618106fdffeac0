import { Paper } from '@mantine/core'
import type { ReactNode } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { Page } from '#portal/kit/Page.tsx'
import { SignInForm } from './SignInForm.tsx'
import { useArrive } from './use-arrive.ts'

/** What only people who are signed in see; others get to sign in right here, and then see it. */
export function SignedIn({ children }: { children: ReactNode }) {
  const you = useYou()
  const arrive = useArrive()
  if (you) return children
  return (
    <Page title="Sign In" lead="This page is for people who are signed in.">
      <Paper withBorder p="lg" maw={420}>
        <SignInForm onSignedIn={arrive} />
      </Paper>
    </Page>
  )
}
