import { Alert, Button, Paper, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useInstance } from '#portal/instance/instance.ts'
import { ask } from '#portal/kit/ask.ts'
import type { Reply } from '#portal/kit/contracts.ts'
import { ProblemAlert } from '#portal/kit/ProblemAlert.tsx'
import { fieldErrors } from '#portal/kit/problem.ts'
import { Time } from '#portal/kit/Time.tsx'
import { type NewPassword, NewPasswordFields, newPasswordChecks } from './NewPasswordFields.tsx'
import { SignInForm } from './SignInForm.tsx'
import { useArrive } from './use-arrive.ts'

interface SetPasswordFormProps {
  readonly secret: string
  readonly link: Reply<'POST /v1/password-links/current'>
}

/** The password twice; once it is set, signing in with it. */
export function SetPasswordForm({ secret, link }: SetPasswordFormProps) {
  const { password_minimum_length } = useInstance()
  const arrive = useArrive('/')
  const form = useForm<NewPassword>({
    mode: 'uncontrolled',
    initialValues: { new_password: '', repeated: '' },
    validate: newPasswordChecks(password_minimum_length),
  })
  const set = useMutation({
    mutationFn: ({ new_password }: NewPassword) =>
      ask('PUT /v1/password-links/current/password', { body: { secret, new_password } }),
    gcTime: 0,
    onError: (error) => form.setErrors(fieldErrors(error)),
  })
  if (set.isSuccess)
    return (
      <Paper withBorder p="lg" maw={460}>
        <Stack>
          <Alert role="status" color="teal" icon={<IconCheck aria-hidden />} title="Your password is set">
            Sign in with it, and you are there.
          </Alert>
          <SignInForm userName={link.user_name} onSignedIn={arrive} />
        </Stack>
      </Paper>
    )
  return (
    <Paper withBorder p="lg" maw={460}>
      <form onSubmit={form.onSubmit((values) => set.mutate(values))}>
        <Stack gap="sm">
          {set.error && Object.keys(form.errors).length === 0 && <ProblemAlert error={set.error} />}
          {/* So that password managers know whose password it is. */}
          <input type="text" name="username" autoComplete="username" value={link.user_name} readOnly hidden />
          <NewPasswordFields form={form} />
          <Button type="submit" loading={set.isPending} mt="xs">
            Set password
          </Button>
          <Text size="xs" c="dimmed">
            The link stops working <Time at={link.expires_at} />, or once it has been used.
          </Text>
        </Stack>
      </form>
    </Paper>
  )
}
