import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { signOut } from '#portal/accounts/sign-out.ts'
import type { You } from '#portal/instance/instance.ts'
import { notifyProblem } from '#portal/kit/notify.ts'
import { openSignIn } from './sign-in-dialog.ts'

/** Beside the portal's name: "Sign In" for visitors; who is signed in, and the way out, for everybody else. */
export function WhoIsHere({ you }: { you: You | null }) {
  const leave = useMutation({ mutationFn: signOut, onError: notifyProblem })
  if (!you)
    return (
      <Button size="compact-md" fz="sm" px="sm" onClick={openSignIn} style={{ flexShrink: 0 }}>
        Sign In
      </Button>
    )
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Text size="sm" truncate maw={220} visibleFrom="sm">
        Hello, {you.account.display_name}
      </Text>
      <Button
        size="compact-md"
        fz="sm"
        px={{ base: 4, sm: 'xs' }}
        variant="subtle"
        onClick={() => leave.mutate()}
        loading={leave.isPending}
        style={{ flexShrink: 0 }}
      >
        Sign Out
      </Button>
    </Group>
  )
}
