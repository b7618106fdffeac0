import type { ReactNode } from 'react'
import { useYou } from '#portal/instance/instance.ts'
import { SignInForm } from './SignInForm.tsx'

/** What only people who are signed in see; others get to sign in right here, and then see it. */
export function SignedIn({ children }: { children: ReactNode }) {
  return useYou() ? children : <SignInForm />
}
