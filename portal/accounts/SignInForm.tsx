import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'

interface SignInFormProps {
  /** Who is expected; may be changed. */
  readonly userName?: string | undefined
  /** What follows; the form shows that it is busy until then. */
  readonly onSignedIn: (account: Reply<'POST /v1/session'>['account']) => unknown
}

/** User name and password. The focus stands where one types next, after a refusal too. */
export function SignInForm({ userName, onSignedIn }: SignInFormProps) {
  const name = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  const signIn = useMutation({
    mutationFn: async (form: FormData) => {
      const body = { user_name: String(form.get('username')), password: String(form.get('password')) }
      await onSignedIn((await ask('POST /v1/session', { body })).account)
    },
    // It held the password.
    gcTime: 0,
    onError: () => password.current?.select(),
  })
  useEffect(() => {
    const field = (userName === undefined ? name : password).current
    // Dialogs see to it themselves, once they know where the focus was before.
    if (!field?.closest('[role="dialog"]')) field?.focus()
  }, [userName])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    signIn.mutate(new FormData(event.currentTarget))
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {signIn.error && <ProblemAlert error={signIn.error} />}
        <TextInput
          ref={name}
          label="User name"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={userName}
          data-autofocus={userName === undefined || undefined}
        />
        <PasswordInput
          ref={password}
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          data-autofocus={userName !== undefined || undefined}
        />
        <Button type="submit" loading={signIn.isPending} mt="xs">
          Sign In
        </Button>
      </Stack>
    </form>
  )
}
