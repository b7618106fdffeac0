import { Modal } from '@mantine/core'
import { SignInForm } from '#portal/accounts/SignInForm.tsx'
import { useArrive } from '#portal/accounts/use-arrive.ts'
import { useOpened } from '#portal/kit/use-opened.ts'
import { signInDialog } from './sign-in-dialog.ts'

/** Signing in without leaving the page that one is on. */
export function SignInDialog({ opened }: { opened: boolean }) {
  const arrive = useArrive()
  const close = () => signInDialog.set(false)
  return (
    <Modal opened={useOpened(opened)} onClose={close} title="Sign In">
      <SignInForm onSignedIn={(account) => arrive(account).then(close)} />
    </Modal>
  )
}
