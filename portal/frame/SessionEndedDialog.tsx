import { Button, Modal, Stack, Text } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { SignInForm } from '#portal/accounts/SignInForm.tsx'
import { useOpened } from '#portal/kit/use-opened.ts'
import { endedSession, goOnAs, lookForNewSession } from './session-ended.ts'

/**
 * Over a page whose session has ended: signing in goes on where one was. It can't be dismissed by accident, because
 * what was typed would then be lost.
 */
export function SessionEndedDialog() {
  const ended = endedSession.use()
  useWindowEvent('focus', () => void lookForNewSession())
  return (
    <Modal
      opened={useOpened(ended !== null)}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title="Your session has ended"
    >
      {ended && (
        <Stack gap="md">
          <Text size="sm">Sign in again to go on where you are; what you have typed is still there.</Text>
          <SignInForm
            userName={ended.account.user_name}
            onSignedIn={async (account) => {
              await goOnAs(account, ended.account)
              ended.settle(true)
            }}
          />
          <div>
            <Button variant="default" fullWidth onClick={() => ended.settle(false)}>
              Go on without signing in
            </Button>
            <Text size="xs" c="dimmed" mt={4}>
              What you have typed may be lost then.
            </Text>
          </div>
        </Stack>
      )}
    </Modal>
  )
}
