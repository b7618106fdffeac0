import { Group, PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core'
import { useYou } from '#portal/instance/instance.ts'
import { TextLink } from '#portal/kit/ButtonLink.tsx'
import { useCredential } from './credential.ts'

/** As whom to try: with the session of this page, with a token, or as nobody. */
export function CredentialFields() {
  const { credential, choose } = useCredential()
  const you = useYou()
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text size="sm" fw={500} id="as-whom">
          Ask as
        </Text>
        <SegmentedControl
          aria-labelledby="as-whom"
          size="sm"
          value={credential.by}
          onChange={(by) => choose({ ...credential, by: by as typeof credential.by })}
          data={[
            ...(you ? [{ value: 'session', label: you.account.display_name }] : []),
            { value: 'token', label: 'A token' },
            { value: 'nobody', label: 'Nobody' },
          ]}
        />
      </Group>
      {credential.by === 'token' && (
        <PasswordInput
          label="Token"
          description={
            <>
              Stays on this page and is forgotten with it. You have none? Make one under{' '}
              <TextLink to="/profile/token" inherit>
                My Profile
              </TextLink>
              .
            </>
          }
          value={credential.token}
          onChange={({ currentTarget }) => choose({ ...credential, token: currentTarget.value })}
          autoComplete="off"
          data-1p-ignore
          maw={520}
        />
      )}
    </Stack>
  )
}
