import { Modal } from '@mantine/core'
import { SignInForm } from '#portal/accounts/SignInForm.tsx'
import { signInDialog } from './sign-in-dialog.ts'

/** Signing in without leaving the page that one is on. */
export function SignInDialog({ opened }: { opened: boolean }) {
  const close = () => signInDialog.set(false)
  return (
    <Modal opened={opened} onClose={close} title="Sign In">
      <SignInForm onSignedIn={close} />
    </Modal>
  )
}
