import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { ask } from '#portal/kit/ask.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { queryClient } from '#portal/kit/queries.ts'

/** User name and password; afterwards everything that was asked as a visitor is asked again. */
export function SignInForm({ onSignedIn }: { onSignedIn?: () => void }) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { user_name: '', password: '' } })
  const signIn = useMutation({
    mutationFn: (body: { user_name: string; password: string }) => ask('POST /v1/session', { body }),
    onSuccess: async () => {
      await queryClient.invalidateQueries()
      onSignedIn?.()
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
      <Stack gap="sm">
        {signIn.error && <ProblemAlert error={signIn.error} />}
        <TextInput
          label="User name"
          name="username"
          autoComplete="username"
          required
          key={form.key('user_name')}
          {...form.getInputProps('user_name')}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={signIn.isPending}>
          Sign In
        </Button>
      </Stack>
    </form>
  )
}
